"""How a segment spreads, in words. Law: no row too small to be shown is named."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalog.model import Language
from assistant.insight.breakdown import Breakdown, Row, row_id
from assistant.narrate.messages import message
from assistant.narrate.readback import bucket_phrase, value_phrase
from assistant.narrate.writer import Writer
from assistant.validation.verdict import ValidatedRule


def row_phrase(row: Row, breakdown: Breakdown, rule: ValidatedRule, language: Language) -> str:
    """The name of a row: its value, bucket, unit or region; "(directly)" for customers of a unit under none of the level asked for."""
    tag = rule.catalog.tags[breakdown.dimension.tag]
    if row.kind == "unassigned":
        return message(language, "answer.unassigned")
    if row.code is None:
        return bucket_phrase(tag, None, breakdown.cuts, rule.catalog, language)
    if breakdown.dimension.level == "region":
        return next(region.label.get(language) for region in rule.catalog.header.regions if region.code == row.code)
    if row.kind == "direct":
        name = rule.catalog.organisation[row.code].name.get(language)
        return message(language, "answer.direct", {"name": name})
    if tag.type == "enum":
        return value_phrase(tag, row.code, rule.catalog, language, subtree=False)
    return bucket_phrase(tag, row.code, breakdown.cuts, rule.catalog, language)


def sentences(found: Breakdown, writer: Writer) -> list[str]:
    """The largest row, or as many of the largest as were asked for."""
    rows = [row for row in found.groups if row.n]
    if not rows:
        return []
    named = rows[: found.named]
    if 1 < len(named) == found.named and not any(writer.hidden(f"breakdown.{row_id(row)}.n") for row in named):
        return [_named(named, found, writer)]
    largest = max(rows, key=lambda row: row.n)
    count = f"breakdown.{row_id(largest)}.n"
    if writer.hidden(count):
        return []
    row = writer.name(f"row.{row_id(largest)}", row_phrase(largest, found, writer.rule, writer.language))
    return [writer.say("breakdown", largest=writer.word("largest"), row=row, count=count)]


def _named(rows: Sequence[Row], found: Breakdown, writer: Writer) -> str:
    """The largest rows, each with its customers, and of how many they are."""
    said = [
        writer.say(
            "breakdown_row",
            row=writer.name(f"row.{row_id(row)}", row_phrase(row, found, writer.rule, writer.language)),
            count=f"breakdown.{row_id(row)}.n",
        )
        for row in rows
    ]
    listed = message(writer.language, "readback.list_join").join(said)
    ids = {"largest": f"{{{writer.word('largest_of')}}}"} | {name: f"{{breakdown.{found.dimension.id}.{name}}}" for name in ("named", "of")}
    return message(writer.language, "narrative.breakdown_named", {**ids, "rows": listed})


def caution(found: Breakdown, writer: Writer) -> list[str]:
    """That some rows are too small to be shown."""
    return [writer.say("caution_suppressed")] if any(writer.hidden(f"breakdown.{row_id(row)}.n") for row in found.rows) else []


def next_step(found: Breakdown, writer: Writer) -> str | None:
    """The level below, where the whole segment is in one unit."""
    if found.next_level is None:
        return None
    return writer.say("next_level", sentence=writer.suggest("level", level=writer.level(int(found.next_level))))
