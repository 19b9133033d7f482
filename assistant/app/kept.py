"""What was done with saved segments, in words and on the wire. Law: figures are Facts of the answer; names and purposes are shown as typed."""

from __future__ import annotations

from assistant.app.shown import fact_of, number_of
from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.kept import Kept
from assistant.narrate.messages import message
from assistant.narrate.render import render
from assistant.pipeline import Answer
from assistant.rule.canonical import Json
from assistant.store.segment import SavedSegment


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
