"""套用理财潜客,门槛3万,上海, strategies that raise first purchases, 策略覆盖矩阵: what is asked of strategy templates. Law: a template is taken by its name alone; a number is set only
where its own word, or one that can mean no other parameter, stands right before it; whatever else is said is read as any request is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.strategy import Strategy, StrategyParameter
from assistant.catalog.strategy_search import LEAST_SERVED, strategies_of
from assistant.interpret.interpretation import Context
from assistant.language.comparisons import Comparison, read_comparisons
from assistant.language.phrases import phrases_of
from assistant.language.text import Normalised, is_cjk, normalise
from assistant.store.segment import name_key

Asked = Literal["list", "coverage"]
_BLANK = " \t\n"
_STOPS = ",;:。.!?、\n"
_OPENING, _CLOSING = "\"'「『《【<[", "\"'」』》】>]"
_LONGEST_NAME = 80
_LEAST_UNSPOKEN = 0.6
"""Part of a goal that a template must serve where nobody spoke of templates."""
_CURRENCIES = ("CNY", "USD")
_STRICT: Mapping[str, bool] = {">": True, "<": True, ">=": False, "<=": False}
_WHOLE = ("times", "count", "days", "months", "years", "score", "points")
"""Units of which there are only whole numbers: 5 or more is more than 4."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A number said for a parameter: `name` of the parameter, or None for a word that may mean any (门槛). [first, last) of the folded text."""

    name: str | None
    said: Comparison
    first: int
    last: int

    @property
    def value(self) -> Decimal:
        assert self.said.value is not None, "only plain numbers are set"
        return self.said.value


@dataclass(frozen=True, slots=True)
class Applying:
    """A template to apply: by its name, or `words` that name none. [0, `last`) of the folded text says so; what stands behind it is read by itself."""

    strategy: Strategy | None
    words: str
    last: int


@dataclass(frozen=True, slots=True)
class Seeking:
    """Templates sought for a goal: its words, whether templates were spoken of at all, and those that serve it, best first."""

    words: str
    spoken: bool
    found: tuple[Strategy, ...]


def read_listing(text: Normalised) -> Asked | None:
    """Whether all the templates are asked for, or how they cover the lines and stages; None where neither is."""
    whole = _bare(text.text)
    if whole in _words("strategy.coverage"):
        return "coverage"
    return "list" if whole in _words("strategy.list") else None


def read_applying(text: Normalised, context: Context) -> Applying | None:
    """The template that a turn applies. To apply one (应用, apply) takes its name alone, to use one (使用, use) the word template or quotes as well; a name nobody has is told as it was
    said, unless a saved segment has it."""
    folded = text.text
    place = _after(folded, 0, "strategy.please")
    for kind in ("strategy.apply", "strategy.apply_named", "strategy.use"):
        for verb in _longest(kind):
            if folded.startswith(verb, place) and not _joined(folded, place + len(verb)):
                found = _object(folded, place + len(verb), kind, context.catalog)
                if found is not None and (found.strategy is not None or not context.library.named(found.words)):
                    return found
    return None


def _object(folded: str, place: int, kind: str, catalog: TagCatalog) -> Applying | None:
    """What stands behind a verb of applying: a template's name, with or without the word template around it, as the kind of verb asks for."""
    strong = kind == "strategy.apply"
    start = _after(folded, place, "strategy.noun", "strategy.filler")
    named = start > place and any(word in folded[place:start] for word in _words("strategy.noun"))
    quoted = folded[start : start + 1] in _OPENING and start < len(folded)
    closing = _CLOSING[_OPENING.index(folded[start])] if quoted else ""
    start += quoted
    search = strategies_of(catalog)
    stop = next((at for at in range(start, len(folded)) if folded[at] in _STOPS or (quoted and folded[at] == closing)), len(folded))
    for last in range(min(stop, start + _LONGEST_NAME), start, -1):
        strategy = None if _joined(folded, last) or folded[last - 1] in _BLANK else search.named(folded[start:last])
        if strategy is not None:
            end = last + (quoted and folded[last : last + 1] == closing)
            behind = _after(folded, end, "strategy.noun")
            alone = kind == "strategy.apply_named" and not _bare(folded[end:stop])
            if strong or named or quoted or behind > end or alone:
                return Applying(strategy, folded[start:last], behind)
    words = _without_nouns(folded[start:stop])
    if not words or not (strong or named):
        return None
    return Applying(None, words, stop + (quoted and stop < len(folded)))


def read_settings(text: Normalised, start: int, strategy: Strategy, catalog: TagCatalog) -> tuple[Setting, ...]:
    """The numbers that are said for a template's parameters from a place on. A comparison that goes the other way than the parameter's own is a condition, not a number for it."""
    folded = text.text
    named = sorted(
        (
            (normalise(word).text, name)
            for name, one in strategy.parameters.items()
            for word in (one.name.zh, one.name.en, *one.words.all())
        ),
        key=lambda item: (-len(item[0]), item),
    )
    found = []
    for said in read_comparisons(_without_names(folded, [word for word, _ in named])):
        if said.start < start or said.value is None or said.doubt is not None or said.approximate:
            continue
        ends = (_before(folded, said.start, "strategy.set"), len(folded[: said.start].rstrip(" :=")))
        for word, name in (*named, *((word, None) for word in _longest("strategy.threshold"))):
            end = next((one for one in ends if folded[:one].endswith(word)), None)
            if end is None:
                continue
            first = end - len(word)
            if first < start or _joined(folded, end) or _joined(folded, first):
                continue
            head = _before(folded, first, "strategy.filler")
            apart = head <= start or folded[head - 1] in _STOPS or any(character in _BLANK for character in folded[head:first])
            if not apart:
                continue
            if name is None or _goes_with(said, strategy, name, catalog):
                found.append(Setting(name, said, max(head, start), said.end))
            break
    return tuple(found)


def _without_names(folded: str, names: Sequence[str]) -> str:
    """The text with stops for those names that hold numbers or end in words of comparison (月薪下限; logins, at least): those belong to the name, not to the number behind it."""
    for word in names:
        if _compares(word) and word in folded:
            folded = folded.replace(word, ";" * len(word))
    return folded


@lru_cache(maxsize=1024)
def _compares(name: str) -> bool:
    """Whether a number is read in a name, or one behind it together with its end."""
    return any(said.start < len(name) for said in read_comparisons(f"{name} 7"))


def operators(strategy: Strategy, name: str, catalog: TagCatalog) -> frozenset[str]:
    """The operators with which a template's rule compares a parameter, those of the concepts it hands it on to included."""
    return frozenset(_operators(strategy.rule, f"${name}", catalog))


def _goes_with(said: Comparison, strategy: Strategy, name: str, catalog: TagCatalog) -> bool:
    """Whether a comparison says no more than the number: none at all, equality, or the direction in which the template compares the parameter anyway."""
    if said.operator in (None, "="):
        return True
    return said.operator in _STRICT and said.operator[0] in {operator[0] for operator in operators(strategy, name, catalog)}


def _operators(short: object, parameter: str, catalog: TagCatalog) -> Iterator[str]:
    if isinstance(short, Mapping):
        if short.get("value") == parameter:
            yield str(short.get("operator", "="))
        span = short.get("range")
        if isinstance(span, str) and parameter in span:
            yield ">=" if span.index(parameter) < span.index(",") else "<="
        elif isinstance(span, Sequence) and not isinstance(span, str) and parameter in span:
            yield ">=" if span[0] == parameter else "<="
        handed = short.get("parameters")
        concept = catalog.concepts.get(str(short.get("concept")))
        if concept is not None and isinstance(handed, Mapping):
            for inner, value in handed.items():
                if value == parameter:
                    yield from _operators(concept.rule, f"${inner}", catalog)
        for item in short.values():
            yield from _operators(item, parameter, catalog)
    elif isinstance(short, list | tuple):
        for item in short:
            yield from _operators(item, parameter, catalog)


def fitting(setting: Setting, strategy: Strategy) -> tuple[str, ...]:
    """The parameters a number may be meant for: the one named; else those whose unit it has, and of several those that take it. Empty where the unit fits none."""
    if setting.name is not None:
        return (setting.name,) if in_unit(setting.said, strategy.parameters[setting.name]) is not None else ()
    usable = {name: value for name, one in strategy.parameters.items() if (value := in_unit(setting.said, one)) is not None}
    taking = tuple(name for name, value in usable.items() if strategy.parameters[name].takes(value))
    return taking or tuple(usable)


def number_for(setting: Setting, name: str, strategy: Strategy, catalog: TagCatalog) -> Decimal | None:
    """The number that makes a template's own comparison say what was said: of whole things "5 or more" is over 4 where the template says over. None where the unit
    does not fit."""
    parameter = strategy.parameters[name]
    value = in_unit(setting.said, parameter)
    if value is None or parameter.unit not in _WHOLE or not strictness_differs(setting, name, strategy, catalog):
        return value
    said = str(setting.said.operator)
    return value + 1 if said.startswith(">") == _STRICT[said] else value - 1


def strictness_differs(setting: Setting, name: str, strategy: Strategy, catalog: TagCatalog) -> bool:
    """Whether "3万以上" was said where the template compares with over, or the other way round."""
    own = {_STRICT[operator] for operator in operators(strategy, name, catalog) if operator in _STRICT}
    said = str(setting.said.operator)
    return said in _STRICT and own == {not _STRICT[said]}


def in_unit(said: Comparison, parameter: StrategyParameter) -> Decimal | None:
    """A number said, in the unit of a parameter; None where it has another one. A sum of money or a number with 万 never sets days or times."""
    value = said.value
    if value is None:
        return None
    if said.unit is None:
        return value if not said.scale_said or parameter.unit in _CURRENCIES else None
    if said.unit in _CURRENCIES or parameter.unit in _CURRENCIES:
        return value if said.unit == parameter.unit else None
    if parameter.unit == "none":
        return value / 100 if said.unit == "percent" else None
    if said.unit == "weeks" and parameter.unit == "days":
        return 7 * value
    counted = ("times", "count", "score", "points")
    return value if said.unit == parameter.unit or (said.unit in counted and parameter.unit in counted) else None


def read_seeking(text: Normalised, context: Context) -> Seeking | None:
    """The goal for which templates are sought: said with the word strategy or template, or beginning with a verb of improving (提升, raise). None for any other request, and where a
    saved segment is named: its name may hold such words."""
    folded, catalog = text.text, context.catalog
    if any(name_key(one.name) in "".join(folded.split()) for one in context.library.active):
        return None
    spoken = any(_has(folded, word) for word in _words("strategy.noun"))
    words = _bare(_without_nouns(folded))
    changed = True
    while changed:
        changed = False
        for kind in ("strategy.ask", "strategy.please"):
            for word in _longest(kind):
                if words.startswith(word) and not _joined(words, len(word)) and len(word) < len(words):
                    words, changed = _bare(words[len(word) :]), True
                elif words.endswith(word) and not _joined(words, len(words) - len(word)) and len(word) < len(words):
                    words, changed = _bare(words[: -len(word)]), True
    if not words or not (spoken or any(words.startswith(word) and not _joined(words, len(word)) for word in _words("strategy.improve"))):
        return None
    return Seeking(words, spoken, strategies_of(catalog).for_goal(words, LEAST_SERVED if spoken else _LEAST_UNSPOKEN))


def _without_nouns(text: str) -> str:
    for word in _longest("strategy.noun"):
        place = text.find(word)
        while place >= 0:
            if not _joined(text, place) and not _joined(text, place + len(word)):
                text = text[:place] + " " + text[place + len(word) :]
            place = text.find(word, place + 1)
    return _bare(text)


def _has(text: str, word: str) -> bool:
    place = text.find(word)
    while place >= 0:
        if not _joined(text, place) and not _joined(text, place + len(word)):
            return True
        place = text.find(word, place + 1)
    return False


def _after(text: str, place: int, *kinds: str) -> int:
    """The place behind blanks and any words of the kinds."""
    moved = True
    while moved:
        moved = False
        while place < len(text) and text[place] in _BLANK:
            place += 1
        for word in (word for kind in kinds for word in _longest(kind)):
            if text.startswith(word, place) and not _joined(text, place + len(word)):
                place, moved = place + len(word), True
                break
    return place


def _before(text: str, place: int, kind: str) -> int:
    """The place before blanks and any words of a kind that end there."""
    moved = True
    while moved:
        moved = False
        while place > 0 and text[place - 1] in _BLANK:
            place -= 1
        for word in _longest(kind):
            if text.endswith(word, 0, place) and not _joined(text, place - len(word)):
                place, moved = place - len(word), True
                break
    return place


def _bare(text: str) -> str:
    return text.strip(_BLANK + _STOPS + _OPENING + _CLOSING + "~")


def _joined(text: str, place: int) -> bool:
    """Whether a Latin word goes on across a place."""
    return 0 < place < len(text) and all(one.isalnum() and not is_cjk(one) for one in (text[place - 1], text[place]))


@lru_cache(maxsize=32)
def _words(kind: str) -> frozenset[str]:
    return frozenset(normalise(words).text for words in phrases_of(kind))


@lru_cache(maxsize=32)
def _longest(kind: str) -> tuple[str, ...]:
    return tuple(sorted(_words(kind), key=lambda words: (-len(words), words)))
