"""How a segment spreads, in words. Law: no row too small to be shown is named."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalog.model import Language
from assistant.insight.breakdown import Breakdown, Row, row_id
from assistant.narrate.messages import message
from assistant.narrate.readback import bucket_phrase, value_phrase
from assistant.narrate.writer import Writer
from assistant.validation.verdict import ValidatedRule

FEW = 5
"""How many groups of one size are told by their names."""


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
    """The largest row, or as many of the largest as were asked for; those that are as large as the last of them are told with it."""
    rows = found.largest
    if not rows:
        return []
    hidden = any(writer.hidden(f"breakdown.{row_id(row)}.n") for row in rows)
    if len(rows) > 1 and not hidden:
        return [_tied(rows, found, writer) if found.named == 1 else _named(rows, found, writer)]
    largest = rows[0]
    count = f"breakdown.{row_id(largest)}.n"
    if hidden and (len(rows) > found.named or writer.hidden(count)):
        return []  # that a group is as large as one that is shown would tell its size
    return [writer.say("breakdown", largest=writer.word("largest"), row=_row_name(largest, found, writer), count=count)]


def _row_name(row: Row, found: Breakdown, writer: Writer) -> str:
    return writer.name(f"row.{row_id(row)}", row_phrase(row, found, writer.rule, writer.language))


def _tied(rows: Sequence[Row], found: Breakdown, writer: Writer) -> str:
    """Groups that are as large as each other, above all others: by name where they are few."""
    few = len(rows) <= FEW
    names = [f"{{{_row_name(row, found, writer)}}}" for row in rows] if few else []
    ids = {"largest": f"{{{writer.word('largest')}}}", "count": f"{{breakdown.{row_id(rows[0])}.n}}"}
    ids["named"] = f"{{breakdown.{found.dimension.id}.named}}"
    rows_said = message(writer.language, "readback.list_join").join(names)
    return message(writer.language, "narrative.breakdown_tied" if few else "narrative.breakdown_many_tied", {**ids, "rows": rows_said})


def _named(rows: Sequence[Row], found: Breakdown, writer: Writer) -> str:
    """The largest rows, each with its customers, and of how many they are."""
    said = [writer.say("breakdown_row", row=_row_name(row, found, writer), count=f"breakdown.{row_id(row)}.n") for row in rows]
    listed = message(writer.language, "readback.list_join").join(said)
    ids = {"largest": f"{{{writer.word('largest_of')}}}"} | {name: f"{{breakdown.{found.dimension.id}.{name}}}" for name in ("named", "of")}
    key = "breakdown_named" if len(rows) == found.named else "breakdown_named_tied"
    return message(writer.language, f"narrative.{key}", {**ids, "rows": listed})


def caution(found: Breakdown, writer: Writer) -> list[str]:
    """That some rows are too small to be shown."""
    return [writer.say("caution_suppressed")] if any(writer.hidden(f"breakdown.{row_id(row)}.n") for row in found.rows) else []


def next_step(found: Breakdown, writer: Writer) -> str | None:
    """The level below, where the whole segment is in one unit."""
    if found.next_level is None:
        return None
    return writer.say("next_level", sentence=writer.suggest("level", level=writer.level(int(found.next_level))))
