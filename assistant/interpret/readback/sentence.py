"""The sentence in which a rule is confirmed, read back: every kind of condition by the pattern it is written with. Law: read whole and in one way only, else not at all.

`narrate/readback.py` writes these sentences; people copy, keep and change them. The free grammar (`parser`) reads what is said in any other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assistant.catalog.model import LANGUAGES, Language
from assistant.interpret.interpretation import Context, LedgerEntry, LedgerKind
from assistant.interpret.readback.conditions import ConditionReader, built
from assistant.interpret.readback.patterns import Found, Patterns, Place
from assistant.language.templates import templates
from assistant.language.text import Normalised
from assistant.rule.canonical import canonical, text
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, Quote, RankCondition, walk

_DEEPEST = 40
"""Brackets in brackets: far more than gate 1 passes."""
_STOPS = (".", "。")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A rule, and what became of every character of the text."""

    node: AnyNode
    ledger: tuple[LedgerEntry, ...]


def read_sentence(normalised: Normalised, context: Context) -> Sentence | None:
    """The rule a whole text says in a read-back's own words, in either language. None when it says none, or could be read in two ways."""
    if _nesting(normalised.text) > _DEEPEST:
        return None
    for language in LANGUAGES:
        if not _begins(normalised.text, language):
            continue
        patterns = Patterns(context.catalog, language, normalised.text.strip(), context.as_of, context.today)
        found = _SentenceReader(patterns, normalised, context.turn).whole()
        if found is not None:
            return found
    return None


def _nesting(folded: str) -> int:
    """How deep brackets stand in brackets."""
    depth = deepest = 0
    for character in folded:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest


def _begins(folded: str, language: Language) -> bool:
    """Whether a text is framed as the sentences of a language are: spares all others the work."""
    pieces = templates(language)["readback.sentence"].pieces
    first, last = pieces[0], pieces[-1]
    body = folded.strip().rstrip("".join(_STOPS))
    everyone = templates(language)["readback.everyone"].pieces[0][1]
    framed = (first[0] == "place" or body.startswith(first[1])) and (last[0] == "place" or body.endswith(last[1]))
    return framed or body.startswith(everyone)


class _SentenceReader:
    """One text in one language. Every method gives all that can stand at a place."""

    def __init__(self, patterns: Patterns, normalised: Normalised, turn: int) -> None:
        self.patterns, self.text, self.conditions = patterns, patterns.text, ConditionReader(patterns)
        self.normalised, self.turn = normalised, turn
        self.offset = len(normalised.text) - len(normalised.text.lstrip())
        self._phrases: dict[int, Found[AnyNode]] = {}
        self._atoms: dict[int, Found[AnyNode]] = {}

    # the sentence and its groups

    def whole(self) -> Sentence | None:
        """The rule of the whole text; None where there is none or more than one."""
        ends = {len(self.text), len(self.text) - 1 if self.text.endswith(_STOPS) else len(self.text)}
        said = self.patterns.fill("readback.sentence", 0, {"phrase": lambda place, _: self.phrase(place)})
        found = [node for node, end in [*((held["phrase"], end) for held, end in said), *self.everyone(0)] if end in ends]
        distinct = {text(canonical(node)): node for node in found}
        if len(distinct) != 1:
            return None
        node = next(iter(distinct.values()))
        return Sentence(node, _ledger(node, len(self.normalised.original)))

    def quoted(self, node: AnyNode, start: int, end: int) -> AnyNode:
        first, last = self.normalised.span(start + self.offset, end + self.offset)
        return node.model_copy(update={"said": (Quote(turn=self.turn, start=first, end=last),)})

    def everyone(self, at: int) -> Found[AnyNode]:
        base: Place = lambda place, _: self.patterns.exactly(self.conditions.words.everyone)(place, {})  # noqa: E731
        return [(AllOf(), end) for _, end in self.patterns.fill("readback.everyone", at, {"base": base})]

    def phrase(self, at: int) -> Found[AnyNode]:
        """One condition, or several joined by one word."""
        known = self._phrases.get(at)
        if known is None:
            known = self._phrases[at] = [*self.joined(at, "all"), *self.joined(at, "any"), *self.atom(at)]
        return known

    def joined(self, at: int, how: str) -> Found[AnyNode]:
        kind = AllOf if how == "all" else AnyOf
        listed = self.patterns.listed(at, f"readback.{how}_join", self.atom)
        return [(kind(children=members), end) for members, end in listed if len(members) > 1]

    def atom(self, at: int) -> Found[AnyNode]:
        """A condition, a denial, a rank, a group in brackets, or everyone."""
        known = self._atoms.get(at)
        if known is None:
            phrase: Place = lambda place, _: self.phrase(place)  # noqa: E731
            known = [(held["phrase"], end) for held, end in self.patterns.fill("readback.group", at, {"phrase": phrase})]
            known += [
                (self.quoted(Not(child=held["phrase"]), at, end), end)
                for held, end in self.patterns.fill("readback.not", at, {"phrase": phrase})
            ]
            known += [*self.everyone(at), *self.ranks(at)]
            known += [(self.quoted(node, at, end), end) for node, end in self.conditions.leaves(at)]
            self._atoms[at] = known
        return known

    def ranks(self, at: int) -> Found[AnyNode]:
        def group(place: int, held: Mapping[str, Any]) -> Found[AnyNode]:
            phrase: Place = lambda inner, _: self.phrase(inner)  # noqa: E731
            inside = self.patterns.fill("readback.rank_group", place, {"phrase": phrase})
            return [*self.everyone(place), *((found["phrase"], end) for found, end in inside)]

        sizes: dict[str, Place] = {
            "count": lambda place, _: self.patterns.whole(place),
            "percent": lambda place, _: self.patterns.number(place),
        }
        found: Found[AnyNode] = []
        for direction in ("top", "bottom"):
            for how, size in sizes.items():
                places: dict[str, Place] = {"group": group, "name": self.conditions.tag_name, "size": size}
                for held, end in self.patterns.fill(f"readback.rank_{direction}_{how}", at, places):
                    data = {"tag": held["name"], "direction": direction, how: held["size"], "within": held["group"]}
                    found += [(self.quoted(node, at, end), end) for node in built(RankCondition, data)]
        return found


def _ledger(node: AnyNode, size: int) -> tuple[LedgerEntry, ...]:
    """Conditions by the words they came from, what joins them, and the frame around them; the sentence that says everyone is one condition."""
    spans = [(quote.start, quote.end) for _, part in walk(node) for quote in part.said if not isinstance(part, Not)]
    if not spans:
        return (LedgerEntry(0, size, "condition"),)
    kinds: list[LedgerKind] = ["connective"] * size
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    kinds[:first], kinds[last:] = ["ignored"] * first, ["ignored"] * (size - last)
    for start, end in spans:
        kinds[start:end] = ["condition"] * (end - start)
    edges = [0, *(place for place in range(1, size) if kinds[place] != kinds[place - 1]), size]
    return tuple(LedgerEntry(start, end, kinds[start]) for start, end in pairwise(edges))
