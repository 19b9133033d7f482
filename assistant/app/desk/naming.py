"""Words that nobody knew, proposed to the owners of what they seem to mean. Law: a word is read only once its owner has accepted it, and never where it would change how a request is read that was
read without it.

What a word seems to mean, the surest first: what an analyst's correction of the request added to its rule; what its asker chose; what the catalog has that is spelt nearly so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from assistant.app.desk.queue import ReviewDesk, refused
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element, Language
from assistant.catalog.search import search_of
from assistant.errors import UserError
from assistant.interpret.grammar import GrammarInterpreter, tokens_of
from assistant.interpret.interpretation import Context
from assistant.language.text import detect, normalise
from assistant.pipeline.understood import links_read
from assistant.pipeline.verified import node_of
from assistant.policy import may, may_name
from assistant.rule.canonical import fingerprint
from assistant.rule.tree import AnyNode, ConceptRef, RecordCondition, SegmentRule, SequenceCondition, TagComparison, TagCondition, walk
from assistant.store.review import Alias, Turn
from assistant.store.reviews import in_force

Evidence = Literal["corrected", "chosen", "near"]
_SUREST: tuple[Evidence, ...] = get_args(Evidence)
SHORTEST, LONGEST = 2, 40
"""Characters of a word that may be a name."""
_EXACT, _NEAR = 100.0, 60.5
"""What a search must score: to name an element, or to be spelt nearly so (words inside a definition score 60)."""
MOST_REQUESTS = 5
_NARROWED = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word and the element it seems to mean (its code, of a value code=value). `requests`: some of those it stood in; `alias`: what was decided of it (None: nothing)."""

    word: str
    language: Language
    element: str
    evidence: Evidence
    times: int
    askers: tuple[str, ...]
    requests: tuple[str, ...]
    alias: Alias | None = None

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.word}\0{self.element}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def proposals(desk: ReviewDesk) -> tuple[Proposal, ...]:
    """Every word proposed, those that wait first, most often said first. For reviewers, and for owners those of their elements. UserError as of the policy."""
    catalog, who = desk.assistant.catalog, desk.who
    reviews = may(catalog.policy, who, "approve")
    if not reviews and not may(catalog.policy, who, "edit_tag") and not who.stewards:
        desk.allow()
    decided = {(one.word, one.element): one for one in desk.store.reviews.aliases()}
    found: dict[tuple[str, str], Proposal] = {}
    for turn, word, element, evidence in _evidence(desk, frozenset(word for word, _ in decided)):
        key = (word, element)
        known = found.get(key)
        asked = (turn.user,), (turn.text,)
        if known is None:
            found[key] = Proposal(word, detect(word), element, evidence, 1, *asked, decided.get(key))
        else:
            found[key] = replace(
                known,
                evidence=min(known.evidence, evidence, key=_SUREST.index),
                times=known.times + 1,
                askers=tuple(dict.fromkeys((*known.askers, turn.user))),
                requests=tuple(dict.fromkeys((*known.requests, turn.text)))[:MOST_REQUESTS],
            )
    own = [one for one in found.values() if reviews or _owned(one, desk)]
    return tuple(sorted(own, key=lambda one: (one.alias is not None, -one.times, _SUREST.index(one.evidence), one.word)))


def proposal(desk: ReviewDesk, identifier: str) -> Proposal:
    """One proposal by its id. UserError `alias_unknown` and as of `proposals`."""
    found = next((one for one in proposals(desk) if one.id == identifier.strip()), None)
    if found is None:
        raise UserError("alias_unknown", item=identifier[:80])
    return found


def accept(desk: ReviewDesk, one: Proposal) -> Alias:
    """The word is a name of the element from the next request on. UserError as of `may_name`, `alias_unfit`, `alias_taken`, `alias_changes`, `alias_decided`."""
    _allow(desk, one)
    catalog = desk.assistant.catalog
    if not SHORTEST <= len(one.word) <= LONGEST:
        raise UserError("alias_unfit", word=one.word, low=SHORTEST, high=LONGEST)
    known = next((hit for hit in search_of(catalog).find(one.word, limit=1) if hit.score >= _EXACT), None)
    if known is not None:
        raise UserError("alias_taken", word=one.word, tag=_name(known.code.partition(".")[0], catalog, one.language))
    _unchanged(desk, one)
    return _decided(desk, one, True, "")


def decline(desk: ReviewDesk, one: Proposal, reason: str = "") -> Alias:
    """The word is no name of the element, or no longer. UserError as of `may_name`, `alias_decided`."""
    _allow(desk, one)
    return _decided(desk, one, False, reason.strip())


def _decided(desk: ReviewDesk, one: Proposal, accepted: bool, reason: str) -> Alias:
    alias = Alias(one.word, one.language, one.element, accepted, reason, desk.who.user)
    desk.store.reviews.name(alias)
    return alias


def _allow(desk: ReviewDesk, one: Proposal) -> None:
    found = element_of(one.element, desk.assistant.catalog)
    if found is None:
        raise UserError("element_unknown", element=one.element, nearest=("-",))
    denial = may_name(desk.assistant.catalog.policy, desk.who, found.asset, one.askers)
    if denial is not None:
        raise refused(denial)


def _owned(one: Proposal, desk: ReviewDesk) -> bool:
    found = element_of(one.element, desk.assistant.catalog)
    return found is not None and (found.code in desk.who.stewards or found.owner in desk.who.lines)


def element_of(element: str, catalog: TagCatalog) -> Element | None:
    """What owns a name: a tag (for its values too), a record set or a concept."""
    code = element.partition("=")[0]
    return catalog.tags.get(code) or catalog.records.get(code) or catalog.concepts.get(code)


def element_name(element: str, catalog: TagCatalog, language: Language) -> str:
    """What an element is called; its code where the catalog no longer has it."""
    code, _, value = element.partition("=")
    tag = catalog.tags.get(code)
    label = None if tag is None or not value else catalog.value(tag, value)
    name = _name(code, catalog, language)
    return name if label is None else f"{name} = {label.label.get(language)}"


def _name(code: str, catalog: TagCatalog, language: Language) -> str:
    found = element_of(code, catalog)
    return code if found is None else found.name.get(language)


# what speaks for a word


def _evidence(desk: ReviewDesk, decided: frozenset[str]) -> Iterator[tuple[Turn, str, str, Evidence]]:
    """(turn, word, element, why) of every turn with words that nobody knew, or that were read as others; words of grammar whose part in a sentence was not understood are no names."""
    catalog, context = desk.assistant.catalog, _context(desk.assistant.catalog, desk.assistant.engine.as_of)
    corrected = {one.pair: node_of(one.rule) for one in in_force(desk.store.reviews.decisions()) if one.kind == "correct"}
    for turn in desk.store.reviews.worded():
        kept = turn.understood
        for word, meant in links_read(kept.assumptions):
            element = _named(meant, catalog, _EXACT)
            if element is not None:
                yield turn, _folded(word), element, "chosen"
        unread = [
            word for word in kept.unread if _folded(word) in decided or any(not token.read for token in tokens_of(normalise(word), context))
        ]
        right, before = corrected.get(kept.pair), node_of(kept.rule)
        added = set() if right is None else _elements(right) - (set() if before is None else _elements(before))
        if len(unread) == 1 and len(added) == 1 and _NARROWED not in added:
            yield turn, _folded(unread[0]), added.pop(), "corrected"
            continue
        for word in unread:
            element = _named(word, catalog, _NEAR)
            if element is not None:
                yield turn, _folded(word), element, "near"


def _named(words: str, catalog: TagCatalog, least: float) -> str | None:
    """The element that some words name, or are spelt nearly as; None for none, and for a unit of the bank, which is no word of a line's."""
    hit = next((hit for hit in search_of(catalog).find(words, limit=1) if hit.score >= least), None)
    if hit is None:
        return None
    code = hit.code.partition(".")[0]
    if hit.kind != "value":
        return code
    tag = catalog.tags.get(hit.code)
    return f"{hit.code}={hit.value}" if tag is not None and tag.values_from is None else None


def _elements(node: AnyNode) -> set[str]:
    """What a rule names: tags (of one value, that value), record sets, concepts; `_NARROWED` for conditions that say more than a name can."""
    found: set[str] = set()
    for _, part in walk(node):
        match part:
            case TagCondition(tag=tag, operator="in", value=(str() as only,)):
                found.add(f"{tag}={only}")
            case TagCondition(tag=tag) | TagComparison(left=tag):
                found.add(tag)
            case RecordCondition(records=records, filters=filters):
                found.add(_NARROWED if filters else records)
            case SequenceCondition():
                found.add(_NARROWED)
            case ConceptRef(concept=concept):
                found.add(concept)
    return found


def _folded(word: str) -> str:
    return " ".join(normalise(word).text.split())


# what a word must not change


def _unchanged(desk: ReviewDesk, one: Proposal) -> None:
    """UserError `alias_changes` where a request with the word in it that was read without it would be read otherwise."""
    catalog = desk.assistant.catalog
    texts = [turn.text for turn in desk.store.reviews.saying(one.word)]
    texts += [example.request for example in desk.examples if one.word in _folded(example.request)]
    texts += [
        text for strategy in catalog.strategies.values() for text in (strategy.name.zh, strategy.name.en) if one.word in _folded(text)
    ]
    before = [_read(text, catalog, desk.assistant.engine.as_of) for text in dict.fromkeys(texts)]
    worded = catalog.worded([(one.element, one.language, one.word)])
    after = [_read(text, worded, desk.assistant.engine.as_of) for text in dict.fromkeys(texts)]
    for text, was, will in zip(dict.fromkeys(texts), before, after, strict=True):
        if was is not None and was != will:
            raise UserError("alias_changes", word=one.word, request=text[:80])


def _context(catalog: TagCatalog, day: date) -> Context:
    return Context(catalog, day, day + timedelta(days=1))


def _read(text: str, catalog: TagCatalog, day: date) -> str | None:
    """The rule that the grammar reads, by its fingerprint; None where it leaves something open."""
    found = GrammarInterpreter().interpret(text, _context(catalog, day))
    rule: SegmentRule | None = None if found.issues or any(one.ask for one in found.questions) else found.rule
    return None if rule is None else fingerprint(rule.node)
