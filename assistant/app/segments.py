"""Saved segments as commands and programs name them: listed, shown with their history, shared, put away. Law: what is counted goes through `Assistant.ask`, what is changed through the audit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.app.kept import count_lines, segment_json, version_lines
from assistant.app.shown import number
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.facts import FactSheet
from assistant.insight.kept import counted_then
from assistant.narrate.messages import message
from assistant.narrate.readback import read_back
from assistant.narrate.render import render
from assistant.pipeline import Assistant
from assistant.rule.canonical import Json
from assistant.rule.tree import AnyNode, SegmentRef, SegmentRule
from assistant.store.open import Store
from assistant.store.segment import Library, SavedSegment

_BULLET = "· "


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose customers are taken out: the rule, the words it was asked in, and the saved segment (id@version) it is, if any."""

    rule: SegmentRule
    said: str
    segment: str = ""


def saved_named(library: Library, said: str) -> SavedSegment | None:
    """The saved segment that words name by id or name, where they name one alone."""
    by_id = library.by_id.get(said)
    found = (by_id,) if by_id is not None and not by_id.archived else library.named(said)
    return found[0] if len(found) == 1 else None


def asked_of(segment: SavedSegment) -> Asked:
    """A saved segment as it stands: a living one by its rule, a frozen one by its list."""
    version = segment.current
    frozen = SegmentRef(segment=segment.id, version=version.number, name=segment.name)
    return Asked(SegmentRule(node=version.node if version.policy == "living" else frozen), segment.name, f"{segment.id}@{version.number}")


def asked_by(library: Library, segment: str | None, node: AnyNode | None, said: str = "") -> Asked:
    """Whose customers a program means: those of a saved segment by name or id, or of a rule, called as `said`. UserError `body_one_of` for neither or both, and as of `segment_named`."""
    if segment is not None and node is None:
        return asked_of(segment_named(library, segment))
    if node is not None and segment is None:
        return Asked(SegmentRule(node=node), said)
    raise UserError("body_one_of", names="segment, node")


def segment_named(library: Library, said: str, archived: bool = False) -> SavedSegment:
    """A saved segment by name or id. `archived`: one that was put away may be meant too. UserError `segment_not_found` `segment_name_twice`."""
    by_id = library.by_id.get(said)
    put_away = tuple(one for one in library.segments if archived and one.archived and one.name == said)
    found = (by_id,) if by_id is not None else library.named(said) or put_away
    if len(found) > 1:
        raise UserError("segment_name_twice", name=said, owners=tuple(one.owner for one in found))
    if not found:
        raise UserError("segment_not_found", name=said, names=tuple(one.name for one in library.active) or ("-",))
    return found[0]


def shown_text(segment: SavedSegment, assistant: Assistant, store: Store, language: Language) -> str:
    """A segment in full: what it is, what it means now, each version with what it changed, and every count."""
    lines = [_uncounted(segment, language), meaning(segment, assistant, language)]
    for version, changes in versions(segment, assistant, language):
        lines += [version, *(f"    {change}" for change in changes)]
    return "\n".join([*lines, *counts(segment, assistant, store, language)])


def line(segment: SavedSegment, assistant: Assistant, language: Language) -> str:
    """A segment in one line, with its last count where there is one."""
    if segment.refreshed is None:
        return _uncounted(segment, language).removeprefix(_BULLET)
    fact = _sheet(segment, assistant).measured("count", segment.refreshed.count, "customers", "store")
    said = {**_head(segment, language), "count": render(fact, language), "as_of": segment.refreshed.as_of.isoformat()}
    return message(language, "kept.line", said).removeprefix(_BULLET)


def meaning(segment: SavedSegment, assistant: Assistant, language: Language) -> str:
    """What it means now, each segment it refers to called as it is called now."""
    return read_back(_library(assistant).named_in(segment.current.node), assistant.catalog, language)


def versions(segment: SavedSegment, assistant: Assistant, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each version in a line, oldest first, with what it changed in the one before."""
    library = _library(assistant)
    named = tuple(replace(one, node=library.named_in(one.node)) for one in segment.versions)
    return version_lines(replace(segment, versions=named), assistant.catalog, language)


def counts(segment: SavedSegment, assistant: Assistant, store: Store, language: Language) -> tuple[str, ...]:
    """Every count in a line, oldest first."""
    sheet, found = _sheet(segment, assistant), store.segments.refreshes(segment.id)
    for one in found:
        counted_then(one, sheet)
    return count_lines(found, sheet, language)


def _sheet(segment: SavedSegment, assistant: Assistant) -> FactSheet:
    """Where its kept counts become Facts. Whoever may not list is told those of their own segments alone: of another's they are told once they open it, and it is held against what they know."""
    sheet = FactSheet(assistant.protection)
    if assistant.protection.min_cell and segment.owner != assistant.identity.user:
        sheet.seal()
    return sheet


def _library(assistant: Assistant) -> Library:
    return assistant.kept.library(assistant.identity.user)


def _uncounted(segment: SavedSegment, language: Language) -> str:
    return message(language, "kept.line_uncounted", _head(segment, language))


def _head(segment: SavedSegment, language: Language) -> dict[str, str]:
    return {
        "name": segment.name,
        "version": str(segment.current.number),
        "owner": segment.owner,
        "policy": message(language, f"kept.{segment.policy}"),
        "shared": message(language, "kept.shared_mark") if segment.shared else "",
    }


def shown_json(segment: SavedSegment, assistant: Assistant, store: Store) -> dict[str, Json]:
    """The same as one object, with the rule of every version; a count under the floor is null."""
    sheet = _sheet(segment, assistant)
    versions: list[Json] = [
        {
            "version": one.number,
            "rule": one.node.model_dump(mode="json", exclude={"said"}),
            "policy": one.policy,
            "said": one.said,
            "by": one.by,
            "at": one.at,
            "as_of": one.as_of.isoformat(),
            "catalog": one.catalog,
        }
        for one in segment.versions
    ]
    counts: list[Json] = [
        {
            "as_of": one.as_of.isoformat(),
            "version": one.version,
            **{
                name: None if n is None else number(sheet.measured(f"refresh.{one.number}.{name}", n, "customers", "store"))
                for name, n in (("count", one.count), ("joined", one.joined), ("left", one.left))
            },
        }
        for one in store.segments.refreshes(segment.id)
    ]
    return {**segment_json(segment), "versions": versions, "counts": counts}
