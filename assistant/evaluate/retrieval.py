"""How often the elements a request is about are among those a prompt would show. Law: measured by itself, on requests whose rule was written by hand, before any model is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Language
from assistant.catalog.retrieval import Retriever
from assistant.evaluate.cases import Theme
from assistant.rule.tree import AnyNode, ConceptRef, RankCondition, RecordCondition, SequenceCondition, TagComparison, TagCondition, walk

PLACES = (5, 10, 14, 20, 40)
"""How many elements are shown: 14 is what a prompt has."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Of the elements that hand-written rules name, how many are among the first so many: place -> (found, named)."""

    requests: int
    found: dict[Language, dict[int, tuple[int, int]]]

    def share(self, language: Language, place: int) -> float:
        """From 0 to 1; 1 where nothing is named."""
        found, named = self.found[language][place]
        return found / named if named else 1.0


def measure_recall(retriever: Retriever, catalog: TagCatalog, themes: Sequence[Theme], places: Sequence[int] = PLACES) -> Recall:
    """Recall over the cases that stand by themselves (a later turn's rule holds conditions of earlier ones)."""
    counts: dict[Language, dict[int, tuple[int, int]]] = {language: dict.fromkeys(places, (0, 0)) for language in LANGUAGES}
    requests = 0
    for case in (case for theme in themes for case in theme.cases if not case.before.zh and not case.before.en):
        named = frozenset() if case.node is None else frozenset(_codes(case.node, catalog))
        for language in LANGUAGES:
            text = case.text(language)
            if not named or text is None:
                continue
            requests += 1
            ranked = retriever.ranked(text, max(places))
            for place in places:
                found, whole = counts[language][place]
                counts[language][place] = found + len(named & set(ranked[:place])), whole + len(named)
    return Recall(requests, counts)


def _codes(node: AnyNode, catalog: TagCatalog) -> Iterator[str]:
    """The elements that a rule names."""
    for _, one in walk(node):
        match one:
            case TagCondition() | RankCondition():
                yield one.tag
            case TagComparison():
                yield from (one.left, one.right)
            case RecordCondition():
                yield one.records
            case SequenceCondition():
                yield from (one.first.records, one.then.records)
            case ConceptRef() if one.concept in catalog.concepts:
                yield one.concept
            case _:
                pass
