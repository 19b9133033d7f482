"""What customers hold: wealth products, deposits, funds, policies, accounts, cards, loans. Law: a balance at any date is the sum of what is held then.

A slot is an amount a customer keeps in one kind of product; it is filled by a chain of holdings, each held for its period and followed by the next
until the slot is left. `parked` money waits in the demand account while the slot is empty, other money is outside the bank.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from assistant.demo.draw import chance, choice, normal, uniform
from assistant.demo.people import by_band

DEPOSIT_RATES = {3: 0.65, 6: 0.85, 12: 0.95, 24: 1.05, 36: 1.25}
"""Yearly rate in percent of a time deposit by term in months; large CDs get 0.15 more."""


def create_slots(connection: duckdb.DuckDBPyConnection, as_of: date, first_day: date) -> None:
    """Tables `plan` (one row a customer: what part of the assets is where) and `slot` (one row a slot)."""
    span = (as_of - first_day).days
    connection.execute(f"""
        CREATE OR REPLACE TABLE plan AS
        WITH wish AS (
            SELECT one_id, k, band, assets, years, open_date, last_day, login_rate, scope,
                scope <> 'card_only' AND {chance("td", by_band((0.001, 0.005, 0.012, 0.77, 0.73, 0.64, 0.6)) + " * (CASE WHEN years < 35 THEN 0.85 WHEN years >= 55 THEN 1.15 ELSE 1 END)")} AS w_td,
                assets >= 230000 AND {chance("lcd", 0.24)} AS w_lcd,
                scope <> 'card_only' AND years >= 18 AND {chance("wealth", by_band((0, 0.003, 0.02, 0.19, 0.46, 0.56, 0.66)) + " * (CASE WHEN login_rate > 3 THEN 1.45 ELSE 0.76 END)")} AS w_wealth,
                scope = 'full' AND years >= 18 AND {chance("fund", by_band((0.003, 0.012, 0.055, 0.105, 0.2, 0.25, 0.3)) + " * (CASE WHEN years < 50 THEN 1.2 ELSE 0.75 END)")} AS w_fund,
                scope = 'full' AND years BETWEEN 22 AND 75 AND {chance("insurance", by_band((0, 0.002, 0.022, 0.065, 0.14, 0.2, 0.28)))} AS w_ins,
                scope = 'full' AND years >= 40 AND {chance("bond", by_band((0, 0, 0.006, 0.042, 0.09, 0.105, 0.06)))} AS w_bond,
                scope = 'full' AND years >= 18 AND {chance("gold", by_band((0.001, 0.005, 0.013, 0.03, 0.05, 0.08, 0.1)))} AS w_gold,
                scope = 'full' AND {chance("struct", by_band((0, 0, 0, 0.01, 0.04, 0.07, 0.1)))} AS w_struct,
                {chance("fx", by_band((0, 0.002, 0.01, 0.03, 0.06, 0.12, 0.2)))} AS w_fx
            FROM customer c
        ), parts AS (
            SELECT *,
                w_td::INTEGER * (0.6 + {uniform("td part")}) AS p_td, w_lcd::INTEGER * (0.8 + {uniform("lcd part")}) AS p_lcd,
                w_wealth::INTEGER * (0.6 + {uniform("wealth part")}) AS p_wealth, w_fund::INTEGER * 0.5 * (0.2 + {uniform("fund part")}) AS p_fund,
                w_ins::INTEGER * 0.35 * (0.3 + {uniform("insurance part")}) AS p_ins, w_bond::INTEGER * 0.4 AS p_bond,
                w_gold::INTEGER * 0.15 * (0.2 + {uniform("gold part")}) AS p_gold, w_struct::INTEGER * 0.5 AS p_struct,
                0.008 + 0.18 * pow({uniform("demand share")}, 2.4) AS demand_share
            FROM wish
        ), total AS (
            SELECT *, p_td + p_lcd + p_wealth + p_fund + p_ins + p_bond + p_gold + p_struct AS p_all FROM parts
        ), amounts AS (
            SELECT *, CASE WHEN p_all > 0 THEN assets * (1 - demand_share) / p_all ELSE 0 END AS piece FROM total
        ), rounded AS (
            SELECT *,
                CASE WHEN w_lcd THEN CASE WHEN piece * p_lcd >= 1000000 THEN 1000000 WHEN piece * p_lcd >= 500000 THEN 500000
                     WHEN piece * p_lcd >= 280000 THEN 300000 ELSE 200000 END ELSE 0 END AS a_lcd,
                CASE WHEN w_td OR w_lcd THEN greatest(1000, round((piece * p_td + CASE WHEN w_lcd THEN greatest(0, piece * p_lcd - a_lcd) ELSE 0 END) / 1000) * 1000) ELSE 0 END AS a_td,
                CASE WHEN w_wealth THEN greatest(1000, round(piece * p_wealth / 1000) * 1000) ELSE 0 END AS a_wealth,
                CASE WHEN w_fund THEN greatest(100, round(piece * p_fund / 100) * 100) ELSE 0 END AS a_fund,
                CASE WHEN w_ins THEN greatest(1000, round(piece * p_ins / 1000) * 1000) ELSE 0 END AS a_ins,
                CASE WHEN w_bond THEN greatest(1000, round(piece * p_bond / 1000) * 1000) ELSE 0 END AS a_bond,
                CASE WHEN w_gold THEN greatest(10, round(piece * p_gold)) ELSE 0 END AS a_gold,
                CASE WHEN w_struct THEN greatest(10000, round(piece * p_struct / 10000) * 10000) ELSE 0 END AS a_struct
            FROM amounts
        )
        SELECT *, CASE WHEN p_all > 0 THEN greatest(assets * demand_share * 0.3, assets - a_td - a_lcd - a_wealth - a_fund - a_ins - a_bond - a_gold - a_struct)
                  ELSE assets END AS demand
        FROM rounded
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE slot AS
        WITH lines AS (
            SELECT one_id, k, open_date, last_day, 'wealth' AS line, unnest(range(CASE WHEN a_wealth < 20000 THEN 1 ELSE 1 + {chance("w2", 0.5)}::INTEGER + {chance("w3", 0.3)}::INTEGER END)) AS number,
                a_wealth / CASE WHEN a_wealth < 20000 THEN 1 ELSE 1 + {chance("w2", 0.5)}::INTEGER + {chance("w3", 0.3)}::INTEGER END AS amount FROM plan WHERE w_wealth
            UNION ALL
            SELECT one_id, k, open_date, last_day, 'td', unnest(range(CASE WHEN a_td < 20000 THEN 1 ELSE 1 + {chance("t2", 0.45)}::INTEGER END)),
                a_td / CASE WHEN a_td < 20000 THEN 1 ELSE 1 + {chance("t2", 0.45)}::INTEGER END FROM plan WHERE a_td > 1000 OR w_td
            UNION ALL SELECT one_id, k, open_date, last_day, 'lcd', 0, a_lcd FROM plan WHERE w_lcd
            UNION ALL SELECT one_id, k, open_date, last_day, 'struct', 0, a_struct FROM plan WHERE w_struct
            UNION ALL SELECT one_id, k, open_date, last_day, 'fund', unnest(range(1 + {chance("f2", 0.4)}::INTEGER)), a_fund / (1 + {chance("f2", 0.4)}::INTEGER) FROM plan WHERE w_fund
        ), keyed AS (
            SELECT *, hash(xor(k, hash(line) + number::UBIGINT)) AS s FROM lines
        ), kinds AS (
            SELECT *,
                CASE line WHEN 'wealth' THEN {choice(uniform("kind", "s"), {"cash": 30, "fixed_income": 56, "mixed": 11, "equity": 3})}
                          WHEN 'fund' THEN {choice(uniform("kind", "s"), {"bond": 30, "mixed": 27, "equity": 17, "index": 20, "qdii": 6})}
                          WHEN 'td' THEN CASE WHEN {chance("notice", 0.08, "s")} THEN 'notice' ELSE 'td' END
                          ELSE line END AS kind
            FROM keyed
        ), periods AS (
            SELECT *,
                CASE WHEN line = 'wealth' AND kind <> 'cash' THEN {choice(uniform("term", "s"), {"30": 8, "60": 14, "90": 28, "180": 28, "270": 7, "365": 15})}::INTEGER
                     WHEN kind = 'struct' THEN {choice(uniform("term", "s"), {"31": 20, "90": 50, "180": 30})}::INTEGER
                     WHEN kind = 'td' THEN {choice(uniform("term", "s"), {"3": 22, "6": 20, "12": 33, "24": 9, "36": 16})}::INTEGER * 30.4375
                     WHEN kind = 'lcd' THEN {choice(uniform("term", "s"), {"12": 35, "24": 25, "36": 40})}::INTEGER * 30.4375 END AS term_days
            FROM kinds
        )
        SELECT *,
            coalesce(term_days, CASE WHEN line = 'fund' THEN 60 + 700 * pow({uniform("held", "s")}, 2) ELSE 25 + 130 * {uniform("held", "s")} END)::INTEGER AS period,
            CASE WHEN line = 'td' AND {chance("auto renew", 0.55, "s")} THEN 0 ELSE 1 + ({uniform("gap", "s")} * CASE WHEN {chance("away", 0.4, "s")} THEN 70 ELSE 3 END)::INTEGER END AS gap,
            greatest(open_date, CASE WHEN {chance("late start", 0.22, "s")} THEN DATE '{first_day}' + ({uniform("start day", "s")} * {span})::INTEGER
                ELSE DATE '{first_day}' - 30 - (pow({uniform("start age", "s")}, 1.3) * 2400)::INTEGER END)::DATE AS slot_from,
            CASE WHEN {chance("leaves", 0.16, "s")} THEN (DATE '{first_day}' + ({uniform("leave day", "s")} * {span})::INTEGER)::DATE END AS slot_to,
            {chance("parked", 0.15, "s")} AS parked
        FROM periods
    """)


def create_holdings(connection: duckdb.DuckDBPyConnection, as_of: date, since: date) -> None:
    """Table `holding`: every holding alive at some time from `since` on (valid_to inclusive, NULL while it lasts), with the slot's line and kind."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE holding AS
        WITH chain AS (
            SELECT *, unnest(range(greatest(0, (DATE '{since}' - slot_from) // (period + gap))::BIGINT, ((DATE '{as_of}' - slot_from) // (period + gap) + 1)::BIGINT)) AS j FROM slot
        ), dated AS (
            SELECT *, hash(xor(s, (j + 77)::UBIGINT)) AS hk, (slot_from + (j * (period + gap))::INTEGER)::DATE AS start_date FROM chain
        ), ended AS (
            SELECT *, (start_date + CASE WHEN kind = 'td' AND {chance("break", 0.06, "hk")} THEN (period * (0.2 + 0.6 * {uniform("broken at", "hk")}))::INTEGER ELSE period END)::DATE AS end_date
            FROM dated WHERE start_date <= coalesce(slot_to, DATE '{as_of}') AND start_date <= last_day
        )
        SELECT one_id, k, s, hk, j, line, kind, parked,
            greatest(100, round(CASE WHEN kind = 'lcd' THEN amount ELSE amount * (0.64 + 0.72 * {uniform("amount", "hk")}) END / CASE WHEN line = 'fund' THEN 0.01 ELSE 1000 END)
                * CASE WHEN line = 'fund' THEN 0.01 ELSE 1000 END)::DECIMAL(18, 2) AS amt,
            CASE WHEN term_days IS NOT NULL THEN (start_date + period)::DATE END AS maturity_date,
            (term_days / 30.4)::INTEGER AS term_m, gap = 0 AS auto_renew, start_date, start_date AS valid_from,
            CASE WHEN least(end_date, last_day + 1) <= DATE '{as_of}' THEN (least(end_date, last_day + 1) - 1)::DATE END AS valid_to,
            CASE WHEN line = 'wealth' THEN CASE kind WHEN 'cash' THEN 'R1' WHEN 'fixed_income' THEN 'R2' WHEN 'mixed' THEN 'R3' ELSE CASE WHEN {chance("r5", 0.3, "hk")} THEN 'R5' ELSE 'R4' END END END AS risk,
            CASE line WHEN 'wealth' THEN CASE kind WHEN 'cash' THEN 'WC' WHEN 'fixed_income' THEN 'WF' WHEN 'mixed' THEN 'WM' ELSE 'WE' END || lpad((({uniform("product", "hk")} * 40)::INTEGER + 1)::VARCHAR, 3, '0') END AS product_id,
            CASE WHEN kind IN ('td', 'lcd') THEN CASE WHEN period < 120 THEN {DEPOSIT_RATES[3]} WHEN period < 200 THEN {DEPOSIT_RATES[6]} WHEN period < 400 THEN {DEPOSIT_RATES[12]} WHEN period < 800 THEN {DEPOSIT_RATES[24]} ELSE {DEPOSIT_RATES[36]} END
                    + CASE WHEN kind = 'lcd' THEN 0.15 ELSE 0 END WHEN kind = 'notice' THEN 0.45 WHEN kind = 'struct' THEN 1.6 END::DECIMAL(9, 4) AS rate,
            CASE WHEN line = 'fund' THEN round(-4 + 13 * {normal("pnl", "hk")}, 2) WHEN kind = 'cash' THEN round(0.3 + {uniform("pnl", "hk")}, 2)
                 WHEN line = 'wealth' THEN round(1.0 + 1.4 * {normal("pnl", "hk")}, 2) END::DECIMAL(9, 2) AS pnl_pct
        FROM ended WHERE least(end_date, last_day + 1) > start_date AND least(end_date, last_day + 1) > DATE '{since}'
    """)


def create_policies(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Table `policy`: at most one insurance policy a customer."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE policy AS
        SELECT one_id, {choice(uniform("policy kind"), {"life": 45, "annuity": 35, "health": 15, "accident": 5})} AS kind,
            CASE WHEN {chance("regular", 0.55)} THEN 'regular' ELSE 'single' END AS pay_type, a_ins::DECIMAL(18, 2) AS premium,
            greatest(open_date, DATE '{as_of}' - (pow({uniform("policy age")}, 1.2) * 2000)::INTEGER)::DATE AS start_date
        FROM plan WHERE w_ins
    """)


def alive(day: str, prefix: str = "") -> str:
    """SQL: whether a state row stood at the end of a day."""
    return f"{prefix}valid_from <= {day} AND ({prefix}valid_to IS NULL OR {prefix}valid_to >= {day})"


def create_balances(connection: duckdb.DuckDBPyConnection, knots: Sequence[date], first_snapshot: int, again: bool = False) -> None:
    """Table `balance`, one row a customer, columns by knot number n: d (demand), h (all else), aum, avg (daily average of the period that ends at the
    knot), from `first_snapshot` on also w, wc, td, lcd, st, f (by product). Needs `demand_factor` (one_id, since, factor) for planted changes.
    `again`: only the customers of table `touched` (one_id) are worked out anew.

    Holdings are averaged exactly by their days; demand money moves on a straight line between two knots. Quarter-end window dressing shows in
    the balance of the day only.
    """
    who = "(SELECT * FROM {} WHERE one_id IN (SELECT one_id FROM touched))" if again else "{}"
    sums = []
    for number, day in enumerate(knots):
        here = f"DATE '{day}'"
        if number:
            before = f"DATE '{knots[number - 1]}'"
            days = (day - knots[number - 1]).days
            sums.append(
                f"""(sum(amt * greatest(0, least(coalesce(valid_to, {here}), {here}) - greatest(valid_from, {before} + 1) + 1)::INTEGER) / {days})::DECIMAL(18, 2) AS ha{number}"""
            )
        else:
            sums.append("0::DECIMAL(18, 2) AS ha0")
        sums.append(f"sum(amt) FILTER ({alive(here)})::DECIMAL(18, 2) AS h{number}")
        if number >= first_snapshot:
            for name, condition in (
                ("w", "line = 'wealth'"),
                ("wc", "line = 'wealth' AND kind = 'cash'"),
                ("td", "line = 'td'"),
                ("lcd", "line = 'lcd'"),
                ("st", "line = 'struct'"),
                ("f", "line = 'fund'"),
            ):
                sums.append(f"sum(amt) FILTER ({condition} AND {alive(here)})::DECIMAL(18, 2) AS {name}{number}")
    connection.execute(f"CREATE OR REPLACE TABLE held AS SELECT one_id, {', '.join(sums)} FROM {who.format('holding')} GROUP BY one_id")
    parked = ", ".join(
        f"(sum(amount) FILTER (parked AND (slot_from > DATE '{day}' OR slot_to < DATE '{day}'))) AS p{number}"
        for number, day in enumerate(knots)
    )
    connection.execute(f"CREATE OR REPLACE TABLE parking AS SELECT one_id, {parked} FROM slot WHERE parked GROUP BY one_id")
    demand, flat, others, averages = [], [], [], []
    for number, day in enumerate(knots):
        here = f"DATE '{day}'"
        lives = f"c.open_date <= {here} AND {here} <= coalesce(c.close_date - 1, c.death_date + 90, {here}) AND c.scope <> 'card_only'"
        noise = f"exp(0.3 * {normal(f'demand {day:%Y-%m}', 'c.k')} - 0.045)"
        flat.append(
            f"CASE WHEN {lives} THEN round((p.demand * {noise} + coalesce(q.p{number}, 0)) * coalesce(f.f{number}, 1), 2) ELSE 0 END::DECIMAL(18, 2) AS e{number}"
        )
        dressing = (
            1.025
            if day.month % 3 == 0
            and day == max(item for item in knots if (item.year, item.month) == (day.year, day.month))
            and day.day >= 28
            else 1.0
        )
        demand.append(f"round(e{number} * {dressing}, 2)::DECIMAL(18, 2) AS d{number}")
        bond = f"CASE WHEN {lives} AND c.bond_from <= {here} THEN p.a_bond ELSE 0 END"
        gold = f"CASE WHEN {lives} AND c.gold_from <= {here} THEN round(p.a_gold * {1 + 0.02 * number:.3f}, 2) ELSE 0 END"
        premium = f"coalesce(CASE WHEN {lives} AND i.start_date <= {here} THEN i.premium END, 0)"
        others.append(
            f"({bond})::DECIMAL(18, 2) AS bond{number}, ({gold})::DECIMAL(18, 2) AS gold{number}, ({premium})::DECIMAL(18, 2) AS ins{number}"
        )
        rest = f"coalesce(h{number}, 0) + bond{number} + gold{number} + ins{number}"
        averages.append(f"(d{number} + {rest})::DECIMAL(18, 2) AS aum{number}")
        previous = number - 1 if number else 0
        averages.append(
            f"((e{number} + e{previous}) / 2 + coalesce(ha{number}, 0) + bond{number} + gold{number} + ins{number})::DECIMAL(18, 2) AS avg{number}"
        )
    factors = ", ".join(f"product(factor) FILTER (since <= DATE '{day}') AS f{number}" for number, day in enumerate(knots))
    if again:
        connection.execute("DELETE FROM balance WHERE one_id IN (SELECT one_id FROM touched)")
    connection.execute(f"""
        {"INSERT INTO balance BY NAME" if again else "CREATE OR REPLACE TABLE balance AS"}
        SELECT *, {", ".join(averages)} FROM (
            SELECT *, {", ".join(demand)} FROM (
                SELECT c.one_id, {", ".join(flat)}, {", ".join(others)}, h.* EXCLUDE (one_id)
                FROM {who.format("customer")} c JOIN plan p USING (one_id) LEFT JOIN held h USING (one_id) LEFT JOIN parking q USING (one_id) LEFT JOIN policy i USING (one_id)
                LEFT JOIN (SELECT one_id, {factors} FROM demand_factor GROUP BY one_id) f USING (one_id)))
    """)


def complete_customers(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring `customer` into the order of one_id, into the database `shared`, where threads can share it, and add what the slots decide: gold and the lifetime first purchases of wealth and funds (some bought once, long ago)."""
    former = f"CASE WHEN c.band >= 1 AND {chance('former wealth', 0.06, 'c.k')} AND c.years > 25 THEN c.open_date + ({uniform('former day', 'c.k')} * 700)::INTEGER END"
    connection.execute(f"""
        CREATE TABLE shared.customer AS
        SELECT c.*, p.a_gold,
            CASE WHEN {former} < DATE '2024-01-01' THEN least({former}, s.wealth_first) ELSE s.wealth_first END::DATE AS wealth_first, s.fund_first
        FROM customer c JOIN plan p ON p.one_id = c.one_id
        LEFT JOIN (SELECT one_id, min(slot_from) FILTER (line = 'wealth') AS wealth_first, min(slot_from) FILTER (line = 'fund') AS fund_first
                   FROM slot WHERE slot_from <= last_day AND slot_from <= coalesce(slot_to, last_day) GROUP BY one_id) s ON s.one_id = c.one_id
        ORDER BY c.one_id
    """)
    connection.execute("DROP TABLE customer")
    connection.execute("CREATE VIEW customer AS FROM shared.customer")


def create_loans(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Table `loan`: one row a loan ever drawn here, valid_to NULL while it runs."""

    def ended(day: str) -> str:
        return f"CASE WHEN {day} <= DATE '{as_of}' THEN ({day} - 1)::DATE END"

    connection.execute(f"""
        CREATE OR REPLACE TABLE loan AS
        SELECT *, start_date = min(start_date) OVER (PARTITION BY one_id) AS is_first FROM (
            SELECT one_id, 'mortgage' AS kind, mort_amount AS amt, mort_rate AS rate, mort_open AS start_date, {ended("mort_settle")} AS valid_to, mort_months AS months FROM customer WHERE mort_open IS NOT NULL
            UNION ALL
            SELECT one_id, 'consumer', cons_amount, (3.0 + 0.1 * (k % 20))::DECIMAL(9, 4), cons_from, {ended("cons_from + cons_days")}, (cons_days / 30.4)::INTEGER FROM customer WHERE cons_from IS NOT NULL
            UNION ALL
            SELECT one_id, 'business', biz_amount, (2.9 + 0.1 * (k % 15))::DECIMAL(9, 4), biz_from, {ended("biz_from + biz_days")}, (biz_days / 30.4)::INTEGER FROM customer WHERE biz_from IS NOT NULL)
    """)


def create_risk_history(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Table `risk_history`: every risk test a customer took, newest number highest, with the result before it."""
    grade = "CASE WHEN g < 0.09 THEN 'C1' WHEN g < 0.40 THEN 'C2' WHEN g < 0.78 THEN 'C3' WHEN g < 0.95 THEN 'C4' ELSE 'C5' END"
    connection.execute(f"""
        CREATE OR REPLACE TABLE risk_history AS
        SELECT one_id, number, day, result, lag(result) OVER (PARTITION BY one_id ORDER BY day) AS prev FROM (
            SELECT one_id, 9 - j AS number, day, {grade} AS result FROM (
                SELECT one_id, j, (test_from - (j * test_gap)::INTEGER)::DATE AS day, open_date, risk_draw + 0.12 * (u(hash(xor(k, j::UBIGINT)), 5) - 0.5) AS g
                FROM (SELECT *, unnest(range(6)) AS j FROM customer WHERE tested))
            WHERE day >= open_date AND day <= DATE '{as_of}')
    """)
