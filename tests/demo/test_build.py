"""The synthetic bank: deterministic, consistent with itself and with the catalog, calibrated, with its stories in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant.catalog.load import TagCatalog
from assistant.demo.build import BuildReport, build_demo, snapshot_dates
from assistant.errors import UserError

AS_OF = date(2026, 9, 24)
BASE = "cust_status IN ('active', 'controlled') AND cust_scope <> 'card_only'"
NOW = f"snapshot_date = DATE '{AS_OF}' AND {BASE}"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    return build_demo(tmp_path_factory.mktemp("bank") / "bank.duckdb", customers=20_000)


@pytest.fixture(scope="module")
def bank(report: BuildReport) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(report.path), read_only=True) as connection:
        yield connection


def one(bank: duckdb.DuckDBPyConnection, sql: str) -> float:
    row = bank.execute(sql).fetchone()
    assert row is not None
    return float(row[0])


def none_of(bank: duckdb.DuckDBPyConnection, sql: str) -> None:
    """The query finds no offending row."""
    rows = bank.execute(sql).fetchmany(5)
    assert rows == []


def test_snapshot_dates_are_month_ends_and_as_of() -> None:
    dates = snapshot_dates(AS_OF)
    assert len(dates) == 15
    assert (dates[0], dates[-2], dates[-1]) == (date(2025, 7, 31), date(2026, 8, 31), AS_OF)


def test_bad_arguments_are_named(tmp_path: Path) -> None:
    for arguments, code in (
        ({"customers": 0}, "demo_customers"),
        ({"seed": -1}, "demo_seed"),
        ({"stories": tmp_path / "none.yaml"}, "demo_stories"),
    ):
        with pytest.raises(UserError) as caught:
            build_demo(tmp_path / "x.duckdb", **arguments)
        assert caught.value.code == code
    with pytest.raises(UserError) as caught:
        build_demo(tmp_path / "none" / "x.duckdb")
    assert caught.value.code == "demo_folder"
    assert list(tmp_path.iterdir()) == []


def test_equal_seeds_give_equal_data(tmp_path: Path) -> None:
    found = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        report = build_demo(tmp_path / f"{name}.duckdb", customers=400, seed=seed)
        with duckdb.connect(str(report.path), read_only=True) as connection:
            hashes = {
                table: connection.execute(
                    f"SELECT count(*), bit_xor(hash(x)), sum(hash(x)::HUGEINT * (x.rowid % 1009)) FROM (SELECT t, rowid FROM {table} t) x"
                ).fetchone()
                for table in report.rows
            }
        found.append((hashes, report.truth.read_text()))
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_every_online_tag_has_its_column(bank: duckdb.DuckDBPyConnection) -> None:
    kinds = {
        "integer": ("INTEGER",),
        "decimal": ("DECIMAL",),
        "flag": ("BOOLEAN",),
        "enum": ("VARCHAR",),
        "date": ("DATE",),
        "month_day": ("VARCHAR",),
    }
    columns = {name: kind for name, kind, *_ in bank.execute("DESCRIBE tags").fetchall()}
    catalog = TagCatalog.load()
    faults: list[object] = []
    for tag in catalog.tags.values():
        if tag.status != "online":
            continue
        kind = columns.get(tag.column_name)
        if kind is None or not kind.startswith(kinds[tag.type]):
            faults.append((tag.code, tag.type, kind))
        elif catalog.values(tag):
            faults += _strays(bank, "tags", tag.column_name, {value.code for value in catalog.values(tag)})
    assert faults == []


def test_every_record_set_has_its_table(bank: duckdb.DuckDBPyConnection) -> None:
    kinds = {
        "integer": ("INTEGER", "BIGINT"),
        "decimal": ("DECIMAL",),
        "flag": ("BOOLEAN",),
        "enum": ("VARCHAR",),
        "date": ("DATE",),
        "month_day": ("VARCHAR",),
    }
    catalog = TagCatalog.load()
    faults: list[object] = []
    tables = {name for (name,) in bank.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for record in catalog.records.values():
        if record.status != "online":
            continue
        if record.table not in tables:
            faults.append((record.code, record.table))
            continue
        columns = {name: kind for name, kind, *_ in bank.execute(f"DESCRIBE {record.table}").fetchall()}
        faults += [
            (record.code, name)
            for name in (record.key, record.date_column, record.time_column, record.valid_from, record.valid_to, record.count_column)
            if name and name not in columns
        ]
        for item in record.properties:
            kind = columns.get(item.column_name)
            if kind is None or not kind.startswith(kinds[item.type]):
                faults.append((record.code, item.code, item.type, kind))
            elif catalog.values(item):
                faults += _strays(bank, record.table, item.column_name, {value.code for value in catalog.values(item)})
    assert faults == []


def _strays(bank: duckdb.DuckDBPyConnection, table: str, column: str, codes: set[str]) -> list[object]:
    found = {code for (code,) in bank.execute(f'SELECT DISTINCT "{column}" FROM {table} WHERE "{column}" IS NOT NULL').fetchall()}
    return [(table, column, sorted(found - codes))] if found - codes else []


def test_order_on_disk(bank: duckdb.DuckDBPyConnection) -> None:
    for table, key in (
        ("tags", "(snapshot_date, one_id)"),
        ("record_app_login", "ts"),
        ("record_transfer_out", "ts"),
        ("daily_activity", "(record, day, one_id)"),
    ):
        assert one(bank, f"SELECT count(*) FROM (SELECT {key} < lag({key}) OVER (ORDER BY rowid) AS back FROM {table}) WHERE back") == 0, (
            table
        )


def test_behaviour_tags_count_the_records(bank: duckdb.DuckDBPyConnection) -> None:
    for tag, record, where in (
        ("app_login_cnt_30d", "app_login", "true"),
        ("wealth_view_cnt_30d", "zone_view", "zone = 'wealth'"),
        ("loan_view_cnt_30d", "zone_view", "zone IN ('loan', 'mortgage')"),
    ):
        none_of(
            bank,
            f"""
            SELECT t.snapshot_date, t.one_id, t.{tag}, n FROM tags t
            LEFT JOIN (SELECT s.snapshot_date, r.one_id, count(*) AS n FROM record_{record} r
                       JOIN (SELECT DISTINCT snapshot_date FROM tags) s ON r.day BETWEEN s.snapshot_date - 29 AND s.snapshot_date WHERE {where} GROUP BY ALL) c
                ON c.snapshot_date = t.snapshot_date AND c.one_id = t.one_id WHERE t.{tag} <> coalesce(n, 0)""",
        )
    none_of(
        bank,
        f"""SELECT t.one_id FROM tags t JOIN (SELECT one_id, max(day) AS day, count(DISTINCT day) FILTER (day > DATE '{AS_OF}' - 30) AS days FROM record_app_login GROUP BY one_id) l USING (one_id)
        WHERE snapshot_date = DATE '{AS_OF}' AND app_reg_flag AND (app_last_login <> l.day OR app_login_days_30d <> l.days)""",
    )


@pytest.mark.parametrize(
    ("tag", "table", "amount", "where"),
    [
        ("wealth_bal", "wealth_holding", "amt", "true"),
        ("wealth_cash_bal", "wealth_holding", "amt", "product_type = 'cash'"),
        ("dep_time_bal", "deposit_holding", "amt", "kind IN ('td', 'notice')"),
        ("lcd_bal", "deposit_holding", "amt", "kind = 'lcd'"),
        ("struct_dep_bal", "deposit_holding", "amt", "kind = 'struct'"),
        ("fund_bal", "fund_holding", "amt", "true"),
    ],
)
def test_balances_are_sums_of_holdings(bank: duckdb.DuckDBPyConnection, tag: str, table: str, amount: str, where: str) -> None:
    none_of(
        bank,
        f"""
        SELECT t.snapshot_date, t.one_id, t.{tag}, held FROM tags t
        LEFT JOIN (SELECT s.snapshot_date, r.one_id, sum({amount}) AS held FROM record_{table} r
                   JOIN (SELECT DISTINCT snapshot_date FROM tags) s ON r.valid_from <= s.snapshot_date AND (r.valid_to IS NULL OR r.valid_to >= s.snapshot_date) WHERE {where} GROUP BY ALL) h
            ON h.snapshot_date = t.snapshot_date AND h.one_id = t.one_id WHERE t.{tag} <> coalesce(held, 0)""",
    )


def test_assets_are_the_sum_of_their_parts(bank: duckdb.DuckDBPyConnection) -> None:
    premium = "(SELECT one_id, sum(premium) AS premium FROM record_insurance_policy WHERE valid_to IS NULL GROUP BY one_id)"
    none_of(
        bank,
        f"""SELECT one_id FROM tags LEFT JOIN {premium} USING (one_id) WHERE {NOW}
        AND aum_bal <> dep_demand_bal + dep_time_bal + lcd_bal + struct_dep_bal + wealth_bal + fund_bal + coalesce(premium, 0) + bond_bal + gold_bal""",
    )
    none_of(bank, "SELECT one_id FROM tags WHERE aum_chg_mtd <> aum_bal - aum_last_me OR aum_chg_ytd <> aum_bal - aum_year_begin")
    none_of(
        bank,
        """SELECT a.one_id FROM tags a JOIN tags b ON a.one_id = b.one_id AND b.snapshot_date = last_day(a.snapshot_date + 1)
        WHERE a.snapshot_date = last_day(a.snapshot_date) AND (b.aum_avg_last_m <> a.aum_avg_mtd OR b.aum_last_me <> a.aum_bal)""",
    )


def test_next_maturities_come_from_the_holdings(bank: duckdb.DuckDBPyConnection) -> None:
    for tag, amount, table, where in (
        ("wealth_next_mature", "wealth_mature_amt_30d", "wealth_holding", "true"),
        ("time_next_mature", "time_mature_amt_30d", "deposit_holding", "kind IN ('td', 'lcd', 'notice')"),
    ):
        none_of(
            bank,
            f"""
            SELECT t.one_id, t.{tag}, h.due, t.{amount}, h.amt FROM tags t
            LEFT JOIN (SELECT one_id, min(maturity_date) AS due, sum(amt) FILTER (maturity_date <= DATE '{AS_OF}' + 30) AS amt FROM record_{table}
                       WHERE valid_from <= DATE '{AS_OF}' AND valid_to IS NULL AND maturity_date > DATE '{AS_OF}' AND {where} GROUP BY one_id) h USING (one_id)
            WHERE snapshot_date = DATE '{AS_OF}' AND (t.{tag} IS DISTINCT FROM h.due OR t.{amount} <> coalesce(h.amt, 0))""",
        )


def test_tiers_and_grid_follow_the_averages(bank: duckdb.DuckDBPyConnection) -> None:
    rank = "CASE WHEN {0} >= 6000000 THEN 6 WHEN {0} >= 2000000 THEN 5 WHEN {0} >= 500000 THEN 4 WHEN {0} >= 200000 THEN 3 WHEN {0} >= 50000 THEN 2 ELSE 1 END"
    own = rank.format("aum_avg_last_m")
    none_of(
        bank, f"SELECT one_id FROM tags WHERE right(cust_tier, 1)::INTEGER < {own} OR tier_watch <> (right(cust_tier, 1)::INTEGER > {own})"
    )
    none_of(
        bank,
        f"""
        WITH h AS (SELECT one_id, snapshot_date, cust_tier, {own} AS own, max({own}) OVER w3 AS best3, max({own}) OVER w6 AS best6, row_number() OVER (PARTITION BY one_id ORDER BY snapshot_date) AS n
                   FROM tags WINDOW w3 AS (PARTITION BY one_id ORDER BY snapshot_date ROWS 2 PRECEDING), w6 AS (PARTITION BY one_id ORDER BY snapshot_date ROWS 5 PRECEDING))
        SELECT one_id FROM h WHERE n >= 6 AND right(cust_tier, 1)::INTEGER <> CASE WHEN best6 = 6 THEN 6 ELSE best3 END""",
    )
    none_of(
        bank,
        """SELECT one_id FROM tags WHERE grid16_cell <> mau_band || aum_grid_band
        OR mau_band <> CASE WHEN app_login_cnt_30d = 0 THEN 'M1' WHEN app_login_cnt_30d <= 3 THEN 'M2' WHEN app_login_cnt_30d < 15 THEN 'M3' ELSE 'M4' END
        OR aum_grid_band <> CASE WHEN aum_avg_last_m < 10000 THEN 'A1' WHEN aum_avg_last_m < 50000 THEN 'A2' WHEN aum_avg_last_m < 500000 THEN 'A3' ELSE 'A4' END""",
    )


def test_flags_agree_with_states(bank: duckdb.DuckDBPyConnection) -> None:
    none_of(
        bank,
        "SELECT t.one_id FROM tags t WHERE cc_flag <> EXISTS (SELECT 1 FROM record_credit_card r WHERE r.one_id = t.one_id AND r.valid_from <= t.snapshot_date AND (r.valid_to IS NULL OR r.valid_to >= t.snapshot_date))",
    )
    none_of(
        bank,
        "SELECT t.one_id FROM tags t WHERE mort_flag <> EXISTS (SELECT 1 FROM record_loan r WHERE r.one_id = t.one_id AND kind = 'mortgage' AND r.valid_from <= t.snapshot_date AND (r.valid_to IS NULL OR r.valid_to >= t.snapshot_date))",
    )
    none_of(
        bank,
        f"SELECT t.one_id FROM tags t LEFT JOIN (SELECT one_id, sum(balance) AS balance FROM record_loan WHERE kind = 'mortgage' AND valid_to IS NULL GROUP BY one_id) l USING (one_id) WHERE snapshot_date = DATE '{AS_OF}' AND mort_bal <> coalesce(balance, 0)",
    )
    none_of(
        bank,
        "SELECT t.one_id FROM tags t JOIN record_wealth_buy b ON b.one_id = t.one_id AND b.day <= t.snapshot_date WHERE wealth_first_buy IS NULL OR wealth_first_buy > b.day",
    )
    none_of(bank, "SELECT one_id FROM tags WHERE wealth_bal > 0 AND wealth_first_buy IS NULL OR fund_bal > 0 AND fund_first_buy IS NULL")


def test_nothing_happens_before_the_relation(bank: duckdb.DuckDBPyConnection, report: BuildReport) -> None:
    for table in report.rows:
        if table.startswith("record_") and "ts" in {row[0] for row in bank.execute(f"DESCRIBE {table}").fetchall()}:
            none_of(
                bank,
                f"SELECT '{table}', r.one_id FROM {table} r JOIN tags t ON t.one_id = r.one_id AND t.snapshot_date = DATE '{AS_OF}' WHERE r.day < t.open_date OR r.day > DATE '{AS_OF}' OR r.ts::DATE <> r.day",
            )
            none_of(
                bank,
                f"SELECT '{table}', r.one_id FROM {table} r JOIN tags t ON t.one_id = r.one_id AND t.snapshot_date = DATE '{AS_OF}' WHERE r.channel = 'app' AND t.app_reg_flag AND r.day < t.app_reg_date",
            )


def test_roll_up(bank: duckdb.DuckDBPyConnection) -> None:
    none_of(
        bank,
        """SELECT * FROM (SELECT day, one_id, cnt FROM daily_activity WHERE record = 'zone_view') a FULL JOIN (SELECT day, one_id, count(*) AS n FROM record_zone_view GROUP BY ALL) b USING (day, one_id)
        WHERE cnt IS DISTINCT FROM n""",
    )
    none_of(bank, "SELECT one_id, day, platform FROM record_quickpay_pay GROUP BY ALL HAVING count(*) > 1")


TARGETS = {
    "app_reg_flag": 58, "app_mau_flag": 33, "app_login_cnt_30d > 3": 15, "dep_demand_bal > 50000": 3.9, "dep_total_bal > 0": 91, "mort_flag": 6.5, "cc_flag": 14,
    "payroll_flag": 12, "quickpay_bind_cnt > 0": 49, "wealth_bal > 0": 5.2, "consent_sms": 81, "consent_call": 64, "cust_tier = 'T1'": 84, "aum_grid_band = 'A1'": 73,
    "dep_time_bal + lcd_bal > 0": 11, "cust_tier > 'T1' AND tier_watch": 0.11 * 16, "app_login_cnt_30d > 3 AND dep_demand_bal > 50000": 0.10 * 15, "annual_income IS NULL": 47, "edu_level IS NULL": 41, "reach_pref IS NULL": 31, "mau_band = 'M1'": 64.9, "mau_band = 'M2'": 19.8,
}  # fmt: skip


@pytest.mark.parametrize(("condition", "percent"), TARGETS.items())
def test_calibration(bank: duckdb.DuckDBPyConnection, condition: str, percent: float) -> None:
    """BANK.md §1.5 within 10 % (and three standard errors of the smaller test bank)."""
    found = one(bank, f"SELECT 100 * avg(coalesce({condition}, false)::INTEGER) FROM tags WHERE {NOW}")
    people = one(bank, f"SELECT count(*) FROM tags WHERE {NOW}")
    noise = 300 * (percent / 100 * (1 - percent / 100) / people) ** 0.5
    assert found == pytest.approx(percent, abs=0.1 * percent + noise)


def test_demand_quantiles(bank: duckdb.DuckDBPyConnection) -> None:
    median, high = bank.execute(f"SELECT quantile_cont(dep_demand_bal::DOUBLE, [0.5, 0.9]) FROM tags WHERE {NOW}").fetchall()[0][0]
    assert median == pytest.approx(620, rel=0.15)
    assert high == pytest.approx(14_000, rel=0.13)


GRID = {"M1": (53.8, 5.7, 4.5, 0.9), "M2": (13.1, 3.2, 2.9, 0.6), "M3": (4.9, 2.2, 3.0, 1.0), "M4": (1.2, 0.9, 1.3, 0.8)}


def test_grid(bank: duckdb.DuckDBPyConnection) -> None:
    """BANK.md §1.3 within 12 % (and three standard errors)."""
    people = one(bank, f"SELECT count(*) FROM tags WHERE {NOW}")
    for activity, shares in GRID.items():
        for assets, percent in zip(("A1", "A2", "A3", "A4"), shares, strict=True):
            found = 100 * one(bank, f"SELECT count(*) FROM tags WHERE {NOW} AND grid16_cell = '{activity}{assets}'") / people
            noise = 300 * (percent / 100 * (1 - percent / 100) / people) ** 0.5
            assert found == pytest.approx(percent, abs=0.12 * percent + noise), activity + assets


def test_first_request_and_its_follow_ups_leave_customers(bank: duckdb.DuckDBPyConnection) -> None:
    """At least 50 of 50,000, hence 20 of 20,000."""
    assert (
        one(
            bank,
            f"""SELECT count(*) FROM tags WHERE {NOW} AND app_login_cnt_30d > 3 AND dep_demand_bal > 100000 AND wealth_view_cnt_30d >= 1
        AND reach_pref = 'app_push' AND NOT cc_flag AND home_org LIKE '31%'""",
        )
        >= 20
    )


def test_columns_that_should_be_independent_are(bank: duckdb.DuckDBPyConnection) -> None:
    for left, right in (("(gender = 'F')::INTEGER", "ln(1 + aum_bal::DOUBLE)"), ("consent_sms::INTEGER", "consent_call::INTEGER"), ("(gender = 'F')::INTEGER", "app_login_cnt_30d"),
                        ("consent_sms::INTEGER", "dep_demand_bal::DOUBLE"), ("(one_id % 2)", "app_reg_flag::INTEGER"), ("do_not_market::INTEGER", "mobile_valid::INTEGER")):  # fmt: skip
        assert abs(one(bank, f"SELECT corr({left}, {right}) FROM tags WHERE {NOW}")) < 0.03, (left, right)
    assert one(bank, f"SELECT corr((app_login_cnt_30d > 3)::INTEGER, ln(1 + aum_bal::DOUBLE)) FROM tags WHERE {NOW}") > 0.15


RATE = """SELECT count(*) FILTER (day BETWEEN DATE '2026-09-11' AND DATE '2026-09-24') / 14.0 / greatest(0.001, count(*) FILTER (day BETWEEN DATE '2025-10-01' AND DATE '2026-08-31') / 335.0)
    FROM record_zone_view r JOIN tags t ON t.one_id = r.one_id AND t.snapshot_date = DATE '2026-08-31' WHERE zone = 'mortgage' AND """


def test_mortgage_story_is_strong_in_its_trait_and_silent_elsewhere(bank: duckdb.DuckDBPyConnection) -> None:
    strong = one(bank, RATE + "mort_flag AND mort_rate_type = 'lpr' AND mort_first_home AND mort_rate >= 3.6")
    weak = one(
        bank, RATE + "mort_flag AND mort_rate_type <> 'fixed' AND NOT (mort_rate_type = 'lpr' AND mort_first_home AND mort_rate >= 3.6)"
    )
    none = one(bank, RATE + "NOT mort_flag")
    assert strong > 5
    assert 2.5 < weak < strong
    assert none < 1.7


def test_mortgage_story_knows_the_make_up_workday(bank: duckdb.DuckDBPyConnection) -> None:
    """The dip is on Sunday 13 September, not on Sunday 20 September, which is worked."""
    found = dict(bank.execute("""SELECT day, count(*) FROM record_zone_view JOIN tags t USING (one_id) WHERE zone = 'mortgage' AND t.snapshot_date = DATE '2026-08-31' AND mort_flag
        AND day BETWEEN DATE '2026-09-11' AND DATE '2026-09-24' GROUP BY day""").fetchall())  # fmt: skip
    assert found.get(date(2026, 9, 13), 0) < found.get(date(2026, 9, 20), 0) < found.get(date(2026, 9, 15), 0)


def test_mortgage_marks_the_visitors_of_the_loan_pages_most(bank: duckdb.DuckDBPyConnection) -> None:
    """Cohen's h of visitors against the rest: neither the decoys nor those whom everything in the app attracts come near."""
    visited = "one_id IN (SELECT one_id FROM record_zone_view WHERE zone IN ('loan', 'mortgage') AND day BETWEEN DATE '2026-09-11' AND DATE '2026-09-20')"

    def effect(trait: str, known: str = "true") -> float:
        share = f"asin(sqrt(avg(({trait})::INTEGER) FILTER ({{}} {visited})))"
        return one(bank, f"SELECT 2 * ({share.format('')} - {share.format('NOT')}) FROM tags WHERE {NOW} AND {known}")

    mortgage = effect("mort_flag")
    others = [
        effect(trait)
        for trait in (
            "payroll_flag",
            "cons_loan_bal > 0",
            "has_rm",
            "cc_flag",
            "aum_grid_band = 'A4'",
            "prod_hold_cnt = 3",
            "touch_cnt_14d > 0",
        )
    ]
    others += [
        effect("reach_pref = 'app_push'", "reach_pref IS NOT NULL"),
        effect("age BETWEEN 30 AND 45", "age IS NOT NULL"),
        effect("occupation = 'private'", "occupation IS NOT NULL"),
    ]
    assert mortgage > max(others) + 0.1


def test_payroll_story(bank: duckdb.DuckDBPyConnection) -> None:
    who = "(SELECT one_id FROM tags WHERE snapshot_date = DATE '2026-06-30' AND payroll_flag AND payroll_org_type = 'edu_med' AND payroll_dom = 15 AND left(home_org, 2) = '42')"
    assert one(bank, f"SELECT count(*) FROM {who}") > 10
    assert one(bank, f"SELECT count(*) FROM record_salary_credit WHERE one_id IN {who} AND day >= DATE '2026-07-01'") == 0
    assert one(bank, f"SELECT avg((payroll_gap_m = 2)::INTEGER) FROM tags WHERE snapshot_date = DATE '{AS_OF}' AND one_id IN {who}") > 0.8


def test_data_fault_story(bank: duckdb.DuckDBPyConnection) -> None:
    assert (
        one(bank, "SELECT count(*) FROM tags WHERE dep_demand_bal > 10 * aum_bal AND aum_bal > 0 AND snapshot_date = DATE '2026-05-31'")
        > 50
    )
    assert (
        one(bank, "SELECT count(*) FROM tags WHERE dep_demand_bal > 10 * aum_bal AND aum_bal > 0 AND snapshot_date <> DATE '2026-05-31'")
        == 0
    )


def test_truth_is_beside_the_file(report: BuildReport) -> None:
    truth = json.loads(report.truth.read_text(encoding="utf-8"))
    assert report.truth.name == "bank.truth.json"
    assert [story["id"] for story in truth["stories"]][:3] == ["ST01", "ST02", "ST03"]
    assert all(effect["customers"] > 0 for story in truth["stories"] for effect in story["effects"])


def test_bank_info(bank: duckdb.DuckDBPyConnection) -> None:
    assert bank.execute("SELECT schema_version, as_of, seed, customers FROM bank_info").fetchall() == [(1, AS_OF, 20260924, 20_000)]
