"""What uses a tag: whoever would take it out of use is told what stops. Law: pure; it reads rules and words, and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.catalog.examples import Example
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Words
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, ConceptRef, RankCondition, TagComparison, TagCondition, walk


@dataclass(frozen=True, slots=True)
class Impact:
    """What names a tag: codes of concepts, strategy templates, record sets and other tags, the words people know it by or that may mean it, requests of verified examples, and the names of
    what else was given (saved segments)."""

    concepts: tuple[str, ...]
    strategies: tuple[str, ...]
    records: tuple[str, ...]
    tags: tuple[str, ...]
    words: Words
    examples: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def uses(self) -> int:
        """How many things stop, words left out."""
        return sum(len(part) for part in (self.concepts, self.strategies, self.records, self.tags, self.examples, self.named))


def impact(tag: str, catalog: TagCatalog, examples: Iterable[Example], named: Mapping[str, AnyNode]) -> Impact:
    """What uses a tag. `named`: rules by what to call them."""
    concepts = tuple(
        code for code in catalog.concepts if any(uses(ConceptRef(concept=code, negated=negated), tag, catalog) for negated in (False, True))
    )
    read = {code: strategy.node() for code, strategy in catalog.strategies.items()}
    strategies = tuple(code for code, node in read.items() if uses(node, tag, catalog))
    records = tuple(one.code for one in catalog.records.values() if tag in (one.first_date_tag, one.gap_tag))
    derived = tuple(
        one.code for one in catalog.tags.values() if one.code != tag and tag in (*one.derived_from, one.amount_tag, *(one.axes or ()))
    )
    element = catalog.tags[tag]
    ambiguous = [
        entry.words
        for entry in catalog.ambiguous
        for reading in entry.readings
        if reading.tag == tag or (reading.node is not None and uses(node_from_short(reading.node), tag, catalog))
    ]
    said = (element.aliases, element.holding_words, *ambiguous)
    zh, en = (tuple(dict.fromkeys(word for part in said for word in part.get(language))) for language in LANGUAGES)
    used = tuple(one.request for one in examples if uses(node_from_short(one.rule), tag, catalog))
    return Impact(
        concepts, strategies, records, derived, Words(zh=zh, en=en), used, tuple(name for name, node in named.items() if uses(node, tag, catalog))
    )  # fmt: skip


def uses(node: AnyNode, tag: str, catalog: TagCatalog) -> bool:
    """Whether a rule reads a tag, concepts spelled out."""
    for _, part in walk(catalog.expand_all(node)):
        match part:
            case TagCondition(tag=code) | RankCondition(tag=code) if code == tag:
                return True
            case TagComparison(left=left, right=right) if tag in (left, right):
                return True
            case _:
                pass
    return False
