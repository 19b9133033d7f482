"""The guard passes what the compiler makes and nothing else, however it is spelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.rule.tree import AllOf, Filter, RecordCondition, TagCondition
from assistant.rule.window import Rolling
from assistant.sql import compile as plans
from assistant.sql import nodes
from assistant.sql.guard import _vet, allowed_columns, guard
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule
from tests.sql.small_bank import AS_OF, CATALOG, QUALIFIER, TABLES, rule, write

TAGS = "small_bank.main.tags"
ATTACKS = [
    "SELECT 1",
    f"SELECT * FROM {TAGS} AS c",
    f"SELECT c.* FROM {TAGS} AS c",
    f"SELECT COUNT(c.*) AS n FROM {TAGS} AS c",
    f"SELECT c AS n FROM {TAGS} AS c",
    f"SELECT c.c AS n FROM {TAGS} AS c",
    f"SELECT MAX(c) AS n FROM {TAGS} AS c",
    f"SELECT tags AS n FROM {TAGS}",
    f"SELECT age FROM {TAGS} AS c",
    f"SELECT c.phone FROM {TAGS} AS c",
    f"SELECT c.rowid FROM {TAGS} AS c",
    f"SELECT to_json(c) AS n FROM {TAGS} AS c",
    f"SELECT c.age::DOUBLE AS n FROM {TAGS} AS c",
    f"SELECT COLUMNS('ph.*') FROM {TAGS} AS c",
    f"SELECT MAX(COLUMNS(*)) FROM {TAGS} AS c",
    f"FROM {TAGS}",
    f"TABLE {TAGS}",
    f"SUMMARIZE {TAGS}",
    f"DESCRIBE {TAGS}",
    "SHOW TABLES",
    "SELECT c.age FROM tags AS c",
    "SELECT c.age FROM main.tags AS c",
    "SELECT c.age FROM other.main.tags AS c",
    "SELECT c.age FROM small_bank.secret.tags AS c",
    "SELECT c.age FROM small_bank.main.bank_info AS c",
    "SELECT c.table_name FROM information_schema.tables AS c",
    "SELECT c.table_name FROM duckdb_tables() AS c",
    "SELECT c.content FROM read_text('/etc/passwd') AS c",
    "SELECT c.age FROM read_csv('/etc/passwd') AS c",
    "SELECT c.age FROM '/etc/passwd' AS c",
    'SELECT c.age FROM "/etc/passwd" AS c',
    "SELECT c.age FROM glob('/*') AS c",
    "SELECT c.age FROM query('SELECT 1') AS c",
    "SELECT c.age FROM range(4000000000) AS c",
    "SELECT c.age FROM (VALUES (1)) AS c(age)",
    "SELECT c.age FROM frame AS c",
    f"SELECT c.age FROM {TAGS} AS c(age)",
    f"SELECT c.age FROM {TAGS} AS c TABLESAMPLE 10 PERCENT",
    f"SELECT c.age FROM {TAGS} AS c, {TAGS} AS d",
    f"SELECT c.age FROM {TAGS} AS c CROSS JOIN {TAGS} AS d",
    f"SELECT c.age FROM {TAGS} AS c JOIN {TAGS} AS d ON d.one_id = c.one_id",
    f"SELECT c.age FROM {TAGS} AS c LEFT JOIN {TAGS} AS c ON TRUE",
    f"SELECT c.age FROM {TAGS} AS c POSITIONAL JOIN {TAGS} AS d",
    f"SELECT c.age INTO x FROM {TAGS} AS c",
    f"SELECT DISTINCT ON (c.age) c.age FROM {TAGS} AS c",
    f"SELECT c.age FROM {TAGS} AS c QUALIFY ROW_NUMBER() OVER () = 1",
    f"SELECT c.age FROM {TAGS} AS c UNION ALL SELECT d.age FROM {TAGS} AS d",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION SELECT d.age FROM {TAGS} AS d) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION SELECT d.age FROM {TAGS} AS d UNION ALL SELECT e.age FROM {TAGS} AS e) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION ALL SELECT d.gender FROM {TAGS} AS d) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION ALL SELECT d.phone AS age FROM {TAGS} AS d) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION ALL BY NAME SELECT d.age FROM {TAGS} AS d) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION ALL FROM {TAGS}) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c EXCEPT ALL SELECT d.age FROM {TAGS} AS d) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION ALL SELECT d.age FROM {TAGS} AS d WHERE d.age = c.age) AS k",
    f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION ALL SELECT d.age FROM {TAGS} AS d LIMIT 1) AS k",
    f"(SELECT c.age FROM {TAGS} AS c)",
    f"SELECT c.age FROM {TAGS} AS c; SELECT c.age FROM {TAGS} AS c",
    f"SELECT (SELECT MAX(d.age) FROM {TAGS} AS d) AS n FROM {TAGS} AS c",
    f"SELECT c.age FROM {TAGS} AS c WHERE c.age IN (SELECT d.age FROM {TAGS} AS d)",
    f"SELECT (c.age, c.gender) AS n FROM {TAGS} AS c",
    f"SELECT c.age FROM {TAGS} AS c WHERE EXISTS(SELECT 1 FROM small_bank.main.bank_info AS d)",
    f"SELECT c.age FROM {TAGS} AS c WHERE EXISTS(SELECT 1 FROM {TAGS} AS d WHERE e.age = 1)",
    f"SELECT d.age FROM {TAGS} AS c WHERE EXISTS(SELECT 1 FROM {TAGS} AS d)",
    f"SELECT c.age FROM (SELECT d.phone AS age FROM {TAGS} AS d) AS c",
    f"SELECT c.phone FROM (SELECT d.age FROM {TAGS} AS d) AS c",
    f"SELECT c.age FROM {TAGS} AS c LEFT JOIN (SELECT d.one_id FROM {TAGS} AS d WHERE d.age = c.age) AS k ON k.one_id = c.one_id",
    "WITH tags AS (SELECT c.pwd AS age FROM small_bank.main.staff AS c) SELECT t.age FROM tags AS t",
    f"WITH tags AS (SELECT c.age FROM {TAGS} AS c) SELECT t.age FROM tags AS t",
    f"WITH RECURSIVE x AS (SELECT c.age FROM {TAGS} AS c) SELECT t.age FROM x AS t",
    "WITH x AS (SELECT t.age FROM x AS t) SELECT t.age FROM x AS t",
    f"WITH x AS (DELETE FROM {TAGS} RETURNING age) SELECT t.age FROM x AS t",
    f"SELECT k.age FROM (WITH y AS (SELECT c.age FROM {TAGS} AS c) SELECT t.age FROM y AS t) AS k",
    f"SELECT error(c.age) AS n FROM {TAGS} AS c",
    f"SELECT getenv('HOME') AS n FROM {TAGS} AS c",
    f"SELECT current_setting('memory_limit') AS n FROM {TAGS} AS c",
    f"SELECT CURRENT_DATE AS n FROM {TAGS} AS c",
    f"SELECT repeat('x', 4000000000) AS n FROM {TAGS} AS c",
    f"SELECT lpad('x', 2000000000, 'y') AS n FROM {TAGS} AS c",
    f"SELECT levenshtein('a', 'b') AS n FROM {TAGS} AS c",
    f"SELECT c.age / 0 AS n FROM {TAGS} AS c",
    f"SELECT c.gender || 'x' AS n FROM {TAGS} AS c",
    f"SELECT c.gender LIKE '%' AS n FROM {TAGS} AS c",
    f"SELECT [c.age] AS n FROM {TAGS} AS c",
    f"SELECT STRUCT_PACK(a := c.age) AS n FROM {TAGS} AS c",
    f"SELECT c.age -> 'x' AS n FROM {TAGS} AS c",
    f"SELECT LIST_TRANSFORM([1], lambda x: x) AS n FROM {TAGS} AS c",
    f"SELECT CAST(c.gender AS BLOB) AS n FROM {TAGS} AS c",
    f"SELECT CAST(c.gender AS INTEGER[]) AS n FROM {TAGS} AS c",
    f"SELECT TRY_CAST(c.gender AS DATE) AS n FROM {TAGS} AS c",
    f"SELECT c.age FROM {TAGS} AS c WHERE c.age = ?",
    f"SELECT c.age FROM {TAGS} AS c WHERE c.age = $1",
    f"SELECT c.age FROM {TAGS} AS c LIMIT 5 OFFSET 5",
    f"SELECT c.age, c.age FROM {TAGS} AS c",
    f"SELECT DATE_DIFF('YEAR', c.opened, c.matures) AS n FROM {TAGS} AS c",
    f"SELECT COUNT(*) FILTER (WHERE c.age > 1) AS n FROM {TAGS} AS c",
    f"INSERT INTO {TAGS} SELECT c.age FROM {TAGS} AS c",
    f"DELETE FROM {TAGS}",
    f"UPDATE {TAGS} SET age = 1",
    f"DROP TABLE {TAGS}",
    "CREATE TEMP TABLE tags AS SELECT 1",
    "CREATE MACRO tags() AS 1",
    f"COPY {TAGS} TO '/tmp/x.csv'",
    "ATTACH '/tmp/x' AS x",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '100GB'",
    "PRAGMA database_list",
    "USE secret",
    "BEGIN",
    "CALL pragma_version()",
    f"EXPLAIN ANALYZE SELECT c.age FROM {TAGS} AS c",
    f"PREPARE v AS SELECT c.age FROM {TAGS} AS c",
    "EXECUTE v",
    "VACUUM",
    "CHECKPOINT",
]


def refused(tree: exp.Expr) -> str:
    with pytest.raises(Fault) as caught:
        guard(Query("attack", tree), CATALOG, "duckdb", QUALIFIER)  # type: ignore[arg-type]
    assert caught.value.code == "guard_refused"
    return str(caught.value.params["reason"])


def passes(text: str) -> bool:
    try:
        _vet(text, CATALOG, "duckdb", QUALIFIER)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_passes_as_text(attack: str) -> None:
    assert not passes(attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_passes_as_a_tree(attack: str) -> None:
    try:
        trees = sqlglot.parse(attack, read="duckdb")
    except sqlglot.errors.SqlglotError:
        return
    for tree in trees:
        if len(trees) == 1 and tree is not None:
            assert refused(tree)


def test_the_shape_of_the_attacks_is_not_what_refuses_them() -> None:
    assert passes(f"SELECT c.age FROM {TAGS} AS c")
    assert passes(
        f"WITH x AS (SELECT c.age FROM {TAGS} AS c) SELECT t.age FROM x AS t WHERE EXISTS(SELECT 1 FROM {TAGS} AS d WHERE d.age = t.age)"
    )
    assert passes(f"SELECT k.age FROM (SELECT c.age FROM {TAGS} AS c UNION ALL SELECT d.age FROM {TAGS} AS d) AS k")


def test_text_smuggled_through_a_node_is_read_again() -> None:
    tree = nodes.select([nodes.column("age", "c")], nodes.table(QUALIFIER, "tags", "c"))
    tree.set("limit", exp.Limit(expression=exp.Literal(this=f"1; DROP TABLE {TAGS}", is_string=False)))
    assert refused(tree) == "statement"
    tree.set("limit", exp.Limit(expression=exp.Literal(this="1 OFFSET 2", is_string=False)))
    assert refused(tree).startswith("part Select.offset")
    tree.set("limit", None)
    tree.set("from_", exp.From(this=exp.Table(this=exp.Identifier(this="tags AS c, x", quoted=False), db=exp.to_identifier("main"))))
    assert refused(tree)


def test_sizes_are_refused_before_anything_is_parsed() -> None:
    deep: exp.Expr = nodes.truth(True)
    for _ in range(80):
        deep = exp.Paren(this=deep)
    source = nodes.table(QUALIFIER, "tags", "c")
    assert refused(nodes.select([nodes.number(1)], source.copy(), [deep])) == "nesting"
    wide = exp.In(this=nodes.column("age", "c"), expressions=[nodes.number(one) for one in range(50_000)])
    assert refused(nodes.select([nodes.number(1)], source.copy(), [wide])) == "size"
    long = nodes.equal(nodes.column("gender", "c"), nodes.text("x" * 500_000))
    assert refused(nodes.select([nodes.number(1)], source.copy(), [long])) == "size"


def test_a_failure_while_guarding_is_a_refusal() -> None:
    bottomless = nodes.truth(True)
    for _ in range(20_000):
        bottomless = exp.Paren(this=bottomless)  # type: ignore[assignment]
    assert refused(nodes.select([bottomless], nodes.table(QUALIFIER, "tags", "c"))) in ("error", "nesting")


HOSTILE = [
    "' OR 1=1 --", "'; DROP TABLE tags; --", "x' UNION SELECT * FROM tags --", "\\", "\\'", "''", '"', "`", "$$", "%s", "{0}", "?", "$1", ":a",
    "/* */", "--", ";", "é", "é", "ﾃ", "𠮷", "‮abc", "​", "NULL", "((((((", "😀", "' || (SELECT 1) || '", "E'\\x41'", "U&'\\0041'", "x'41'",
]  # fmt: skip


def by_version(value: str) -> ValidatedRule:
    """A rule that carries any text as a value: the version is an enum without a list."""
    return rule(RecordCondition(records="login", filters=(Filter(property="version", operator="in", value=(value,)),)))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_a_value(tmp_path: Path, value: str) -> None:
    logins = [{"one_id": 2, "day": AS_OF, "version": value}, {"one_id": 3, "day": AS_OF, "version": "1.0"}]
    engine = DuckDBEngine(write(tmp_path / "small_bank.duckdb", {**TABLES, "record_login": logins}), threads=1)
    assert engine.execute(guard(plans.members(by_version(value), QUALIFIER), CATALOG, "duckdb", QUALIFIER)).rows == ((2,),)
    engine.close()


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60), st.sampled_from(["duckdb", "spark"]))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_inert_literal(value: str, dialect: str) -> None:
    found = guard(plans.count(by_version(value), QUALIFIER), CATALOG, dialect, QUALIFIER)
    assert value in {literal.this for literal in sqlglot.parse_one(found.text, read=dialect).find_all(exp.Literal)}


def test_a_control_character_is_refused() -> None:
    with pytest.raises(Fault, match="control_character"):
        guard(plans.count(by_version("a\x00b"), QUALIFIER), CATALOG, "duckdb", QUALIFIER)


def test_fingerprint_tells_dialects_and_statements_apart() -> None:
    def fingerprint(code: str, dialect: str) -> str:
        asked = rule(TagCondition(tag="gender", operator="in", value=(code,)))
        return guard(plans.count(asked, QUALIFIER), CATALOG, dialect, QUALIFIER).fingerprint

    assert fingerprint("F", "duckdb") == fingerprint("F", "duckdb")
    assert len({fingerprint("F", "duckdb"), fingerprint("M", "duckdb"), fingerprint("F", "spark")}) == 3
    assert len(fingerprint("F", "duckdb")) == 16


@pytest.mark.parametrize("plan", [plans.count, plans.members, plans.unknowns])
def test_a_statement_is_the_same_however_often_it_is_guarded(plan: Callable[[ValidatedRule, tuple[str, ...]], Query]) -> None:
    """The gate renders the tree itself, not a copy: another dialect before leaves no trace in it."""
    late = TagCondition(tag="opened", operator="within", value=Rolling(n=90))
    asked = rule(AllOf(children=(TagCondition(tag="gender", operator="in", value=("F",)), RecordCondition(records="login"), late)))
    query = plan(asked, QUALIFIER)
    for dialect in ("spark", "duckdb", "spark", "duckdb"):
        assert guard(query, CATALOG, dialect, QUALIFIER).text == guard(plan(asked, QUALIFIER), CATALOG, dialect, QUALIFIER).text


def test_only_the_rule_s_own_qualifier_passes() -> None:
    query = plans.count(rule(AllOf()), ("elsewhere", "main"))
    with pytest.raises(Fault, match="table"):
        guard(query, CATALOG, "duckdb", QUALIFIER)


def test_allowed_columns_are_the_catalog_s() -> None:
    allowed = allowed_columns(CATALOG)
    assert set(allowed) == {"tags", "record_login", "record_transfer", "record_quick_pay", "record_holding"}
    assert allowed["record_holding"] == {"one_id", "product", "amount", "due", "valid_from", "valid_to"}
    assert "credit_wan" in allowed["tags"]
    assert "credit" not in allowed["tags"]
