"""Who does what, for many things at once: days on which customers did each of them in some days and in others before, by every tag. Law: one statement, one reading of
each record set and of the tags; a customer counts once a day.

What is done most is counted of one customer in so many, evenly by key: a share needs some thousand days, not all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from assistant.catalog.model import Property, Tag
from assistant.rule.window import DateSpan
from assistant.sql import nodes
from assistant.sql.activity import code_of_each, moments
from assistant.sql.buckets import CutPoints
from assistant.sql.compare import within
from assistant.sql.compile import Whole
from assistant.sql.profile import Coded
from assistant.sql.query import Query
from assistant.sql.records import source_of
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Did:
    """One thing done: a record set, in all (`by` None) or one value of a property of it. `number`: how the rows name it; `one_in`: of so many customers one is counted."""

    number: int
    records: str
    by: Property | None = None
    value: str = ""
    one_in: int = 1


def mix(
    rule: ValidatedRule,
    done: Sequence[Did],
    tags: Sequence[Tag],
    qualifier: tuple[str, ...],
    cut_points: CutPoints,
    before: Sequence[DateSpan],
    after: DateSpan,
    members: ValidatedRule,
) -> Query:
    """Rows (tag, bucket, did, n, n_before, days, days_before, days_2, days_before_2, both): the contributions (see `activity.contributions`) of each thing done by the
    customers of `members`, with tags as of `rule`. The spans do not touch each other."""
    whole = Whole(members, qualifier)
    coded = Coded(whole, tags, [[]], cut_points, by_branch=True, tags_of=rule, also=("did",))
    sets = list(dict.fromkeys(one.records for one in done))
    each = [_days_of_each(rule, [one for one in done if one.records == code], qualifier, before, after) for code in sets]
    relation: exp.Query = each[0]
    for one in each[1:]:
        relation = exp.Union(this=relation, expression=one, distinct=False)
    own = exp.Subquery(this=relation, alias=exp.TableAlias(this=nodes.identifier("a")))
    customer = nodes.column("customer", "a")
    where: list[exp.Expr] = [nodes.present(customer), whole.predicate(members.expanded)]
    if members.snapshot != rule.snapshot:
        where.append(whole.population.there("b", rule.snapshot))
    joined = whole.select([*(nodes.column(name, "a") for name in ("did", "days", "days_before")), *coded.columns])
    join = nodes.left_join(own, nodes.equal(customer.copy(), nodes.column(whole.population.key, "b")))
    joined.set("joins", [*(joined.args.get("joins") or ()), join])
    joined.set("where", exp.Where(this=nodes.all_of(where)))
    return Query("mix", whole.finish(coded.counted(joined, moments("p"))))


def _days_of_each(
    rule: ValidatedRule, done: Sequence[Did], qualifier: tuple[str, ...], before: Sequence[DateSpan], after: DateSpan
) -> exp.Select:
    """(customer, did, days, days_before) of the things done in one record set."""
    source = source_of(done[0].records, rule, qualifier, "e")
    by = list({one.by.code: one.by for one in done if one.by is not None}.values())
    names = {item.code: f"by_{number}" for number, item in enumerate(by)}
    columns = [nodes.output(code_of_each(item, nodes.column(item.column_name, "e")), names[item.code]) for item in by]
    where = [nodes.any_of([within(source.day, span) for span in (*before, after)]), *source.rows(())]
    one_in = min(one.one_in for one in done)
    if one_in > 1:
        where.append(_of_one_in(source.key, one_in))
    rows = nodes.select([nodes.output(source.key, "customer"), nodes.output(source.day, "on_day"), *columns], source.table, where)
    held = {name: nodes.column(name, "p") for name in ("customer", "on_day", *names.values())}
    once = nodes.select(held.values(), nodes.named(rows, "p"))
    sets = [["customer", "on_day", *([names[item.code]] if item is not None else [])] for item in dict.fromkeys(one.by for one in done)]
    listed = [exp.Tuple(expressions=[held[name].copy() for name in one]) for one in sets]
    once.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=listed)]))
    which = nodes.case((_is(one, names), nodes.number(one.number)) for one in done)
    told = nodes.select(
        [nodes.column("customer", "d"), nodes.column("on_day", "d"), nodes.output(which, "did")],
        nodes.named(once, "d"),
        [nodes.any_of([_sampled(one, names) for one in done])],
    )
    own, did, day = (nodes.column(name, "t") for name in ("customer", "did", "on_day"))
    counted = {"days": [after], "days_before": before}
    outputs = [nodes.output(own, "customer"), nodes.output(did, "did")]
    outputs += [
        nodes.output(nodes.count_where(nodes.any_of([within(day, span) for span in spans])), name) for name, spans in counted.items()
    ]
    return nodes.select(outputs, nodes.named(told, "t"), group=[own.copy(), did.copy()])


def _is(one: Did, names: dict[str, str]) -> exp.Expr:
    """Whether a row grouped by at most one property is of the thing done."""
    if one.by is None:
        return nodes.all_of([nodes.missing(nodes.column(name, "d")) for name in names.values()])
    return nodes.equal(nodes.column(names[one.by.code], "d"), nodes.text(one.value))


def _sampled(one: Did, names: dict[str, str]) -> exp.Expr:
    counted = [_of_one_in(nodes.column("customer", "d"), one.one_in)] if one.one_in > 1 else []
    return nodes.all_of([_is(one, names), *counted])


def _of_one_in(key: exp.Expr, one_in: int) -> exp.Expr:
    return nodes.equal(exp.Mod(this=key.copy(), expression=nodes.number(one_in)), nodes.number(0))
