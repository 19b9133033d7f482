"""GATE 2: a compiled statement becomes text that may be run, or nothing. Law: only what is listed here passes; any exception while guarding is a refusal.

The statement is rendered for the dialect, and that text is parsed again and vetted: one SELECT of known node types, over tables of the catalog by their full names,
every column resolved to a column of its own source. What passes is the very text that was vetted. Nobody's words can make it past: no star, no command, no
table function, no file, no row taken as a value, no function but the few that the compiler uses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

import sqlglot
from sqlglot import exp

from assistant.catalog.load import TagCatalog
from assistant.errors import Fault
from assistant.sql.lists import LISTS_COLUMNS, LISTS_QUALIFIER, LISTS_TABLE, lists_named
from assistant.sql.query import GuardedQuery, Query

MOST_CHARACTERS = 400_000
MOST_NODES = 40_000
MOST_NESTING = 64

_NODES = frozenset(
    {
        exp.Add, exp.Alias, exp.And, exp.ArrayContains, exp.Avg, exp.Boolean, exp.Case, exp.Cast, exp.Coalesce, exp.Column, exp.Count, exp.CTE, exp.DataType,
        exp.DateDiff, exp.Distinct, exp.EQ, exp.Exists, exp.From, exp.Group, exp.GroupingSets, exp.GT, exp.GTE, exp.Having, exp.Identifier,
        exp.If, exp.In, exp.Is, exp.Join, exp.Limit, exp.Literal, exp.LT, exp.LTE, exp.Max, exp.Median, exp.Min, exp.Mod, exp.Mul, exp.Neg, exp.NEQ,
        exp.Not, exp.Null, exp.Nullif, exp.Or, exp.Order, exp.Ordered, exp.Paren, exp.Placeholder, exp.Quantile, exp.RowNumber, exp.Select, exp.Star, exp.Sub,
        exp.Subquery, exp.Sum, exp.Table, exp.TableAlias, exp.Tuple, exp.Union, exp.Var, exp.Where, exp.Window, exp.With,
    }
)  # fmt: skip
_TYPES = frozenset({exp.DType.DATE, exp.DType.BIGINT, exp.DType.TEXT})
_PARTS: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset({"with_", "expressions", "from_", "joins", "where", "group", "having", "order", "limit"}),
    exp.Table: frozenset({"this", "db", "catalog", "alias"}),
    exp.Subquery: frozenset({"this", "alias"}),
    exp.TableAlias: frozenset({"this"}),
    exp.Column: frozenset({"this", "table"}),
    exp.Join: frozenset({"this", "side", "on"}),
    exp.Union: frozenset({"this", "expression"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias"}),
    exp.Window: frozenset({"this", "partition_by", "order", "over"}),
    exp.Group: frozenset({"expressions", "grouping_sets"}),
    exp.In: frozenset({"this", "expressions"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.DataType: frozenset({"this", "nested"}),
    exp.Distinct: frozenset({"expressions"}),
}
"""Node types that could carry more than the compiler ever gives them: their permitted arguments."""

_READ_AS_CAST = frozenset({exp.TryCast, exp.TsOrDsToDate})
"""How sqlglot reads Spark's plain CAST and the sides of its DATEDIFF; written out as such they would not come back as the same text."""

_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and lone surrogates: Unicode's categories Cc and Cs."""

Columns = Mapping[str, frozenset[str]]
"""Table or alias -> the columns it has."""


class _Refused(Exception):
    """A reason to refuse, on its way to the rim of the gate."""


def guard(query: Query, catalog: TagCatalog, dialect: str, qualifier: tuple[str, ...]) -> GuardedQuery:
    """The statement as vetted text for one dialect, its fingerprint the first 16 hex digits of sha256 over dialect and text.

    Fault `guard_refused` (reason) when anything in it is not listed, or when guarding itself fails.
    """
    try:
        if not isinstance(query.tree, exp.Select):
            raise _Refused("statement")
        if any(number >= MOST_NODES for number, _ in enumerate(query.tree.walk())):
            raise _Refused("size")
        text = query.tree.sql(dialect=dialect, comments=False, copy=False)
        lists = _vet(text, catalog, dialect, qualifier)
    except _Refused as refused:
        raise Fault("guard_refused", reason=str(refused), purpose=query.purpose) from refused
    except Exception as error:
        raise Fault("guard_refused", reason="error", purpose=query.purpose) from error
    fingerprint = hashlib.sha256(f"{dialect}\n{text}".encode()).hexdigest()[:16]
    return GuardedQuery(query.purpose, text, dialect, fingerprint, lists)


def allowed_columns(catalog: TagCatalog) -> dict[str, frozenset[str]]:
    """Every table of the catalog with every column it names."""
    header = catalog.header
    found: dict[str, set[str]] = {header.customer_table: {header.customer_key, header.snapshot_column}}
    found[header.customer_table] |= {tag.column_name for tag in catalog.tags.values()}
    for records in catalog.records.values():
        named = (records.key, records.date_column, records.time_column, records.valid_from, records.valid_to, records.count_column)
        columns = found.setdefault(records.table, set())
        columns |= {name for name in named if name is not None}
        columns |= {item.column_name for item in records.properties}
    return {table: frozenset(columns) for table, columns in found.items()}


def _vet(text: str, catalog: TagCatalog, dialect: str, qualifier: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse the text unless it is one SELECT made only of what is listed; the frozen lists it reads."""
    if len(text) > MOST_CHARACTERS:
        raise _Refused("size")
    if _nesting(text) > MOST_NESTING:
        raise _Refused("nesting")
    if _UNPRINTED.search(text):
        raise _Refused("control_character")
    statements = sqlglot.parse(text, read=dialect)
    if len(statements) != 1 or type(statements[0]) is not exp.Select:
        raise _Refused("statement")
    tree = statements[0]
    found = list(tree.walk())
    for node in found:
        _vet_node(node, dialect)
    if sum(type(node) in (exp.Placeholder, exp.ArrayContains) for node in found) not in (0, 2):
        raise _Refused("parameter")
    if any(type(node) is exp.With and node is not tree.args.get("with_") for node in found):
        raise _Refused("inner_with")
    aliases = frozenset(node.name for node in found if type(node) is exp.TableAlias)
    _Scope(allowed_columns(catalog), qualifier, aliases).vet(tree)
    if tree.sql(dialect=dialect, comments=False, copy=False) != text:
        raise _Refused("round_trip")
    return lists_named(tree)


def _nesting(text: str) -> int:
    """Deepest nesting of parentheses and CASE-free brackets outside quotes: known before anything recursive reads the text."""
    depth = deepest = 0
    quote = ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def _vet_node(node: exp.Expr, dialect: str) -> None:
    kind: type[exp.Expr] = type(node)
    if dialect == "spark" and kind in _READ_AS_CAST:
        kind = exp.Cast
    if kind not in _NODES:
        raise _Refused(f"node {kind.__name__}")
    permitted = _PARTS.get(kind)
    if permitted is not None:
        extra = [name for name, value in node.args.items() if value and name not in permitted]
        if extra:
            raise _Refused(f"part {kind.__name__}.{extra[0]}")
    if kind is exp.Star and not isinstance(node.parent, exp.Count):
        raise _Refused("star")
    if kind is exp.Placeholder and not (isinstance(node.parent, exp.ArrayContains) and node.arg_key == "this" and not node.this):
        raise _Refused("parameter")
    if kind is exp.DataType and node.this not in _TYPES:
        raise _Refused("type")
    if kind is exp.Var and not (isinstance(node.parent, exp.DateDiff) and node.name.upper() == "DAY"):
        raise _Refused("word")
    if kind is exp.Tuple and not isinstance(node.parent, exp.GroupingSets):
        raise _Refused("tuple")
    if kind is exp.Join and node.args.get("side") not in ("LEFT", "FULL"):
        raise _Refused("join")


class _Scope:
    """Who may be read where: resolves every column of every SELECT to its source."""

    def __init__(self, tables: Columns, qualifier: tuple[str, ...], aliases: frozenset[str]) -> None:
        self.tables = tables
        self.qualifier = qualifier
        self.aliases = aliases
        self.shared: dict[str, frozenset[str]] = {}

    def vet(self, tree: exp.Select) -> None:
        """Refuse any table or column that is not known. Common tables see only those before them."""
        with_ = tree.args.get("with_")
        for common in with_.expressions if with_ else ():
            name = common.alias
            if name in self.tables or name in self.shared:
                raise _Refused("common_table_name")
            self.shared[name] = self._outputs(common.this, {})
        self._outputs(tree, {})

    def _outputs(self, select: exp.Expr, around: Columns) -> frozenset[str]:
        """The output names of a SELECT, all of whose columns were found in its own sources or those around it; or of several one after the other (UNION ALL), that name
        the same columns in the same order."""
        if type(select) is exp.Union:
            listed = {tuple(one.alias_or_name for one in side.expressions) for side in _sides(select)}
            if len(listed) != 1:
                raise _Refused("union")
            (found,) = {self._outputs(side, around) for side in _sides(select)}
            return found
        if type(select) is not exp.Select:
            raise _Refused("select")
        own: dict[str, frozenset[str]] = {}
        from_ = select.args.get("from_")
        if from_ is None:
            raise _Refused("no_source")
        for source in (from_.this, *(join.this for join in select.args.get("joins") or ())):
            alias = source.alias
            if not alias or alias in own:
                raise _Refused("alias")
            own[alias] = self._source(source)
        visible = {**around, **own}
        for node in _own_nodes(select):
            if isinstance(node, exp.Column):
                self._vet_column(node, visible)
            elif isinstance(node, exp.Exists):
                self._outputs(node.this, visible)
        names = [one.alias_or_name for one in select.expressions]
        if len(set(names)) != len(names):
            raise _Refused("output_twice")
        return frozenset(names)

    def _source(self, source: exp.Expr) -> frozenset[str]:
        if type(source) is exp.Subquery:
            return self._outputs(source.this, {})
        if type(source) is not exp.Table or type(source.this) is not exp.Identifier:
            raise _Refused("source")
        if not source.db and not source.catalog:
            if source.name not in self.shared:
                raise _Refused("table")
            return self.shared[source.name]
        place = tuple(part for part in (source.catalog, source.db) if part)
        if (*place, source.name) == (*LISTS_QUALIFIER, LISTS_TABLE):
            return LISTS_COLUMNS
        if place != self.qualifier or source.name not in self.tables:
            raise _Refused("table")
        return self.tables[source.name]

    def _vet_column(self, column: exp.Column, visible: Columns) -> None:
        if (
            type(column.this) is not exp.Identifier
            or column.name in self.aliases
            or column.name not in visible.get(column.table, frozenset())
        ):
            raise _Refused(f"column {column.table}.{column.name}"[:64])


def _sides(union: exp.Expr) -> Iterator[exp.Expr]:
    """The SELECTs that stand one after the other."""
    while type(union) is exp.Union:
        if union.args.get("distinct") is not False:
            raise _Refused("union")
        yield union.expression
        union = union.this
    yield union


def _own_nodes(select: exp.Select) -> Iterator[exp.Expr]:
    """The nodes of a SELECT without its sources, its common tables and what is inside other SELECTs."""
    waiting: list[exp.Expr] = []
    for name, value in select.args.items():
        if name == "joins":
            waiting += [join.args["on"] for join in value or () if join.args.get("on") is not None]
        elif name not in ("from_", "with_"):
            waiting += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, exp.Expr)]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, exp.Exists):
            if isinstance(node, exp.Select | exp.Subquery | exp.Union):
                raise _Refused("subquery")
            waiting += list(node.iter_expressions())
