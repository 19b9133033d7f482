"""What the catalog lacks -> a tag request, drafted. Law: the words are the user's, kind and records a suggestion from what exists; nothing is kept without being asked for.

The dry run is a handful of conditions over the suggested records, each counted like any other: they show how a tag of that kind would spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, RecordSet
from assistant.errors import Issue
from assistant.interpret.lexer import Token
from assistant.language.speech import names_something
from assistant.language.tag_kinds import TagKind, tag_kind
from assistant.language.text import normalise
from assistant.rule.tree import Filter, RecordCondition
from assistant.rule.window import Rolling, TimeWindow

_COUNTS = (1, 2, 5, 10)
_DAYS = (30, 90, 180, 365)
_MOST_VALUES = 6
_MOST_NEAREST = 3
_LACKING = ("unread", "no_such_data", "unknown_tag")


@dataclass(frozen=True, slots=True)
class TagDraft:
    """A tag as it might be asked for. `words`: what could not be read or has no data, `definition`: the whole request; `record`, `property`: codes it could be built
    from (None = nothing fits); `nearest`: codes of what the catalog has; `dry_run`: conditions that show its spread."""

    words: str
    definition: str
    kind: TagKind
    record: str | None
    property: str | None
    nearest: tuple[str, ...]
    dry_run: tuple[RecordCondition, ...]


def draft_tag(text: str, tokens: Sequence[Token], issues: Sequence[Issue], catalog: TagCatalog) -> TagDraft | None:
    """The tag that a request speaks of and the catalog lacks; None when everything was read, or when what was not may just be put in other words: words that
    are near to known ones, known words in an order nobody understands, or words people only talk with."""
    kind = tag_kind(_untimed(text, tokens))
    spoken = _spoken(tokens, catalog)
    told = kind != "other" and spoken is not None
    lacking = [issue for issue in issues if issue.code in _LACKING and (issue.code != "unread" or _names_a_tag(issue, told))]
    if not lacking:
        return None
    words = " / ".join(str(issue.params.get("words", "")) for issue in lacking)
    nearest = [code for issue in lacking for code in issue.suggestions]
    if spoken is None or kind == "other":
        return TagDraft(words, text, kind, None, None, tuple(dict.fromkeys(nearest))[:_MOST_NEAREST], ())
    record, filters = spoken
    item = _property(record, tokens, filters) if kind in ("preference", "distribution") else None
    window = next((one.window.window for one in tokens if one.window is not None and one.window.window is not None), record.default_window)
    known = [code for code in (record.first_date_tag, record.gap_tag) if code is not None]
    near = tuple(dict.fromkeys((*nearest, *known, record.code)))[:_MOST_NEAREST]
    return TagDraft(
        words, text, kind, record.code, None if item is None else item.code, near, _dry_run(kind, record, filters, item, window, catalog)
    )


def only_spoken(issues: Sequence[Issue], begun: bool) -> tuple[Issue, ...]:
    """The issues, of which the last one about words that people only talk with says what can be said instead: of the customers so far (`begun`), or to begin with."""
    spoken = [issue for issue in issues if issue.code == "unread" and issue.params.get("near") == "" and not _names_a_tag(issue)]
    say = {"say": "here" if begun else "anew"}
    return tuple(
        replace(issue, params={key: value for key, value in issue.params.items() if key != "near"} | (say if issue is spoken[-1] else {}))
        if any(issue is one for one in spoken)
        else issue
        for issue in issues
    )


def _names_a_tag(issue: Issue, told: bool = False) -> bool:
    """Whether words that could not be read may be the name of what a customer is or has. `told`: the request tells, in other words, of which records what is asked for is made."""
    return issue.params.get("near") == "" and (told or names_something(normalise(str(issue.params.get("words", ""))).text))


def _untimed(text: str, tokens: Sequence[Token]) -> str:
    """The request without its times: in the last 30 days speaks of no last time."""
    folded = normalise(text).text
    for token in tokens:
        if token.window is not None and token.window.window is not None:
            folded = folded[: token.start] + " " * (token.end - token.start) + folded[token.end :]
    return folded


def _spoken(tokens: Sequence[Token], catalog: TagCatalog) -> tuple[RecordSet, tuple[Filter, ...]] | None:
    """The first record set that the request names by an action, else by one of its properties, with what the action says of it."""
    for kinds in (("action", "dated"), ("property", "property_value")):
        for token in tokens:
            for meaning in token.meanings:
                if meaning.kind in kinds:
                    filters = meaning.filters if meaning.kind == "action" else ()
                    return catalog.records[meaning.code], tuple(
                        Filter(property=name, operator="in", value=codes) for name, codes in filters
                    )
    return None


def _property(record: RecordSet, tokens: Sequence[Token], filters: Sequence[Filter]) -> Property | None:
    """What the preference is over: the property named, else the one whose value is named. None when the records do not have what was named."""
    taken = {one.property for one in filters}
    free = [item for item in record.properties if item.type == "enum" and item.code not in taken]
    for kind in ("property", "property_value"):
        named = {meaning.value for token in tokens for meaning in token.of(kind) if meaning.code == record.code}
        for item in free:
            if item.code in named:
                return item
    return None


def _dry_run(
    kind: TagKind, record: RecordSet, filters: tuple[Filter, ...], item: Property | None, window: TimeWindow | None, catalog: TagCatalog
) -> tuple[RecordCondition, ...]:
    if kind in ("first", "last"):
        if record.date_column is None:
            return ()
        return tuple(
            RecordCondition(
                records=record.code,
                filters=filters,
                aggregate="first" if kind == "first" else "last",
                operator="within",
                value=Rolling(unit="day", n=days),
            )
            for days in _DAYS
        )
    if item is None:
        return tuple(RecordCondition(records=record.code, filters=filters, window=window, value=Decimal(least)) for least in _COUNTS)
    return tuple(
        RecordCondition(
            records=record.code, filters=(*filters, Filter(property=item.code, operator="in", value=(value.code,))), window=window
        )
        for value in catalog.values(item)[:_MOST_VALUES]
    )
