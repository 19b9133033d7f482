"""How a segment and those it is compared with spread over many tags: one statement, one pass. Law: every customer of either is in exactly one bucket a tag.

Buckets, as text (NULL = no known value): a number by its cut points ("0" below the first, "i" from the i-th on, left-closed), a code as it is, a flag "true" or
"false", a month_day by its month "01" to "12"; a past date by its age ("d30" within 30 days of as_of, then `RECENT_DAYS`, "older", "ahead"), a future date by
the days to come ("in7", then `COMING_DAYS`, "later", "past"). Only buckets that hold somebody come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.rule.tree import AnyNode
from assistant.sql import nodes
from assistant.sql.compare import Reading, read
from assistant.sql.compile import Whole
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule

RECENT_DAYS = (30, 90, 180, 365, 1095)
COMING_DAYS = (7, 30, 90, 365)

_NO_VALUE = ""
"""Bucket of no known value inside a profile: no catalog code is empty, and GROUPING SETS needs NULL for "not part of this row"."""

CutPoints = Mapping[str, Sequence[Decimal]]
"""Code of a number -> where it is cut."""


def profile(
    rule: ValidatedRule, tags: Sequence[Tag], qualifier: tuple[str, ...], cut_points: CutPoints, against: AnyNode | None = None
) -> Query:
    """Rows (tag, bucket, n, rest_n): how the segment, and the rest of the base outside it (or of `against`), spread over each tag's buckets.
    Fault `cut_points_missing`."""
    whole = Whole(rule, qualifier)
    names = [f"bucket_{number}" for number in range(len(tags))]
    sides = _sides(whole, against)
    buckets = [nodes.output(bucket_of(read(tag, whole.column(tag)), rule, cut_points), name) for name, tag in zip(names, tags, strict=True)]
    grouped = _grouped(whole, [*sides, *buckets], names, [[name] for name in names])
    return Query("profile", whole.finish(_unpacked(grouped, names, tags, [])))


def joint(
    rule: ValidatedRule,
    tags: Sequence[Tag],
    groups: Sequence[Sequence[Tag]],
    qualifier: tuple[str, ...],
    cut_points: CutPoints,
    against: AnyNode | None = None,
) -> Query:
    """The profile once for each group of tags, within each combination of that group's buckets: rows (tag, bucket, by_0, by_1, …, n, rest_n), one `by_` column a
    tag of `grouping(groups)`, NULL where the row's group does not have it and "" where the customers have no known value. Units are taken together by branch.
    Fault `cut_points_missing`."""
    whole = Whole(rule, qualifier)
    by = grouping(groups)
    by_names = {tag.code: f"by_{number}" for number, tag in enumerate(by)}
    names = [f"bucket_{number}" for number in range(len(tags))]
    sides = _sides(whole, against)
    columns = [
        nodes.output(branch_of(tag, bucket_of(read(tag, whole.column(tag)), rule, cut_points), rule), name)
        for tag, name in (*zip(tags, names, strict=True), *((tag, by_names[tag.code]) for tag in by))
    ]
    sets = [[*(by_names[tag.code] for tag in group), name] for group in groups for name in names]
    grouped = _grouped(whole, [*sides, *columns], [*names, *by_names.values()], sets)
    return Query("joint", whole.finish(_unpacked(grouped, names, tags, list(by_names.values()))))


def customers(rule: ValidatedRule, tags: Sequence[Tag], qualifier: tuple[str, ...], cut_points: CutPoints) -> Query:
    """One row a customer of the base: in_segment (1 or 0), then bucket_0, bucket_1, … of the tags, "" for no known value. What the profiles count, for proofs
    that count it by other labels. Fault `cut_points_missing`."""
    whole = Whole(rule, qualifier)
    columns = [nodes.output(_one_where(whole.predicate(rule.expanded)), "in_segment")]
    for number, tag in enumerate(tags):
        columns.append(nodes.output(branch_of(tag, bucket_of(read(tag, whole.column(tag)), rule, cut_points), rule), f"bucket_{number}"))
    return Query("customers", whole.finish(whole.select(columns)))


def shares(
    rule: ValidatedRule,
    held: AnyNode,
    known: AnyNode,
    by: Sequence[Tag],
    qualifier: tuple[str, ...],
    cut_points: CutPoints,
    against: AnyNode | None = None,
) -> Query:
    """How many of the segment and of those it is compared with a condition holds for, of those it is known for, within the buckets of each tag of `by` by itself:
    rows (by_0, by_1, …, n, of, rest_n, rest_of), NULL in every `by_` column but the row's own; one row without tags. Fault `cut_points_missing`."""
    whole = Whole(rule, qualifier)
    names = [f"by_{number}" for number in range(len(by))]
    inside, outside = in_and_out(whole, against)
    holds, is_known = whole.predicate(held), whole.predicate(known)
    counted = {
        "n": [inside, is_known, holds], "of": [inside, is_known],
        "rest_n": [outside, is_known, holds], "rest_of": [outside, is_known],
    }  # fmt: skip
    flags = [nodes.output(_one_where(nodes.all_of([part.copy() for part in parts])), f"is_{name}") for name, parts in counted.items()]
    columns = [
        nodes.output(branch_of(tag, bucket_of(read(tag, whole.column(tag)), rule, cut_points), rule), name)
        for tag, name in zip(by, names, strict=True)
    ]
    sums = [nodes.output(exp.Sum(this=nodes.column(f"is_{name}", "p")), name) for name in counted]
    grouped = nodes.select([*(nodes.column(name, "p") for name in names), *sums], nodes.named(whole.select([*flags, *columns]), "p"))
    if names:
        grouped.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=[_one_set([name]) for name in names])]))
    return Query("shares", whole.finish(grouped))


def grouping(groups: Sequence[Sequence[Tag]]) -> tuple[Tag, ...]:
    """The tags of all groups, each once, in order."""
    return tuple({tag.code: tag for group in groups for tag in group}.values())


def _sides(whole: Whole, against: AnyNode | None) -> list[exp.Expr]:
    """Two columns of 0 and 1: in the segment, and among those it is compared with."""
    inside, outside = in_and_out(whole, against)
    return [nodes.output(_one_where(inside), "in_segment"), nodes.output(_one_where(outside), "in_rest")]


def in_and_out(whole: Whole, against: AnyNode | None) -> tuple[exp.Expr, exp.Expr]:
    """Whether a customer is in the segment, and whether among those it is compared with."""
    inside = whole.predicate(whole.rule.expanded)
    outside = nodes.negated(inside.copy())
    return inside, outside if against is None else nodes.all_of([outside, whole.predicate(against)])


def _one_where(condition: exp.Expr) -> exp.Expr:
    return nodes.case([(condition, nodes.number(1))], nodes.number(0))


def _grouped(whole: Whole, columns: Sequence[exp.Expr], held: Sequence[str], sets: Sequence[Sequence[str]]) -> exp.Select:
    """Both sides counted over the sets of columns, of customers on either side. Who that is is decided before the sums and not by them: over a join with
    nothing DuckDB 2.0 loses the groups that a sum is to keep (its optimizer's statistics propagation)."""
    sorted_into = nodes.named(whole.select(columns), "p")
    either = exp.Add(this=nodes.column("in_segment", "p"), expression=nodes.column("in_rest", "p"))
    sums = [nodes.output(exp.Sum(this=nodes.column(flag, "p")), name) for flag, name in (("in_segment", "n"), ("in_rest", "rest_n"))]
    some = exp.GT(this=either, expression=nodes.number(0))
    grouped = nodes.select([*(nodes.column(name, "p") for name in held), *sums], sorted_into, [some])
    grouped.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=[_one_set(names) for names in sets])]))
    return grouped


def _one_set(names: Sequence[str]) -> exp.Expr:
    columns = [nodes.column(name, "p") for name in names]
    return exp.Tuple(expressions=columns) if len(columns) > 1 else exp.Paren(this=columns[0])


def _unpacked(grouped: exp.Select, names: Sequence[str], tags: Sequence[Tag], by: Sequence[str]) -> exp.Select:
    """One bucket column for all tags, and which tag it is of."""
    found = [nodes.column(name, "g") for name in names]
    tag_code = nodes.case((nodes.present(one.copy()), nodes.text(tag.code)) for one, tag in zip(found, tags, strict=True))
    bucket = exp.Nullif(this=exp.Coalesce(this=found[0], expressions=found[1:]), expression=nodes.text(_NO_VALUE))
    columns = [nodes.column(name, "g") for name in (*by, "n", "rest_n")]
    return nodes.select([nodes.output(tag_code, "tag"), nodes.output(bucket, "bucket"), *columns], nodes.named(grouped, "g"))


def branch_of(tag: Tag, bucket: exp.Expr, rule: ValidatedRule) -> exp.Expr:
    """A unit's branch; anything else as it is."""
    if tag.values_from != "organisation":
        return bucket
    branches = [unit.code for unit in rule.catalog.organisation.values() if unit.level == 1]
    below = [(code, [unit for unit in rule.catalog.subtree(tag, (code,)) if unit != code]) for code in branches]
    grouped = [(nodes.one_of(bucket.copy(), map(nodes.text, units)), nodes.text(code)) for code, units in below if units]
    return nodes.case(grouped, bucket) if grouped else bucket


def bucket_of(reading: Reading, rule: ValidatedRule, cut_points: CutPoints) -> exp.Expr:
    """The bucket of one customer's value, "" where it is not known. Fault `cut_points_missing`."""
    item, value = reading.item, reading.value
    if item.type == "enum":
        return nodes.first_known(value.copy(), nodes.text(_NO_VALUE))
    branches: list[tuple[exp.Expr, exp.Expr]] = [] if reading.always_known else [(nodes.missing(reading.raw.copy()), nodes.text(_NO_VALUE))]
    if item.numeric:
        if item.code not in cut_points:
            raise Fault("cut_points_missing", tag=item.code)
        cuts = sorted(cut_points[item.code])
        branches += [(exp.LT(this=value.copy(), expression=nodes.number(cut)), nodes.text(str(place))) for place, cut in enumerate(cuts)]
        return nodes.case(branches, nodes.text(str(len(cuts))))
    if item.type == "flag":
        return nodes.case([*branches, (value.copy(), nodes.text("true"))], nodes.text("false"))
    if item.type == "month_day":
        months = [f"{month:02d}" for month in range(1, 12)]
        branches += [(exp.LTE(this=value.copy(), expression=nodes.text(f"{month}-31")), nodes.text(month)) for month in months]
        return nodes.case(branches, nodes.text("12"))
    as_of = rule.as_of
    if item.tense == "future":
        branches.append((exp.LTE(this=value.copy(), expression=nodes.day(as_of)), nodes.text("past")))
        coming = (
            (exp.LTE(this=value.copy(), expression=nodes.day(as_of + timedelta(days=days))), nodes.text(f"in{days}"))
            for days in COMING_DAYS
        )
        return nodes.case([*branches, *coming], nodes.text("later"))
    branches.append((exp.GT(this=value.copy(), expression=nodes.day(as_of)), nodes.text("ahead")))
    recent = (
        (exp.GT(this=value.copy(), expression=nodes.day(as_of - timedelta(days=days))), nodes.text(f"d{days}")) for days in RECENT_DAYS
    )
    return nodes.case([*branches, *recent], nodes.text("older"))
