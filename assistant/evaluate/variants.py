"""Metamorphic proof: the same request in other words keeps its rule, or the difference is asked about. Law: only requests already read right are varied.

Each variant composes one to three transformations (see `rewording`) of an eval case that is answered with the expected rule. A variant that is not
read the same by the interpreter goes through the whole walk: asked, the same customers after all, or different, which is a silent error.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

from assistant.catalog.model import LANGUAGES, Language
from assistant.evaluate.cases import Before, Theme
from assistant.evaluate.rewording import TRANSFORMATIONS, Transformation, Wording, cut
from assistant.evaluate.spellings import full_width
from assistant.interpret.interpretation import Context, Interpretation, Interpreter
from assistant.interpret.lexer import tokenize
from assistant.interpret.lexicon import lexicon
from assistant.language.text import is_cjk, normalise, traditional
from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import AnyNode, SegmentRule

Outcome = Literal["same", "asked", "different"]
Settle = Callable[[str, SegmentRule], Outcome]
"""What the whole walk makes of a text whose rule should be the given one."""

_TRIES = 40
_POLITE: dict[Language, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("麻烦帮我查一下", "，谢谢"), ("请问", ""), ("你好，帮我找一下", ""), ("请帮我筛选出", "，谢谢！"), ("我想看看", ""), ("您好，", "，辛苦了"),
        ("帮忙圈一下", "，多谢"), ("", "，谢谢"), ("请查询", "。"), ("麻烦你", "，谢谢啦"), ("想找一下", ""), ("帮我看一下", "吧"),
    ),
    "en": (
        ("could you please show me ", ", thanks"), ("please find ", ""), ("hi, can you list ", " please?"), ("I need ", ""),
        ("I'd like to see ", ", thank you"), ("show me ", ""), ("can you get me ", "?"), ("", " please"), ("please give me ", ", thanks!"), ("hello, I'm looking for ", ""),
    ),
}  # fmt: skip
_GREETINGS: dict[Language, tuple[tuple[str, str], ...]] = {
    "zh": (("你好，", ""), ("", "，谢谢"), ("您好，", "，谢谢！"), ("", "，辛苦了")),
    "en": (("hi, ", ""), ("hello, ", ", thanks"), ("", ", thank you")),
}
"""For requests that already begin with a verb of asking."""
_ASKING: dict[Language, tuple[str, ...]] = {
    "zh": ("麻烦", "帮", "请", "看", "查", "找", "圈", "筛", "拉", "统计", "按", "把", "我", "想", "列", "挑", "给", "分"),
    "en": ("how", "show", "find", "list", "please", "could", "can", "what", "give", "i ", "which", "get", "count", "break", "look", "pull", "tell", "top", "who"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Base:
    """An eval case read right, in one language."""

    case: str
    text: str
    language: Language
    rule: SegmentRule
    interpretation: Interpretation
    wording: Wording


@dataclass(frozen=True, slots=True)
class Variant:
    """One rewording with what was done to it and what became of it."""

    base: Base
    text: str
    transformations: tuple[Transformation, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class VariantReport:
    """All variants of a run. `bases`: how many requests they were made from."""

    variants: tuple[Variant, ...]
    bases: int

    def count(self, outcome: Outcome | None = None, transformation: Transformation | None = None) -> int:
        """How many variants had an outcome and were made with a transformation (None: any)."""
        return sum(
            (outcome is None or one.outcome == outcome) and (transformation is None or transformation in one.transformations)
            for one in self.variants
        )

    def figures(self) -> dict[str, int | float]:
        """The run in numbers; `asked_rate` is a share of all variants."""
        total = len(self.variants)
        return {
            "variants": total, "bases": self.bases, "same": self.count("same"), "asked": self.count("asked"),
            "different": self.count("different"), "asked_rate": round(self.count("asked") / total, 4) if total else 0.0,
        }  # fmt: skip


def run_variants(
    themes: Sequence[Theme], interpreter: Interpreter, context: Context, settle: Settle, count: int, seed: int
) -> VariantReport:
    """Up to `count` distinct variants of the cases answered as expected; the same seed gives the same variants."""
    bases = tuple(read_right(themes, interpreter, context))
    expand = context.catalog.expand_all
    found: list[Variant] = []
    for base, text, used in reworded(bases, count, random.Random(seed)):
        read = interpreter.interpret(text, context)
        rule = read.rule
        same = rule is not None and canonical_rule(rule.node, expand) == canonical_rule(base.rule.node, expand)
        plain = same and read.requests == base.interpretation.requests and not asks(read)
        found.append(Variant(base, text, used, "same" if plain else settle(text, base.rule)))
    return VariantReport(tuple(found), len(bases))


def asks(read: Interpretation) -> bool:
    """Whether an interpretation leaves anything to ask or refuse."""
    return bool(read.issues) or any(question.ask for question in read.questions)


def read_right(themes: Sequence[Theme], interpreter: Interpreter, context: Context) -> Iterator[Base]:
    """The cases that the interpreter answers with the expected rule and no question, in each language."""
    catalog = context.catalog

    def read_alone(clause: str) -> AnyNode | None:
        read = interpreter.interpret(clause, context)
        return None if read.rule is None or asks(read) else read.rule.node

    for theme in themes:
        for case in theme.cases:
            node = case.node
            if node is None or case.outcome != "answered" or case.branches or case.before != Before():
                continue
            for language in LANGUAGES:
                text = case.text(language)
                if text is None:
                    continue
                read = interpreter.interpret(text, context)
                expected = canonical_rule(node, catalog.expand_all)
                if read.rule is None or asks(read) or canonical_rule(read.rule.node, catalog.expand_all) != expected:
                    continue
                tokens = tokenize(normalise(text).text, lexicon(catalog), context.as_of, context.today, {})
                wording = cut(text, language, node, catalog, tokens, read_alone)
                yield Base(f"{theme.theme}/{case.id}", text, language, SegmentRule(node=node), read, wording)


def reworded(
    bases: Sequence[Base], count: int, chance: random.Random, allowed: Sequence[Transformation] = TRANSFORMATIONS
) -> Iterator[tuple[Base, str, tuple[Transformation, ...]]]:
    """Distinct variants with the transformations that made them, one of every base in turn until there are enough or none has any left."""
    seen = {base.text for base in bases}
    waiting = list(bases)
    made = 0
    while waiting and made < count:
        for base in tuple(waiting):
            for _ in range(_TRIES):
                text, used = _compose(base, chance, allowed)
                if used and text not in seen:
                    break
            else:
                waiting.remove(base)
                continue
            seen.add(text)
            yield base, text, used
            made += 1
            if made == count:
                return


def _compose(base: Base, chance: random.Random, allowed: Sequence[Transformation]) -> tuple[str, tuple[Transformation, ...]]:
    """One to three transformations together: the words first, then what goes round them, then how they are written."""
    wording = base.wording
    possible = [one for one in allowed if _applies(one, wording)]
    chosen = chance.sample(possible, min(len(possible), chance.randint(1, 3)))
    parts = [wording.text[piece.start : piece.end] for piece in wording.pieces]
    used: list[Transformation] = []
    changed: set[int] = set()
    for name in TRANSFORMATIONS:
        places = [number for number in wording.alternatives(name) if number not in changed] if name in chosen else []
        if places:
            number = chance.choice(places)
            parts[number] = _set_off(chance.choice(wording.pieces[number].choices[name]), wording, number, name)
            changed.add(number)
            used.append(name)
    if "punctuation" in chosen:
        parts = _spaced(parts, base.language, chance)
        used.append("punctuation")
    if "order" in chosen:
        parts = _ordered(parts, wording, chance)
        used.append("order")
    text = "".join(parts)
    for name in ("politeness", "traditional", "full_width", "case"):
        if name in chosen:
            written = _written(name, text, base.language, chance)
            if written != text:
                text = written
                used.append(name)
    return text, tuple(one for one in TRANSFORMATIONS if one in used)


def _applies(name: Transformation, wording: Wording) -> bool:
    if name == "order":
        return bool(wording.clauses)
    if name == "traditional":
        return wording.language == "zh"
    if name == "case":
        return any(one.isascii() and one.isalpha() for one in wording.text)
    return name in ("politeness", "punctuation", "full_width") or bool(wording.alternatives(name))


def _set_off(words: str, wording: Wording, number: int, name: Transformation) -> str:
    """Words of the other language with blanks round them where letters would meet letters."""
    before = wording.text[: wording.pieces[number].start][-1:]
    after = wording.text[wording.pieces[number].end :][:1]
    left = (
        " "
        if (before.isalnum() and before.isascii() and words[:1].isalnum() and words[:1].isascii())
        or (name == "mixed" and is_cjk(before or " "))
        else ""
    )
    right = " " if after.isalnum() and after.isascii() and words[-1:].isalnum() and words[-1:].isascii() else ""
    return left + words + (right or (" " if name == "mixed" and after and is_cjk(after) else ""))


def _ordered(parts: Sequence[str], wording: Wording, chance: random.Random) -> list[str]:
    """The clauses in another order; what stands between them stays where it is."""
    groups = [[number for number, piece in enumerate(wording.pieces) if start <= piece.start < end] for start, end in wording.clauses]
    texts = ["".join(parts[number] for number in group) for group in groups]
    order = chance.choice(list(permutations(range(len(groups))))[1:])
    result = list(parts)
    for place, source in zip(groups, order, strict=True):
        for number in place:
            result[number] = ""
        result[place[0]] = texts[source]
    return result


def _spaced(parts: Sequence[str], language: Language, chance: random.Random) -> list[str]:
    """Blanks between pieces, doubled blanks, other commas, a full stop."""
    how = chance.randrange(4)
    if how == 0 and language == "zh":
        return [part + (" " if chance.random() < 0.4 and index < len(parts) - 1 else "") for index, part in enumerate(parts)]
    if how == 1:
        return [part.replace("，", ",") if "，" in part else part.replace(",", "，") if part in (",", ", ") else part for part in parts]
    if how == 2:
        return [part.replace(" ", "  ") for part in parts] if language == "en" else [" " + parts[0], *parts[1:]]
    return [*parts[:-1], parts[-1] + ("。" if language == "zh" else ".")]


def _written(name: Transformation, text: str, language: Language, chance: random.Random) -> str:
    if name == "politeness":
        asking = text.strip().casefold().startswith(_ASKING[language])
        before, behind = chance.choice((_GREETINGS if asking else _POLITE)[language])
        return before + text.rstrip("。.") + behind
    if name == "traditional":
        return traditional(text)
    if name == "full_width":
        digits_only = chance.random() < 0.5
        return "".join(full_width(one) if one.isdigit() or (not digits_only and one.isalnum()) else one for one in text)
    return chance.choice((text.upper(), text.lower(), text.title() if "'" not in text else text.upper()))
