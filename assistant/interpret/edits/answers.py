"""A question answered in words: 第二个, "the second one", 累计, 宁波的那个, 都要. Law: words that fit just one option pick it; words that fit none or several pick nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element
from assistant.errors import UserError
from assistant.interpret.conditions.sizes import percent
from assistant.interpret.edits.pointing import subjects
from assistant.interpret.interpretation import ALL_OPTIONS, PendingQuestion, Reading
from assistant.language.phrases import phrases, phrases_of
from assistant.language.text import normalise
from assistant.rule.diff import diff
from assistant.rule.tree import SegmentRule

_LATIN = re.compile(r"[a-z0-9]+")
_SEPARATORS = " \t\n,.;:!?、~"


def typed_answer(text: str, question: PendingQuestion, by_words: bool = True) -> int | None:
    """Which reading of a question a typed turn picks, None when it is no answer to it. `by_words`: an option's own words may name it, besides its number.
    UserError `choice_unknown` for a number beyond the options, `choose_one` for all of them where they cannot be taken together."""
    said = normalise(text).text.strip(_SEPARATORS)
    stages = _stages(said)
    for words in stages:
        for kind in _choices().get(words, ()):
            if kind == "all":
                if question.together is None:
                    if by_words:
                        raise UserError("choose_one")
                    return None
                return question.together
            if kind == "yes":
                if question.yes is None:
                    continue
                return question.yes
            place = len(question.options) if kind == "last" else int(kind)
            if place > len(question.options):
                raise UserError("choice_unknown", number=place, options=len(question.options))
            return question.options[place - 1]
    if not by_words:
        return None
    core = stages[-1]
    fitting = [option for option, names in zip(question.options, question.names, strict=True) if any(_names(core, name) for name in names)]
    return fitting[0] if len(fitting) == 1 else None


def option_names(readings: Sequence[Reading], before: SegmentRule | None, catalog: TagCatalog) -> tuple[tuple[str, ...], ...]:
    """What each option may be called: its label, or the share a number takes (前10%); else the names of what it, and no other option, changes in the rule."""
    changed = [_changed(reading, before) for reading in readings]
    found: list[tuple[str, ...]] = []
    for number, reading in enumerate(readings):
        if reading.label is not None:
            found.append((reading.label.zh, reading.label.en))
            continue
        if reading.cut is not None:
            share, top = percent(reading.cut), reading.cut.size == "large"
            found.append((f"{'前' if top else '最低'}{share}%", f"{'top' if top else 'bottom'} {share}%"))
            continue
        others = frozenset().union(*(codes for place, codes in enumerate(changed) if place != number and readings[place].label is None))
        elements = [_element(code, catalog) for code in sorted(changed[number] - others)]
        found.append(tuple(name for one in elements if one is not None for name in (one.name.zh, one.name.en, *one.aliases.all())))
    return tuple(found)


def together(readings: Sequence[Reading]) -> int | None:
    """The option that takes all others together, where there is one."""
    return next((number for number, reading in enumerate(readings) if reading.label == ALL_OPTIONS), None)


def _changed(reading: Reading, before: SegmentRule | None) -> frozenset[str]:
    if before is None:
        return frozenset()
    return frozenset().union(
        *(subjects(node) for one in diff(before.node, reading.rule.node) for node in (one.old, one.new) if node is not None)
    )


def _element(code: str, catalog: TagCatalog) -> Element | None:
    for room in (catalog.tags, catalog.records, catalog.concepts):
        if code in room:
            return room[code]
    return None


@lru_cache(maxsize=1)
def _choices() -> dict[str, tuple[str, ...]]:
    """Words -> the kinds of choice they make: "1", "2", …, "last", "all", "yes"."""
    found: dict[str, tuple[str, ...]] = {}
    for _, kind, words in phrases():
        if kind.startswith("choose.") and kind != "choose.filler":
            key = normalise(words).text
            found[key] = (*found.get(key, ()), kind.removeprefix("choose."))
    return found


@lru_cache(maxsize=1)
def _fillers() -> tuple[str, ...]:
    words = {normalise(words).text for words in phrases_of("choose.filler")}
    return tuple(sorted(words, key=len, reverse=True))


def _stages(said: str) -> list[str]:
    """The words, and what is left as one small word after another around them is taken away: 就选第二个吧, 选第二个吧, 第二个吧, 第二个."""
    stages = [said]
    while True:
        shorter = (_without(stages[-1], filler, front) for filler in _fillers() for front in (True, False))
        following = next((words for words in shorter if words), None)
        if following is None:
            return stages
        stages.append(following)


def _without(said: str, filler: str, front: bool) -> str | None:
    if not (said.startswith(filler) if front else said.endswith(filler)) or said == filler:
        return None
    rest = said[len(filler) :] if front else said[: -len(filler)]
    edge = rest[0] if front else rest[-1]
    if filler.isascii() and filler[-1 if front else 0].isalnum() and edge.isascii() and edge.isalnum():
        return None
    return rest.strip(_SEPARATORS)


def _names(said: str, name: str) -> bool:
    """Whether words name an option: a part of its name in Chinese, some of its words in English."""
    folded = normalise(name).text
    latin = _LATIN.findall(said)
    if latin and "".join(latin) == re.sub(r"[\s'-]", "", said):
        words = [word for word in latin if word not in _fillers() and word != "s"]
        return bool(words) and set(words) <= set(_LATIN.findall(folded))
    return len(said) > 1 and said in folded
