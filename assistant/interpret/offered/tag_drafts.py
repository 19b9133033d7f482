"""What the catalog lacks -> a tag request, drafted. Law: the words are the user's, kind and records a suggestion from what exists; nothing is kept without being asked for.

The dry run is a handful of conditions over the suggested records, each counted like any other: they show how a tag of that kind would spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, RecordSet
from assistant.errors import Issue
from assistant.interpret.lexer import Token
from assistant.language.tag_kinds import TagKind, tag_kind
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
    are near to known ones, or known words in an order nobody understands."""
    lacking = [issue for issue in issues if issue.code in _LACKING and (issue.code != "unread" or issue.params.get("near") == "")]
    if not lacking:
        return None
    words = " / ".join(str(issue.params.get("words", "")) for issue in lacking)
    kind = tag_kind(text)
    spoken = _spoken(tokens, catalog)
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
