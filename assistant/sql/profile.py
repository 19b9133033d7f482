"""How customers spread over many tags: one statement, one pass over their own rows. Law: every customer counted is in exactly one bucket a tag.

Buckets are those of `sql/buckets.py`, as text (NULL = no known value). Only buckets that hold somebody come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.rule.tree import AnyNode
from assistant.sql import nodes
from assistant.sql.buckets import NO_VALUE, CutPoints, branch_of, bucket_of, code_of, name_of
from assistant.sql.compare import Reading, read
from assistant.sql.compile import Whole
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule


def spread(
    rule: ValidatedRule,
    of: AnyNode | None,
    tags: Sequence[Tag],
    group: Sequence[Tag],
    qualifier: tuple[str, ...],
    cut_points: CutPoints,
    one_in: int = 1,
) -> Query:
    """Rows (tag, bucket, by_0, by_1, …, n): how the customers of the base for whom `of` holds (None: all of them, whatever the rule) spread over each tag's
    buckets, within each combination of the group's buckets, "" for no known value of those (units by branch). `one_in`: count only the customers whose key it
    divides. Fault `cut_points_missing`."""
    whole = Whole(rule, qualifier)
    coded = Coded(whole, tags, [group], cut_points, by_branch=bool(group))
    where = [] if of is None else [whole.predicate(of)]
    if one_in > 1:
        key = nodes.column(whole.population.key, "b")
        where.append(nodes.equal(exp.Mod(this=key, expression=nodes.number(one_in)), nodes.number(0)))
    rows = whole.select(coded.columns)
    if where:
        rows.set("where", exp.Where(this=nodes.all_of(where)))
    return Query("spread", whole.finish(coded.counted(rows, {"n": nodes.count_rows()})))


def profile(
    rule: ValidatedRule,
    tags: Sequence[Tag],
    qualifier: tuple[str, ...],
    cut_points: CutPoints,
    against: AnyNode | None = None,
    tags_of: ValidatedRule | None = None,
) -> Query:
    """Rows (tag, bucket, n, rest_n): how the segment, and the rest of the base outside it (or of `against`), spread over each tag's buckets. `tags_of`: another rule
    as of whose snapshot and date the tags are read, of the customers who were there. Fault `cut_points_missing`."""
    return Query("profile", _both_sides(rule, tags, [[]], qualifier, cut_points, against, by_branch=False, tags_of=tags_of))


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
    return Query("joint", _both_sides(rule, tags, groups, qualifier, cut_points, against, by_branch=True))


def customers(rule: ValidatedRule, tags: Sequence[Tag], qualifier: tuple[str, ...], cut_points: CutPoints, keyed: bool = False) -> Query:
    """One row a customer of the base: in_segment (1 or 0), then bucket_0, bucket_1, … of the tags, "" for no known value; before them the customer's key where
    `keyed`. What the profiles count, for proofs that count it by other labels. Fault `cut_points_missing`."""
    whole = Whole(rule, qualifier)
    columns = [nodes.output(nodes.column(whole.population.key, "b"), "customer")] if keyed else []
    columns.append(nodes.output(_one_where(whole.predicate(rule.expanded)), "in_segment"))
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


def in_and_out(whole: Whole, against: AnyNode | None) -> tuple[exp.Expr, exp.Expr]:
    """Whether a customer is in the segment, and whether among those it is compared with."""
    inside = whole.predicate(whole.rule.expanded)
    outside = nodes.negated(inside.copy())
    return inside, outside if against is None else nodes.all_of([outside, whole.predicate(against)])


def _one_where(condition: exp.Expr) -> exp.Expr:
    return nodes.case([(condition, nodes.number(1))], nodes.number(0))


def _both_sides(
    rule: ValidatedRule,
    tags: Sequence[Tag],
    groups: Sequence[Sequence[Tag]],
    qualifier: tuple[str, ...],
    cut_points: CutPoints,
    against: AnyNode | None,
    by_branch: bool,
    tags_of: ValidatedRule | None = None,
) -> exp.Select:
    """The segment and those it is compared with, counted side by side. Who is on either side is decided before the sums and not by them: over a join with
    nothing DuckDB 2.0 loses the groups that a sum is to keep (its optimizer's statistics propagation)."""
    whole = Whole(rule, qualifier)
    inside, outside = in_and_out(whole, against)
    if tags_of is not None and tags_of.snapshot != rule.snapshot:
        there = whole.population.there("b", tags_of.snapshot)
        inside, outside = (nodes.all_of([side, there.copy()]) for side in (inside, outside))
    sides = [nodes.output(_one_where(inside), "in_segment"), nodes.output(_one_where(outside), "in_rest")]
    coded = Coded(whole, tags, groups, cut_points, by_branch, tags_of)
    either = exp.Add(this=nodes.column("in_segment", "p"), expression=nodes.column("in_rest", "p"))
    sums: dict[str, exp.Expr] = {"n": exp.Sum(this=nodes.column("in_segment", "p")), "rest_n": exp.Sum(this=nodes.column("in_rest", "p"))}
    some = exp.GT(this=either, expression=nodes.number(0))
    return whole.finish(coded.counted(whole.select([*sides, *coded.columns]), sums, [some]))


class Coded:
    """The tags of a statement as columns of codes to group by, once for each tag within each group. `by_branch`: units of a tag too are taken together.
    `tags_of`: another rule as of whose snapshot and date the tags are read. `also`: other columns of the rows that all is grouped by."""

    def __init__(
        self,
        whole: Whole,
        tags: Sequence[Tag],
        groups: Sequence[Sequence[Tag]],
        cut_points: CutPoints,
        by_branch: bool,
        tags_of: ValidatedRule | None = None,
        also: Sequence[str] = (),
    ) -> None:
        self.also = tuple(also)
        self.rule, self.cut_points = tags_of or whole.rule, cut_points
        by, at = grouping(groups), self.rule.snapshot
        places = {tag.code: f"by_{number}" for number, tag in enumerate(by)}
        self.tags = {f"bucket_{number}": read(tag, whole.column(tag, at)) for number, tag in enumerate(tags)}
        self.by = {places[tag.code]: read(tag, whole.column(tag, at)) for tag in by}
        self.sets = [[*also, *(places[tag.code] for tag in group), name] for group in groups for name in self.tags]
        self.columns = [nodes.output(self._code(reading, by_branch), name) for name, reading in self.tags.items()]
        self.columns += [nodes.output(self._code(reading, True), name) for name, reading in self.by.items()]

    def counted(self, rows: exp.Select, sums: Mapping[str, exp.Expr], where: Sequence[exp.Expr] = ()) -> exp.Select:
        """The rows (which have the columns) counted over all sets: one bucket column for all tags, and which tag it is of."""
        held = [nodes.column(name, "p") for name in (*self.also, *self.tags, *self.by)]
        grouped = nodes.select([*held, *(nodes.output(total, name) for name, total in sums.items())], nodes.named(rows, "p"), where)
        grouped.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=[_one_set(names) for names in self.sets])]))
        found = {name: nodes.present(nodes.column(name, "g")) for name in self.tags}
        tag_code = nodes.case((present, nodes.text(self.tags[name].item.code)) for name, present in found.items())
        bucket = self._name(self.tags)
        by = [nodes.output(self._stratum(name), name) for name in self.by]
        totals = [nodes.column(name, "g") for name in sums]
        also = [nodes.column(name, "g") for name in self.also]
        return nodes.select([nodes.output(tag_code, "tag"), nodes.output(bucket, "bucket"), *also, *by, *totals], nodes.named(grouped, "g"))

    def _code(self, reading: Reading, by_branch: bool) -> exp.Expr:
        code = code_of(reading, self.rule, self.cut_points)
        return branch_of(reading.item, code, self.rule) if by_branch else code

    def _name(self, readings: Mapping[str, Reading]) -> exp.Expr:
        return name_of(tuple(readings.values()), self.rule, [nodes.column(name, "g") for name in readings])

    def _stratum(self, name: str) -> exp.Expr:
        """The bucket of a tag grouped within, NO_VALUE where it is not known; NULL where the row's group does not have it."""
        present = nodes.present(nodes.column(name, "g"))
        return nodes.case([(present, nodes.first_known(self._name({name: self.by[name]}), nodes.text(NO_VALUE)))])


def _one_set(names: Sequence[str]) -> exp.Expr:
    columns = [nodes.column(name, "p") for name in names]
    return exp.Tuple(expressions=columns) if len(columns) > 1 else exp.Paren(this=columns[0])
