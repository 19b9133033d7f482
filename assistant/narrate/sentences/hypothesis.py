"""A guess that was tested, in words. Law: the verdict is said first, with both shares and the interval; a difference is never called a cause."""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.model import Language
from assistant.insight.hypothesis import Hypothesis
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.render import plain, rounded
from assistant.narrate.sentences.eligible import eligible_others
from assistant.narrate.writer import Writer


def sentences(found: Hypothesis, writer: Writer) -> list[str]:
    """The verdict, with what was claimed of all or most of them first; how many are not so. Nothing but the verdict where shares may not be shown."""
    guess = guess_name(found, writer)
    if (found.verdict == "too_few" and "part" not in found.claims) or writer.hidden("hypothesis.share"):
        key = "guess_too_few" if found.verdict == "too_few" and "part" not in found.claims else "guess_hidden"
        return [writer.say(key, verdict=writer.name("verdict", compared_words(found, writer.language)), guess=guess)]
    if "part" in found.claims:
        return [_part(found, guess, writer)]
    ids = {name: f"hypothesis.{name}" for name in ("share", "rest_share", "difference")}
    verdict = writer.name("verdict", verdict_words(found, writer.language))
    baseline = found.baseline
    others = ""
    if baseline.kind == "eligible":
        key, sizes = ("guess_against_some", {}) if found.partly else ("guess_against", {"n": "hypothesis.rest_known"})
        others = writer.say(key, others=eligible_others(baseline, writer), **sizes)
    said = [
        writer.together(writer.say("guess", verdict=verdict, guess=guess, interval=_interval(writer), **ids), others, _known(found, writer))
    ]
    if 0 < found.n < found.known and (found.holds or "everyone" in found.claims):
        key = "guess_others_because" if "because" in found.claims else "guess_others"
        said.append(writer.say(key, others="hypothesis.others", share="hypothesis.others_share"))
    return said


def _part(found: Hypothesis, guess: str, writer: Writer) -> str:
    """How many of them are so, what part that is, and what part of the others."""
    ids = {name: f"hypothesis.{name}" for name in ("n", "share")}
    if not found.rest_known:
        return writer.say("part_of_all", guess=guess, **ids)
    return writer.together(writer.say("part", guess=guess, rest_share="hypothesis.rest_share", **ids), _known(found, writer))


def _known(found: Hypothesis, writer: Writer) -> str:
    """Among how many it was counted, where that is not everybody."""
    return "" if found.partly is None else writer.say(f"guess_known_{found.partly}", known="hypothesis.known", rest="hypothesis.rest_known")


def verdict_words(found: Hypothesis, language: Language) -> str:
    """What became of a guess: whether all or most of them are so, where that was claimed, then how they compare with the others."""
    extent = _extent(found)
    if extent is None or found.verdict == "too_few":
        return compared_words(found, language)
    compared = message(language, f"verdict.compared_{found.verdict}")
    return message(language, "verdict.both", {"extent": message(language, f"verdict.{extent}"), "compared": compared})


def compared_words(found: Hypothesis, language: Language) -> str:
    """How the segment compares with the others. What most of them are is not called wrong, nor what few of them are right, without saying so; nothing is called a reason."""
    verdict: str = found.verdict
    if "part" in found.claims:
        return message(language, "verdict.part")
    if verdict in ("too_few", "by_definition", "bounded"):
        return message(language, f"verdict.{verdict}")
    if "because" in found.claims:
        return message(language, f"verdict.because_{verdict}")
    if found.holds != found.mostly:
        verdict += "_few" if found.holds else "_most"
    return message(language, f"verdict.{verdict}")


def _extent(found: Hypothesis) -> str | None:
    """Whether what was claimed of all, or of most of them, is so."""
    if "everyone" in found.claims:
        return "all_yes" if found.n == found.known else "all_no" if found.n else "all_none"
    if "most" in found.claims:
        return "most_yes" if 2 * found.n > found.known else "most_no"
    return None


def _interval(writer: Writer) -> str:
    """Both ends of the difference, with the unit once."""
    ends = {end: writer.sheet[f"hypothesis.{end}"].value for end in ("low", "high")}
    words = {end: plain(rounded(value * 100, 1)) for end, value in ends.items() if isinstance(value, Decimal)}
    return writer.name("guess.interval", message(writer.language, "narrative.word_interval", words))


def guess_name(found: Hypothesis, writer: Writer) -> str:
    """The id under which the condition guessed stands on the sheet."""
    return writer.name("guess", condition_phrase(found.guess, writer.rule.catalog, writer.language))


def caution(found: Hypothesis, writer: Writer) -> list[str]:
    """What speaks against the verdict: that it goes the other way, or is gone, within strata; few customers; else that what goes together is no cause, unless the verdict says so."""
    if "part" in found.claims:
        return [writer.say("caution_small")] if found.small else []
    if found.baseline.beyond and found.verdict not in ("too_few", "by_definition", "bounded"):
        return [writer.say("caution_not_eligible", others=writer.word("others_rest"))]
    for key, tags in (("guess_reversed", found.reversed_in), ("guess_explained", found.explained_by)):
        if tags and (found.holds or found.verdict == "opposite"):
            return [writer.say(key, tags=writer.tags(tags))]
    if found.small and found.verdict != "too_few":
        return [writer.say("caution_small")]
    return [writer.say("guess_no_cause")] if found.holds and "because" not in found.claims else []
