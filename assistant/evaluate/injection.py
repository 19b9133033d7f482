"""Proof that nothing is dropped: a clause nobody can map, put anywhere into a good request, is surfaced with its words. Law: the clause must be quoted, not only felt.

Half of the clauses are of things outside the catalog (eval/injection.yaml), half are catalog words in pairs that cannot be: a sum that is a city,
a gender above 50,000. The requests without the clause are the twins, eval cases that are read right and other wordings of them: they should not
be asked about.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import ValidationError

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Language, Tag
from assistant.errors import UserError
from assistant.evaluate.cases import Theme
from assistant.evaluate.rewording import Transformation
from assistant.evaluate.variants import asks, read_right, reworded
from assistant.interpret.interpretation import Context, Interpreter
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.rule.window import Frozen

Outcome = Literal["surfaced", "unquoted", "silent"]
Kind = Literal["outside", "pair"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Walked = Callable[[str], tuple[bool, tuple[tuple[int, int], ...]]]
"""What the whole walk makes of a text: whether it is answered, and the stretches it quotes in issues and questions."""

_MOST = 1_000_000
_WORDS: tuple[Transformation, ...] = ("synonym", "comparison", "number", "time", "mixed")
"""Transformations that leave the sentence as it is built."""
_ASKING_ZH = re.compile(r"^(?:麻烦|请|帮|看看|查|找|我|想|筛|圈|拉|统计|按|列|挑|把|给)")
_TAIL_ZH = re.compile(r"(?:的)?(?:客户|客群|人群|用户|人)?(?:有多少(?:人|户|客户)?)?[。？?]?$")
_SEPARATOR_ZH = re.compile(r"[，,、]|并且|且|以及|和|或者|或")
_HAVE_ZH = re.compile(r"(?:持有|没有|有)(?=[^多过哪什])")
_CUSTOMERS_EN = re.compile(r"\b(?:customers|clients)\b")
_SEPARATOR_EN = re.compile(r", (?:and )?| and | or ")
_WITH_EN = re.compile(r"\b(?:with|holding|without) (?!\()")
_NUMBER_LABEL = re.compile(r"[\d万一二三四五六七八九十]|thousand|million")


class _Outside(Frozen):
    """eval/injection.yaml."""

    clauses: Mapping[str, Mapping[Language, tuple[str, ...]]]
    things: Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that cannot be mapped. `thing`: a noun that one has, else a predicate (Chinese: stands before 的; English: with its who, whose or with)."""

    words: str
    kind: Kind
    language: Language
    thing: bool = False


@dataclass(frozen=True, slots=True)
class Injected:
    """A request with a clause in it, at [start, end) of the text, and what became of it."""

    twin: str
    text: str
    clause: Clause
    place: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class InjectionReport:
    """All injected requests, and the twins that were asked about."""

    injected: tuple[Injected, ...]
    twins: int
    twins_asked: tuple[str, ...]

    def count(self, outcome: Outcome, kind: Kind | None = None, place: str | None = None) -> int:
        return sum(
            one.outcome == outcome and (kind is None or one.clause.kind == kind) and (place is None or one.place == place)
            for one in self.injected
        )

    def figures(self) -> dict[str, int | float]:
        """The run in numbers."""
        return {
            "injected": len(self.injected), "surfaced": self.count("surfaced"), "unquoted": self.count("unquoted"), "silent": self.count("silent"),
            "outside": sum(one.clause.kind == "outside" for one in self.injected), "pairs": sum(one.clause.kind == "pair" for one in self.injected),
            "twins": self.twins, "twins_asked": len(self.twins_asked),
        }  # fmt: skip


def load_outside(path: Path) -> tuple[Clause, ...]:
    """The clauses outside the catalog. UserError `case_file`."""
    try:
        found = _Outside.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (ValidationError, yaml.YAMLError, OSError) as error:
        raise UserError("case_file", file=path.name, fault=str(error)) from error
    clauses: list[Clause] = []
    for language in LANGUAGES:
        for theme in found.clauses.values():
            clauses += [Clause(words if language == "zh" else f"who {words}", "outside", language) for words in theme[language]]
        clauses += [Clause(words, "outside", language, thing=True) for words in found.things[language]]
    return tuple(clauses)


def run_injection(
    themes: Sequence[Theme], outside: Sequence[Clause], interpreter: Interpreter, context: Context, walked: Walked, count: int, seed: int
) -> InjectionReport:
    """`count` injected requests, half with clauses from outside and half with impossible pairs; the same seed gives the same requests.

    The twins are the cases that are read right, then other wordings of them.
    """
    chance = random.Random(seed)
    clauses: dict[tuple[Kind, Language], list[Clause]] = {}
    for one in (*outside, *impossible_pairs(context.catalog)):
        clauses.setdefault((one.kind, one.language), []).append(one)
    found: list[Injected] = []
    seen: set[str] = set()
    asked: list[str] = []
    bases = tuple(read_right(themes, interpreter, context))
    twins = ((base.text, base.language) for base in bases)
    others = ((text, base.language) for base, text, _ in reworded(bases, _MOST, chance, _WORDS))
    tried = 0
    for text, language in chain(twins, others):
        if len(found) == count:
            break
        tried += 1
        if asks(interpreter.interpret(text, context)) and not walked(text)[0]:
            asked.append(text)
            continue
        clause = chance.choice(clauses["pair" if len(found) % 2 else "outside", language])
        places = [one for one in _places(text, clause) if one.whole not in seen]
        if places:
            name = chance.choice(list(dict.fromkeys(one.name for one in places)))
            place = chance.choice([one for one in places if one.name == name])
            seen.add(place.whole)
            found.append(Injected(text, place.whole, clause, name, _outcome(place.whole, place.span, interpreter, context, walked)))
    return InjectionReport(tuple(found), tried, tuple(asked))


def _outcome(text: str, span: tuple[int, int], interpreter: Interpreter, context: Context, walked: Walked) -> Outcome:
    read = interpreter.interpret(text, context)
    if _overlaps(span, [issue.quote for issue in read.issues if issue.quote is not None]):
        return "surfaced"
    answered, quotes = walked(text)
    if answered:
        return "silent"
    return "surfaced" if _overlaps(span, quotes) else "unquoted"


def _overlaps(span: tuple[int, int], quotes: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in quotes)


@dataclass(frozen=True, slots=True)
class _Place:
    """A clause in a text: what stands before it, the clause, what stands behind it."""

    name: str
    before: str
    words: str
    behind: str

    @property
    def whole(self) -> str:
        return self.before + self.words + self.behind

    @property
    def span(self) -> tuple[int, int]:
        return len(self.before), len(self.before) + len(self.words)


# --- where a clause may stand -------------------------------------------------------------------------------------------------------------------


def _places(text: str, clause: Clause) -> Iterator[_Place]:
    """Everywhere people would put a clause."""
    if clause.language == "zh":
        yield from _thing_zh(text, clause.words) if clause.thing else _clause_zh(text, clause.words)
    else:
        yield from _thing_en(text, clause.words) if clause.thing else _clause_en(text, clause.words)


def _clause_zh(text: str, words: str) -> Iterator[_Place]:
    if not _ASKING_ZH.match(text):
        yield _Place("start", "", words, f"的{text}")
        yield _Place("start", "", words, f"，{text}")
        yield _Place("start", "", words, f"且{text}")
    for match in _SEPARATOR_ZH.finditer(text):
        if match.group() in "，,、且并且":
            yield _Place("between", text[: match.end()], words, match.group() + text[match.end() :])
    tail = _TAIL_ZH.search(text)
    end = tail.start() if tail is not None else len(text)
    if "按" not in text:
        for join in ("且", "，", "、", "并且", "，同时"):
            yield _Place("end", text[:end] + join, words, text[end:] or "的客户")
    yield _Place("end", text.rstrip("。？?") + "，并且", words, "")
    yield _Place("end", text.rstrip("。？?") + "，", words, "的")


def _thing_zh(text: str, words: str) -> Iterator[_Place]:
    for match in _HAVE_ZH.finditer(text):
        yield _Place("list", text[: match.end()], words, "、" + text[match.end() :])
        yield _Place("list", text[: match.end()], words, "和" + text[match.end() :])
    tail = _TAIL_ZH.search(text)
    end = tail.start() if tail is not None else len(text)
    if "有" in text and "按" not in text:
        for join in ("、", "和", "或", "以及"):
            yield _Place("list", text[:end] + join, words, text[end:])
    yield _Place("end", text.rstrip("。？?") + "，有", words, "的")
    if not _ASKING_ZH.match(text):
        yield _Place("start", "有", words, f"的{text}")
        yield _Place("start", "没有", words, f"的{text}")


def _clause_en(text: str, words: str) -> Iterator[_Place]:
    stem = text.rstrip(".?!")
    bare = words.removeprefix("who ")
    head = _CUSTOMERS_EN.search(text)
    if head is not None:
        rest = text[head.end() :]
        yield _Place("start", text[: head.end()] + " ", words, rest)
        if rest.startswith(" who "):
            yield _Place(
                "start",
                text[: head.end()] + (" who " if bare != words else " "),
                bare,
                (" and " if bare != words else " and who ") + rest[5:],
            )
        if rest.startswith(" with "):
            yield _Place("start", text[: head.end()] + " ", words, " and" + rest)
    for match in _SEPARATOR_EN.finditer(text):
        if match.group() != " or ":
            yield _Place("between", text[: match.end()], words, match.group() + text[match.end() :])
    for join in (" ", " and ", ", ", ", and "):
        yield _Place("end", stem + join, words, "")
    if " who " in text and bare != words:
        yield _Place("end", stem + " and ", bare, "")


def _thing_en(text: str, words: str) -> Iterator[_Place]:
    stem = text.rstrip(".?!")
    for match in _WITH_EN.finditer(text):
        yield _Place("list", text[: match.end()], words, " and " + text[match.end() :])
        yield _Place("list", text[: match.end()], words, ", " + text[match.end() :])
    if _WITH_EN.search(text):
        yield _Place("list", stem + " and ", words, "")
        yield _Place("list", stem + " or ", words, "")
    yield _Place("end", stem + " with ", words, "")
    head = _CUSTOMERS_EN.search(text)
    if head is not None:
        yield _Place("start", text[: head.end()] + " who have ", words, text[head.end() :])


# --- catalog words that do not go together -----------------------------------------------------------------------------------------------------------


def impossible_pairs(catalog: TagCatalog) -> Iterator[Clause]:
    """Tags with numbers or values that their type cannot have, in both languages, by the type mismatches below."""
    numbers = [tag for tag in _askable(catalog) if tag.numeric]
    sums = [tag for tag in numbers if tag.unit == "CNY"]
    ages = [tag for tag in numbers if tag.unit == "years"]
    plain = [tag for tag in _askable(catalog) if tag.type == "enum" and not _numbered(tag, catalog)]
    dates = [tag for tag in _askable(catalog) if tag.type == "date"]
    for tag in (*plain, *dates):
        yield from _compared(tag, ("大于5万", "超过20万元", "不足1万"), ("over 50k", "of at least 200,000 yuan"), catalog)
    for tag in sums:
        yield from _compared(tag, ("大于3次", "超过30岁"), ("over 30 years old", "of more than 3 times"), catalog)
    for tag in ages:
        yield from _compared(tag, ("大于5万元", "超过3次"), ("over 50,000 yuan", "of more than 3 times"), catalog)
    for tag in (*sums, *ages, *plain):
        for valued in plain:
            if valued.code == tag.code or tag.values_from == valued.values_from == "organisation":
                continue
            for value in catalog.values(valued)[:3]:
                if not _means_itself(value.label.zh, "value", valued.code, catalog) or catalog.value(tag, value.code) is not None:
                    continue
                for name in _names(tag, "zh", catalog):
                    yield Clause(f"{name}是{value.label.zh}", "pair", "zh")
                for name in _names(tag, "en", catalog):
                    yield Clause(f"whose {name} is {value.label.en}", "pair", "en")


def _askable(catalog: TagCatalog) -> Iterator[Tag]:
    return (tag for tag in catalog.tags.values() if tag.status == "online")


def _numbered(tag: Tag, catalog: TagCatalog) -> bool:
    """Whether values of an enum are themselves bands of numbers (an income of 200,000 or more), which a number does fit."""
    return any(_NUMBER_LABEL.search(value.label.zh) or _NUMBER_LABEL.search(value.label.en) for value in catalog.values(tag))


def _compared(tag: Tag, zh: Sequence[str], en: Sequence[str], catalog: TagCatalog) -> Iterator[Clause]:
    for name in _names(tag, "zh", catalog):
        yield from (Clause(name + number, "pair", "zh") for number in zh)
    for name in _names(tag, "en", catalog):
        for number in en:
            plain = number.removeprefix("of ")
            yield Clause(f"with {name} {number}", "pair", "en")
            yield Clause(f"whose {name} is {plain}", "pair", "en")


def _names(tag: Tag, language: Language, catalog: TagCatalog) -> Iterator[str]:
    """Up to two names of a tag that name nothing else."""
    words = (tag.name.get(language), *(tag.aliases.zh if language == "zh" else tag.aliases.en))
    clear = [word for word in words if _means_itself(word, "tag", tag.code, catalog) and (language == "zh") != word.isascii()]
    return iter([word.lower() if language == "en" and not word.isupper() else word for word in clear[:2]])


def _means_itself(word: str, kind: str, code: str, catalog: TagCatalog) -> bool:
    """Whether all that a word can mean is this tag, or a value of it."""
    meanings: tuple[Meaning, ...] = lexicon(catalog).entries.get(key_of(word), ())
    return bool(meanings) and all((meaning.code == code and meaning.kind in (kind, "hold")) for meaning in meanings)
