"""Which condition of the rule words point at: by its subject, its place, or when it was said. Law: pointing at two is a doubt, at none an issue."""

from __future__ import annotations

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import ALL_OPTIONS
from assistant.rule.canonical import fingerprint
from assistant.rule.order import in_order
from assistant.rule.short import node_from_short
from assistant.rule.tree import (
    AnyNode,
    AnyOf,
    ConceptRef,
    Path,
    Quote,
    RankCondition,
    RecordCondition,
    SegmentRule,
    SequenceCondition,
    TagComparison,
    TagCondition,
    children,
    walk,
)

Place = tuple[Path, AnyNode]
AROUND = (
    "edit.condition",
    "edit.pronoun",
    "ignored",
    "have",
    "negation.not",
    "lack",
    "is",
    "connective.comma",
    "connective.and",
    "connective.also",
    "too",
    "edit.any",
)
"""Small words round a condition that is pointed at."""
NAMING = ("tag", "hold", "value", "action", "segment", "concept", "concept_not", "dated", "ambiguous", "level")

_SHORTEST = 3


def subjects(node: AnyNode) -> frozenset[str]:
    """What a condition is about, by catalog code, so that words can point at it."""
    match node:
        case TagCondition(tag=tag) | RankCondition(tag=tag):
            return frozenset({tag})
        case TagComparison(left=left, right=right):
            return frozenset({left, right})
        case RecordCondition(records=records):
            return frozenset({records})
        case SequenceCondition(first=first, then=then):
            return frozenset({first.records, then.records})
        case ConceptRef(concept=concept):
            return frozenset({concept})
        case _:
            return frozenset().union(*(subjects(child) for child in children(node)))


def conditions(rule: SegmentRule) -> tuple[Place, ...]:
    """The conditions a user sees as such, in the order said: the members of the root, else the root itself; none when everyone is meant."""
    if isinstance(rule.node, AnyOf):
        return tuple(((number,), child) for number, child in enumerate(rule.node.children))
    return in_order(rule.node)


def deeper(rule: SegmentRule, codes: frozenset[str]) -> bool:
    """Whether something of these codes stands inside a rank's group or a sequence, where an edit does not reach it."""
    top = {path for path, _ in conditions(rule)}
    return any(path and path not in top and subjects(node) & codes for path, node in walk(rule.node))


def named(cursor: Cursor, first: int, last: int) -> frozenset[str]:
    """Codes of the catalog that tokens [first, last) can name; a word without universal meaning (日均) names what each of its readings is about."""
    meant = [meaning for token in cursor.tokens[first:last] for meaning in token.meanings if meaning.kind in NAMING]
    readings = [one for meaning in meant if meaning.kind == "ambiguous" for one in cursor.catalog.ambiguous[meaning.number].readings]
    found = {meaning.code for meaning in meant if meaning.kind not in ("ambiguous", "level")}
    found |= {cursor.catalog.header.organisation_tag for meaning in meant if meaning.kind == "level"}
    found |= {one.tag for one in readings if one.tag is not None}
    return frozenset(found).union(*(subjects(node_from_short(one.node)) for one in readings if one.node is not None))


def spoken_of(cursor: Cursor, rule: SegmentRule, index: int) -> frozenset[str]:
    """What the rule is about that the word at `index` names: outright, else as a word of its name in the catalog (visits of branch visits)."""
    about = frozenset().union(*(subjects(node) for _, node in walk(rule.node)))
    outright = named(cursor, index, index + 1) & about
    token = cursor.tokens[index]
    if outright or (token.read and not token.content):
        return outright
    return frozenset(code for code in about if any(_says(name, token.text) for name in _names(cursor, code)))


def _names(cursor: Cursor, code: str) -> tuple[str, ...]:
    for room in (cursor.catalog.tags, cursor.catalog.records, cursor.catalog.concepts):
        if code in room:
            return room[code].name.zh, room[code].name.en, *room[code].aliases.all()
    return ()


def _says(name: str, word: str) -> bool:
    """Whether a word stands in a name: as a part of it in Chinese, as one of its words, in singular or plural, in English."""
    if word.isascii():
        return len(word) > _SHORTEST and word.removesuffix("s") in {one.removesuffix("s") for one in name.lower().split()}
    return len(word) > 1 and word in name


def another_value(cursor: Cursor, node: AnyNode, first: int, last: int) -> bool:
    """Whether the words name values of the condition's tag, none of which is the condition's."""
    if not isinstance(node, TagCondition) or not isinstance(node.value, tuple):
        return False
    values = [meaning.value for index in range(first, last) for meaning in cursor.tokens[index].of("value") if meaning.code == node.tag]
    return bool(values) and not set(values) & set(node.value)


def is_place(cursor: Cursor, index: int) -> bool:
    """Whether a token points at a condition by its place: 第二个条件, the last one, 刚才那个."""
    return bool(cursor.tokens[index].phrases("place."))


def placed(cursor: Cursor, rule: SegmentRule, first: int, last: int) -> tuple[Place, ...] | None:
    """The conditions that words of place among tokens [first, last) point at; None without such words. The tokens are marked."""
    found: tuple[Place, ...] | None = None
    for index in range(first, last):
        kinds = cursor.tokens[index].phrases("place.")
        if not kinds or cursor.kinds[index] not in ("unread", "ignored"):
            continue
        cursor.mark(index, index + 1, "edit")
        here = _at(rule, kinds[0].removeprefix("place."))
        found = here if found is None else tuple(place for place in found if place in here)
    return found


def _at(rule: SegmentRule, which: str) -> tuple[Place, ...]:
    shown = conditions(rule)
    if which == "some":
        return shown
    if which == "last":
        return shown[-1:]
    if which == "latest":
        return latest(shown)
    number = int(which)
    return shown[number - 1 : number]


def latest(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Those of some conditions that were said last."""
    turns = [max((quote.turn for _, part in walk(node) for quote in part.said), default=-1) for _, node in places]
    return tuple(place for place, turn in zip(places, turns, strict=True) if turn == max(turns))


def fits_none(cursor: Cursor, first: int, last: int) -> None:
    """The issue that no condition is what tokens [first, last) point at."""
    quote = cursor.quote(first, last)
    cursor.issues.append(Issue("edit_fits_none", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)}))


def pick(cursor: Cursor, found: tuple[Place, ...], first: int, last: int) -> tuple[Place, ...]:
    """The conditions to edit: the one that fits; of several those chosen (asked: one of them, or all); none is an issue."""
    if not found:
        fits_none(cursor, first, last)
        return ()
    if len(found) == 1:
        return found
    quote = cursor.quote(first, last)
    labels: tuple[Text | None, ...] = (*(None for _ in found), ALL_OPTIONS)
    what = "edit " + " ".join(fingerprint(node)[:6] for _, node in found)
    chosen = cursor.choose(what, quote, "edit_fits_two", {"words": cursor.words(quote)}, labels)
    return found if chosen == len(found) else (found[chosen],)


def about_the_same(old: AnyNode, new: AnyNode) -> bool:
    """Whether two conditions are on one tag."""
    return isinstance(old, TagCondition) and isinstance(new, TagCondition) and old.tag == new.tag


def said_too(new: AnyNode, old: AnyNode) -> AnyNode:
    """A condition in another's place keeps the place among the conditions that the old one's words gave it."""
    said: tuple[Quote, ...] = (*old.said, *new.said) if old.said and new.said else new.said
    return new.model_copy(update={"said": said})


def unread(cursor: Cursor, first: int, last: int) -> list[int]:
    """The tokens of [first, last) that nothing took yet."""
    return [index for index in range(first, last) if cursor.kinds[index] == "unread"]
