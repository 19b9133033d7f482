"""A guess that was tested, in words. Law: the verdict is said first, with both shares and the interval; a difference is never called a cause."""

from __future__ import annotations

from decimal import Decimal

from assistant.insight.hypothesis import Hypothesis
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.render import plain, rounded
from assistant.narrate.writer import Writer


def sentences(found: Hypothesis, writer: Writer) -> list[str]:
    """The verdict; what is then left to explain. Nothing but the verdict where shares may not be shown."""
    verdict = writer.word(f"guess_{found.verdict}")
    guess = guess_name(found, writer)
    if found.verdict == "too_few" or writer.hidden("hypothesis.share"):
        return [writer.say("guess_too_few", verdict=writer.word("guess_too_few"), guess=guess)]
    ids = {name: f"hypothesis.{name}" for name in ("share", "rest_share", "difference")}
    said = [writer.say("guess", verdict=verdict, guess=guess, interval=_interval(writer), **ids)]
    if found.n < found.known and (found.everyone or found.holds):
        key = "guess_not_everyone" if found.everyone else "guess_others"
        said.append(writer.say(key, others="hypothesis.others", share="hypothesis.others_share"))
    return said


def _interval(writer: Writer) -> str:
    """Both ends of the difference, with the unit once."""
    ends = {end: writer.sheet[f"hypothesis.{end}"].value for end in ("low", "high")}
    words = {end: plain(rounded(value * 100, 1)) for end, value in ends.items() if isinstance(value, Decimal)}
    return writer.name("guess.interval", message(writer.language, "narrative.word_interval", words))


def guess_name(found: Hypothesis, writer: Writer) -> str:
    """The id under which the condition guessed stands on the sheet."""
    return writer.name("guess", condition_phrase(found.guess, writer.rule.catalog, writer.language))


def caution(found: Hypothesis, writer: Writer) -> list[str]:
    """What speaks against the verdict: that it goes the other way, or is gone, within strata; few customers; else that what goes together is no cause."""
    for key, tags in (("guess_reversed", found.reversed_in), ("guess_explained", found.explained_by)):
        if tags and (found.holds or found.verdict == "opposite"):
            return [writer.say(key, tags=writer.tags(tags))]
    if found.small and found.verdict != "too_few":
        return [writer.say("caution_small")]
    return [writer.say("guess_no_cause")] if found.holds else []
