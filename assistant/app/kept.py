"""What was done with saved segments, in words and on the wire. Law: figures are Facts of the answer; names and purposes are shown as typed."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.app.shown import fact_of, number_of
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.kept import Kept
from assistant.narrate.difference import difference_words
from assistant.narrate.messages import message
from assistant.narrate.render import render
from assistant.pipeline import Answer
from assistant.rule.canonical import Json
from assistant.rule.diff import diff
from assistant.store.segment import Refresh, SavedSegment


def kept_lines(answer: Answer, language: Language) -> tuple[str, ...]:
    """One line for what was done, then who came and went, what overlaps, and what uses it. Empty where nothing was done with a saved segment."""
    kept = answer.kept
    if kept is None:
        return ()
    if kept.action == "listed":
        if not kept.segments:
            return (message(language, "kept.none"),)
        return (
            message(language, "kept.listed", {"n": str(len(kept.segments))}),
            *(_segment_line(one, number, answer, language) for number, one in enumerate(kept.segments)),
        )
    segment = kept.segments[0]
    if kept.action == "history":
        versions = (line for version, changes in version_lines(segment, answer.catalog, language) for line in (version, *changes))
        counts = () if answer.facts is None else count_lines(kept.history, answer.facts, language)
        return (message(language, "kept.history", {"name": segment.name}), *versions, *counts)
    said = {"name": segment.name, "version": str(segment.current.number), "before": kept.segments[-1].name}
    said["policy"] = message(language, f"kept.{segment.policy}")
    said["as_of"] = segment.current.as_of.isoformat()
    lines = [message(language, f"kept.{kept.action}", said)]
    if kept.before is not None:
        lines.append(moved_words(kept, answer.facts, language))
    for number, one in enumerate(kept.overlaps):
        facts = answer.facts
        if facts is None or any(facts[f"overlap.{number}.{name}"].suppressed for name in ("share", "back")):
            continue
        figures = {name: render(facts[f"overlap.{number}.{name}"], language) for name in ("share", "back")}
        lines.append(message(language, "kept.same" if one.same else "kept.overlap", {"name": one.segment.name, **figures}))
    if kept.used_by:
        names = message(language, "readback.list_join").join(one.name for one in kept.used_by)
        lines.append(message(language, "kept.used_by", {"names": names}))
    return tuple(lines)


def version_lines(segment: SavedSegment, catalog: TagCatalog, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each version in a line, oldest first, with what it changed in the one before."""
    found = []
    for place, version in enumerate(segment.versions):
        said = {
            "version": str(version.number),
            "at": version.at[:16].replace("T", " "),
            "by": version.by,
            "policy": message(language, f"kept.{version.policy}"),
            "as_of": version.as_of.isoformat(),
            "said": " ".join(version.said.split()),
        }
        changes = difference_words(diff(segment.versions[place - 1].node, version.node), catalog, language) if place else ()
        changed = changes or ((message(language, "change.none"),) if place else ())
        found.append((message(language, "kept.version_line", said), tuple(changed)))
    return tuple(found)


def count_lines(counts: Sequence[Refresh], facts: FactSheet, language: Language) -> tuple[str, ...]:
    """Every count in a line, oldest first; `facts` has those of `counted_then`."""
    lines = []
    for one in counts:
        found = {
            name: facts[f"refresh.{one.number}.{name}"] for name in ("count", "joined", "left") if f"refresh.{one.number}.{name}" in facts
        }
        moved = len(found) == 3 and not any(fact.suppressed for fact in found.values())
        said = {"as_of": one.as_of.isoformat(), "version": str(one.version)}
        figures = {name: render(fact, language) for name, fact in found.items()}
        lines.append(message(language, "kept.count_line_moved" if moved else "kept.count_line", {**said, **figures}))
    return tuple(lines)


def moved_words(kept: Kept, facts: FactSheet | None, language: Language) -> str:
    """Who came and went since the count before, which there must be; an alert where they are many."""
    assert kept.before is not None
    since = {"date": kept.before.as_of.isoformat()}
    if kept.counted is None or kept.counted.joined is None or facts is None:
        return message(language, "kept.incomparable", since)
    figures = {name: render(facts[f"kept.{name}"], language) for name in ("before", "joined", "left")}
    return message(language, "kept.alert" if kept.alert else "kept.moved", {**since, **figures})


def _said(answer: Answer, identifier: str, language: Language) -> str:
    fact = fact_of(answer, identifier)
    return "" if fact is None else render(fact, language)


def _segment_line(segment: SavedSegment, number: int, answer: Answer, language: Language) -> str:
    said = {"name": segment.name, "version": str(segment.current.number), "owner": segment.owner}
    said["policy"] = message(language, f"kept.{segment.policy}")
    said["shared"] = message(language, "kept.shared_mark") if segment.shared else ""
    if segment.refreshed is None:
        return message(language, "kept.line_uncounted", said)
    counted = {"count": _said(answer, f"kept.{number}.count", language), "as_of": segment.refreshed.as_of.isoformat()}
    return message(language, "kept.line", {**said, **counted})


def kept_json(answer: Answer) -> Json:
    """What was done, with the segments as they are now. None where nothing was done."""
    kept = answer.kept
    if kept is None:
        return None
    segments: list[Json] = [
        {**segment_json(one), "count": number_of(answer, f"kept.{number}.count")} if kept.action == "listed" else segment_json(one)
        for number, one in enumerate(kept.segments[: None if kept.action == "listed" else 1])
    ]
    overlaps: list[Json] = [
        {
            "segment": one.segment.id,
            "name": one.segment.name,
            "share": number_of(answer, f"overlap.{number}.share"),
            "back": number_of(answer, f"overlap.{number}.back"),
        }
        for number, one in enumerate(kept.overlaps)
    ]
    moved: Json = None
    if kept.before is not None:
        figures = {name: number_of(answer, f"kept.{name}") for name in ("before", "joined", "left")}
        moved = {"since": kept.before.as_of.isoformat(), **figures, "alert": kept.alert}
    return {"action": kept.action, "segments": segments, "overlaps": overlaps, "moved": moved, "used_by": [one.id for one in kept.used_by]}


def segment_json(segment: SavedSegment) -> dict[str, Json]:
    """A saved segment without its rule: what it is, whose, and which version."""
    return {
        "id": segment.id,
        "name": segment.name,
        "owner": segment.owner,
        "policy": segment.policy,
        "version": segment.current.number,
        "shared": segment.shared,
        "archived": segment.archived,
        "saved_as_of": segment.current.as_of.isoformat(),
    }
