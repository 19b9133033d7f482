"""How many customers did something, day by day, and whose days those were. Law: a customer counts once a day, whatever they did how often.

Both statements read one record set within a span of days, for the customers of a rule alone (`daily` for those of its segment, `contributions` for its base).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from assistant.catalog.model import Property, Tag
from assistant.rule.tree import Filter
from assistant.rule.window import DateSpan
from assistant.sql import nodes
from assistant.sql.buckets import NO_VALUE, CutPoints, branch_of
from assistant.sql.compare import read, within
from assistant.sql.compile import Whole
from assistant.sql.profile import Coded
from assistant.sql.query import Query
from assistant.sql.records import Source, source_of
from assistant.validation.verdict import ValidatedRule


def daily(rule: ValidatedRule, records: str, by: Sequence[Property | Tag], qualifier: tuple[str, ...], span: DateSpan) -> Query:
    """Rows (day, by_0, by_1, …, n): customers of the segment with a record that day; in all (every `by` NULL), and by each value of each property or tag of
    `by` (codes and flags), NO_VALUE where there is none. A tag of units is taken together by branch. A day or value without anybody has no row."""
    whole = Whole(rule, qualifier)
    source = source_of(records, rule, qualifier, "e")
    names = [f"by_{number}" for number in range(len(by))]
    tags = [(name, item) for name, item in zip(names, by, strict=True) if isinstance(item, Tag)]
    held = [nodes.output(branch_of(tag, code_of_each(tag, whole.column(tag)), rule), name) for name, tag in tags]
    condition = whole.predicate(rule.expanded)
    members = whole.select([nodes.column(whole.population.key, "b"), *held])
    members.set("where", exp.Where(this=condition))
    customer = nodes.column(whole.population.key, "m")
    columns = [
        nodes.column(name, "m") if isinstance(item, Tag) else nodes.output(code_of_each(item, nodes.column(item.column_name, "e")), name)
        for name, item in zip(names, by, strict=True)
    ]
    where = [nodes.present(customer.copy()), within(source.day, span), *source.rows(())]
    done = nodes.select(
        [nodes.output(customer, "customer"), nodes.output(source.day, "on_day"), *columns],
        source.table,
        where,
        [nodes.left_join(nodes.named(members, "m"), nodes.equal(source.key, customer.copy()))],
    )
    each = exp.Count(this=exp.Distinct(expressions=[nodes.column("customer", "p")]), big_int=True)
    outputs = [nodes.column("on_day", "p"), *(nodes.column(name, "p") for name in names), nodes.output(each, "n")]
    counted = nodes.select(outputs, nodes.named(done, "p"))
    counted.set("group", _sets([["on_day"], *(["on_day", name] for name in names)]))
    return Query(f"daily_{records}", whole.finish(counted))


def contributions(
    rule: ValidatedRule,
    records: str,
    filters: Sequence[Filter],
    among: Sequence[str],
    tags: Sequence[Tag],
    qualifier: tuple[str, ...],
    cut_points: CutPoints,
    before: DateSpan,
    after: DateSpan,
    members: ValidatedRule | None = None,
) -> Query:
    """Rows (tag, bucket, n, n_before, days, days_before, days_2, days_before_2, both): by each tag's bucket (as in a profile) of the base's customers with
    a record in either span (units by branch), how many have one in `after` and in `before`; the days they have one on, summed over customers; the squares of those, and the products
    of both, summed likewise. `among`: branches to keep to (none = all). The two spans do not touch each other. `members`: the rule
    whose customers they are, where only the tags are to be read as of `rule`; who was no customer then is left out."""
    whole = Whole(members or rule, qualifier)
    coded = Coded(whole, tags, [[]], cut_points, by_branch=True, tags_of=rule)
    joined = _whose(whole, rule, records, filters, among, qualifier, {"days": after, "days_before": before})
    joined.select(*coded.columns, copy=False)
    if whole.rule.snapshot != rule.snapshot:
        joined.where(whole.population.there("b", rule.snapshot), copy=False)
    return Query(f"contributions_{records}", whole.finish(coded.counted(joined, moments("p"))))


def by_row(
    rule: ValidatedRule,
    records: str,
    filters: Sequence[Filter],
    among: Sequence[str],
    qualifier: tuple[str, ...],
    before: DateSpan,
    after: DateSpan,
    members: ValidatedRule,
) -> Query:
    """Rows (known, n, n_before, days, days_before, days_2, days_before_2, both): the contributions of the customers of `members`, apart for those with tags as of `rule`
    (`known`) and those who had none then."""
    whole = Whole(members, qualifier)
    joined = _whose(whole, rule, records, filters, among, qualifier, {"days": after, "days_before": before})
    joined.select(nodes.output(whole.population.there("b", rule.snapshot), "known"), copy=False)
    sums = [nodes.output(total, name) for name, total in moments("p").items()]
    known = nodes.column("known", "p")
    counted = nodes.select([known, *sums], nodes.named(joined, "p"), group=[known.copy()])
    return Query(f"newly_{records}", whole.finish(counted))


def _whose(
    whole: Whole,
    rule: ValidatedRule,
    records: str,
    filters: Sequence[Filter],
    among: Sequence[str],
    qualifier: tuple[str, ...],
    spans: Mapping[str, DateSpan],
) -> exp.Select:
    """The days of each span of the customers of a statement's rule who have any, in some branches."""
    own = nodes.named(_days_of_each(source_of(records, rule, qualifier, "e"), filters, spans), "a")
    customer = nodes.column("customer", "a")
    where: list[exp.Expr] = [nodes.present(customer)]
    if among:
        unit = rule.catalog.tags[rule.catalog.header.organisation_tag]
        where.append(nodes.one_of(whole.column(unit), map(nodes.text, rule.catalog.subtree(unit, tuple(among)))))
    where.append(whole.predicate(whole.rule.expanded))
    joined = whole.select([nodes.column(name, "a") for name in spans])
    joined.set(
        "joins",
        [*(joined.args.get("joins") or ()), nodes.left_join(own, nodes.equal(customer.copy(), nodes.column(whole.population.key, "b")))],
    )
    joined.set("where", exp.Where(this=nodes.all_of(where)))
    return joined


def moments(source: str) -> dict[str, exp.Expr]:
    """The sums over customers of their days and days_before: by name, as `contributions` tells them."""
    days, days_before = nodes.column("days", source), nodes.column("days_before", source)
    return {
        "n": nodes.count_where(exp.GT(this=days.copy(), expression=nodes.number(0))),
        "n_before": nodes.count_where(exp.GT(this=days_before.copy(), expression=nodes.number(0))),
        "days": exp.Sum(this=days.copy()),
        "days_before": exp.Sum(this=days_before.copy()),
        "days_2": exp.Sum(this=exp.Mul(this=days.copy(), expression=days.copy())),
        "days_before_2": exp.Sum(this=exp.Mul(this=days_before.copy(), expression=days_before.copy())),
        "both": exp.Sum(this=exp.Mul(this=days.copy(), expression=days_before.copy())),
    }


def days_of_each(
    rule: ValidatedRule, records: str, filters: Sequence[Filter], spans: Sequence[DateSpan], qualifier: tuple[str, ...]
) -> Query:
    """Rows (customer, days_0, days_1, …): the days of each span with a record of the set, by customer of the base with any; what the contributions count, for
    proofs that count it for many tags and dates at once."""
    whole = Whole(rule, qualifier)
    named = {f"days_{number}": span for number, span in enumerate(spans)}
    own = nodes.named(_days_of_each(source_of(records, rule, qualifier, "e"), filters, named), "a")
    customer = nodes.column("customer", "a")
    joined = whole.select([nodes.output(customer, "customer"), *(nodes.column(name, "a") for name in named)])
    joined.set(
        "joins",
        [*(joined.args.get("joins") or ()), nodes.left_join(own, nodes.equal(customer.copy(), nodes.column(whole.population.key, "b")))],
    )
    joined.set("where", exp.Where(this=nodes.present(customer.copy())))
    return Query(f"days_{records}", whole.finish(joined))


def _days_of_each(source: Source, filters: Sequence[Filter], spans: Mapping[str, DateSpan]) -> exp.Select:
    """(customer, and by name the days with a record in each span)."""
    day = source.day
    where = [nodes.any_of([within(day, span) for span in spans.values()]), *source.rows(tuple(filters))]
    once = nodes.select(
        [nodes.output(source.key, "customer"), nodes.output(day, "on_day")], source.table, where, group=[source.key.copy(), day.copy()]
    )
    own = nodes.column("customer", "d")
    outputs = [nodes.output(own, "customer")]
    for name, span in spans.items():
        outputs.append(nodes.output(nodes.count_where(within(nodes.column("on_day", "d"), span)), name))
    return nodes.select(outputs, nodes.named(once, "d"), group=[own.copy()])


def code_of_each(item: Property | Tag, column: exp.Expr) -> exp.Expr:
    """A code or flag as text, NO_VALUE where there is none."""
    reading = read(item, column)
    if item.type == "flag":
        branches = [] if reading.always_known else [(nodes.missing(reading.raw.copy()), nodes.text(NO_VALUE))]
        return nodes.case([*branches, (reading.value.copy(), nodes.text("true"))], nodes.text("false"))
    return nodes.first_known(reading.value.copy(), nodes.text(NO_VALUE))


def _sets(sets: Sequence[Sequence[str]]) -> exp.Group:
    columns = [[nodes.column(name, "p") for name in names] for names in sets]
    listed = [exp.Tuple(expressions=one) if len(one) > 1 else exp.Paren(this=one[0]) for one in columns]
    return exp.Group(grouping_sets=[exp.GroupingSets(expressions=listed)])
