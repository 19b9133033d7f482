"""The customers: one row each with everything that does not move with the days. Law: every column is a function of the row's key and the seed.

Marginals that BANK.md calibrates exactly (assets, sign-up, logins) are drawn as ranks of a correlated score mapped through a quantile function,
so the joint shape can change without moving them. Gender is drawn from nothing, hence independent of assets given age and occupation.
"""

from __future__ import annotations

import math
from datetime import date
from statistics import NormalDist

import duckdb

from assistant.catalog.model import CatalogHeader
from assistant.demo.draw import chance, choice, normal, quantile, uniform

BRANCH_WEIGHTS = {
    "0100": 2, "1100": 11, "1200": 4, "3100": 28, "3101": 6, "3200": 6, "3205": 5, "3300": 8, "3302": 4, "3500": 4, "4200": 6,
    "4400": 7, "4403": 8, "4406": 3, "5100": 5.5, "6100": 4,
}  # fmt: skip
"""Share of customers by branch; a branch not named here gets the weight 3."""

ASSETS = ((0, 0), (0.07, 0), (0.0701, 1), (0.30, 90), (0.50, 780), (0.62, 2_700), (0.716, 10_400), (0.82, 13_400), (0.838, 49_000), (0.855, 53_500), (0.926, 198_000),
          (0.9675, 500_000), (0.9935, 2_000_000), (0.9987, 6_000_000), (1, 42_000_000))  # fmt: skip
"""Quantiles of a customer's assets in an ordinary month, CNY."""

BANDS = (1_000, 10_000, 50_000, 200_000, 500_000, 2_000_000)
"""Edges of the bands 0..6 by which products are given."""

SIGN_UP = {"A1": 0.525, "A2": 0.69, "A3": 0.765, "A4": 0.84}
LOGIN_RATES = {"A1": (-0.44, 1.6, 1.6), "A2": (0.96, 0.86, 1.39), "A3": (1.31, 1.3, 1.32), "A4": (2.05, 1.3, 1.36)}
"""Median of the log of monthly logins of signed-up customers and its deviations below and above, fitted to the 16-grid of BANK.md §1.3 by asset band."""


def by_band(values: tuple[float, ...]) -> str:
    """SQL: one value per asset band 0..6."""
    return f"[{', '.join(map(str, values))}][band + 1]"


def _organisation_choice(header: CatalogHeader) -> dict[str, float]:
    weights: dict[str, float] = {}
    for unit in header.organisation:
        if unit.level != 3 or unit.parent is None:
            continue
        siblings = [other.code for other in header.organisation if other.level == 3 and other.parent == unit.parent]
        share = 1.5 - siblings.index(unit.code) / len(siblings)
        total = sum(1.5 - number / len(siblings) for number in range(len(siblings)))
        weights[unit.code] = BRANCH_WEIGHTS.get(unit.parent, 3.0) * share / total
    return weights


def create_customers(
    connection: duckdb.DuckDBPyConnection, header: CatalogHeader, customers: int, seed: int, as_of: date, first_day: date
) -> None:
    """Table `resident` (temporary): `customers` rows. `first_day` is where the event history starts; joiners and leavers fall after it."""
    organisation = _organisation_choice(header)
    months = (as_of - first_day).days
    day = f"DATE '{as_of}'"
    connection.execute(f"""
        CREATE OR REPLACE TABLE person AS
        WITH base AS (
            SELECT 10000000 + i AS one_id, hash(xor(hash(i), hash({seed}))) AS k FROM range(1, {customers + 1}) t(i)
        ), who AS (
            SELECT *,
                {choice(uniform("scope"), {"full": 0.9, "online_ii": 0.06, "card_only": 0.04})} AS scope,
                ({quantile(uniform("age"), [(0, 3), (0.03, 18), (0.13, 25), (0.36, 35), (0.58, 45), (0.76, 55), (0.895, 65), (0.97, 75), (1, 93)])}) AS years,
                {choice(uniform("org"), organisation)} AS branch_org,
                {uniform("tenure")} AS tenure, {normal("affluence")} AS affluence
            FROM base
        ), aged AS (
            SELECT * REPLACE (CASE WHEN scope <> 'full' THEN 18 + abs(years - 20) % 47 ELSE years END AS years) FROM who
        ), dated AS (
            SELECT *,
                ({day} - (years * 365.25)::INTEGER)::DATE AS birth,
                CASE WHEN scope = 'card_only' THEN '9900' WHEN scope = 'online_ii' THEN '9901' ELSE branch_org END AS home_org,
                CASE WHEN tenure < 0.10 THEN ({day} - (tenure / 0.10 * {months})::INTEGER)::DATE
                     ELSE ({day} - {months} - (pow((tenure - 0.10) / 0.9, 1.25) * least(years - 1, 21) * 330)::INTEGER)::DATE END AS open_date,
                CASE WHEN {chance("gender known", 0.995)} THEN CASE WHEN {chance("gender", 0.505)} THEN 'F' ELSE 'M' END END AS gender
            FROM aged
        ), working AS (
            SELECT *,
                CASE WHEN years < 16 OR (years < 24 AND {chance("student", 0.6)}) THEN 'student'
                     WHEN years >= 56 + 7 * {uniform("retire")} THEN CASE WHEN {chance("farmer", 0.12)} THEN 'farmer' ELSE 'retired' END
                     ELSE {choice(uniform("job"), {"civil": 7, "soe": 11, "private": 41, "self": 12, "biz_owner": 4, "doctor": 3, "teacher": 4, "farmer": 4, "freelancer": 14})} END AS job
            FROM dated
        )
        SELECT *,
            affluence + 0.55 * least(1, (least(years, 62) - 38) / 20) + (CASE WHEN home_org LIKE '31%' THEN 0.28 ELSE 0 END)
                + CASE job WHEN 'biz_owner' THEN 1.1 WHEN 'civil' THEN 0.4 WHEN 'soe' THEN 0.35 WHEN 'doctor' THEN 0.5 WHEN 'teacher' THEN 0.3
                           WHEN 'student' THEN -0.7 WHEN 'farmer' THEN -0.5 WHEN 'freelancer' THEN -0.25 ELSE 0 END AS asset_score
        FROM working
    """)
    connection.execute(f"""
        CREATE OR REPLACE TABLE signed AS
        WITH ranked AS (
            SELECT *, (row_number() OVER (PARTITION BY scope = 'card_only' ORDER BY asset_score, one_id) - 0.5) / count(*) OVER (PARTITION BY scope = 'card_only') AS asset_rank
            FROM person
        ), assets AS (
            SELECT *, CASE WHEN scope = 'card_only' THEN 0 ELSE {quantile("asset_rank", ASSETS, log=True)} END AS assets FROM ranked
        ), banded AS (
            SELECT *, {" + ".join(f"(assets >= {edge})::INTEGER" for edge in BANDS)} AS band,
                CASE WHEN assets < 10000 THEN 'A1' WHEN assets < 50000 THEN 'A2' WHEN assets < 500000 THEN 'A3' ELSE 'A4' END AS grid
            FROM assets
        ), paid AS (
            SELECT *, scope = 'full' AND years BETWEEN 20 AND 59 AND job NOT IN ('student', 'retired', 'farmer', 'self', 'biz_owner')
                AND {chance("payroll", "CASE job WHEN 'freelancer' THEN 0.035 WHEN 'private' THEN 0.227 ELSE 0.35 END + 0.03 * band")} AS has_payroll
            FROM banded
        ), scored AS (
            SELECT *, 0.9 * {normal("sign up")} - 0.045 * abs(years - 34) - (CASE WHEN years < 16 THEN 5 ELSE 0 END) + (CASE WHEN has_payroll THEN 0.9 ELSE 0 END)
                      + (CASE WHEN scope = 'online_ii' THEN 1.2 ELSE 0 END) AS app_score,
                   {normal("activity")} - 0.022 * abs(years - 35) + (CASE WHEN has_payroll THEN 0.35 ELSE 0 END)
                      + (CASE WHEN home_org LIKE '31%' THEN 0.15 ELSE 0 END) AS activity_score
            FROM paid
        ), app AS (
            SELECT *, (row_number() OVER (PARTITION BY grid ORDER BY app_score DESC, one_id) - 0.5) / count(*) OVER (PARTITION BY grid)
                < (CASE grid WHEN 'A1' THEN {SIGN_UP["A1"]} WHEN 'A2' THEN {SIGN_UP["A2"]} WHEN 'A3' THEN {SIGN_UP["A3"]} ELSE {SIGN_UP["A4"]} END) AS has_app
            FROM scored
        )
        SELECT *, (row_number() OVER (PARTITION BY grid, has_app ORDER BY activity_score, one_id) - 0.5) / count(*) OVER (PARTITION BY grid, has_app) AS activity_rank
        FROM app
    """)
    logins = "CASE grid " + " ".join(f"WHEN '{grid}' THEN {_login_quantile(*LOGIN_RATES[grid])}" for grid in LOGIN_RATES) + " END"
    connection.execute(f"""
        CREATE OR REPLACE TABLE resident AS
        WITH app AS (
            SELECT *,
                CASE WHEN has_app THEN {logins} ELSE 0 END AS login_rate,
                CASE WHEN has_app THEN CASE
                    WHEN open_date >= DATE '{first_day}' THEN least({day}, open_date + (pow({uniform("sign-up lag")}, 3) * 60)::INTEGER)
                    WHEN {chance("late sign-up", 0.12)} THEN ({day} - ({uniform("sign-up day")} * {months})::INTEGER)::DATE
                    ELSE (DATE '{first_day}' - (pow({uniform("sign-up age")}, 1.4) * least(DATE '{first_day}' - open_date, 3300))::INTEGER)::DATE END END AS reg_date,
                CASE WHEN {chance("lapse", 0.09)} THEN (DATE '{first_day}' + ({uniform("lapse day")} * {months})::INTEGER)::DATE END AS lapse_date,
                CASE WHEN band <= 2 AND {chance("close", 0.035)} THEN
                    greatest(open_date + 30, ({day} - (pow({uniform("close day")}, 0.8) * {months + 200})::INTEGER)::DATE) END AS closing_date,
                {chance("deceased", "CASE WHEN years > 70 THEN 0.02 ELSE 0.0008 END")} AS dies,
                {uniform("status")} AS status_draw
            FROM signed
        ), life AS (
            SELECT *,
                CASE WHEN closing_date <= {day} THEN closing_date END AS close_date,
                CASE WHEN dies THEN greatest(open_date + 30, ({day} - ({uniform("death day")} * 700)::INTEGER)::DATE) END AS death_date,
                scope = 'full' AND years BETWEEN 23 AND 60
                    AND {chance("mortgage", "CASE WHEN job IN ('student', 'farmer') THEN 0.01 WHEN years BETWEEN 28 AND 50 THEN 0.111 ELSE 0.04 END * (CASE WHEN has_payroll THEN 1.7 ELSE 1 END) * (CASE WHEN band >= 1 THEN 1.25 ELSE 0.9 END)")} AS has_mortgage,
                CASE WHEN has_payroll THEN exp(8.78 + 0.42 * {normal("pay")} + 0.13 * (band - 1) + (CASE WHEN home_org LIKE '31%' THEN 0.2 ELSE 0 END)) END AS pay
            FROM app
        ), loans AS (
            SELECT *,
                CASE WHEN has_mortgage THEN greatest(open_date, ({day} - (pow({uniform("mortgage age")}, 1.2) * least(4300, (years - 22) * 365))::INTEGER)::DATE) END AS mort_open,
                CASE WHEN has_mortgage THEN {choice(uniform("rate type"), {"lpr": 88, "fixed": 8, "base": 4})} END AS mort_type,
                CASE WHEN has_mortgage THEN {chance("first home", 0.78)} END AS mort_first,
                CASE WHEN has_mortgage THEN (round(exp(13.45 + 0.5 * {normal("mortgage amount")} + (CASE WHEN home_org LIKE '31%' OR home_org LIKE '11%' OR home_org LIKE '4403%' THEN 0.45 ELSE 0 END)) / 10000) * 10000)::DECIMAL(18, 2) END AS mort_amount,
                scope = 'card_only' OR (years BETWEEN 18 AND 70 AND scope = 'full'
                    AND {chance("card", "CASE WHEN has_mortgage THEN 0.40 ELSE " + by_band((0.105, 0.17, 0.20, 0.21, 0.22, 0.25, 0.30)) + " * (CASE WHEN years BETWEEN 25 AND 48 THEN 1.25 ELSE 0.72 END) END")}) AS has_card
            FROM life
        )
        SELECT *,
            least({day}, coalesce(close_date - 1, {day}), coalesce(death_date - 1, {day}))::DATE AS last_day,
            least({day}, coalesce(close_date - 1, {day}), coalesce(death_date - 1, {day}), coalesce(lapse_date, {day}))::DATE AS app_last,
            (CASE WHEN band >= 3 THEN 4 ELSE 0 END + CASE WHEN has_mortgage THEN 2 ELSE 0 END + CASE WHEN has_payroll THEN 1 ELSE 0 END)::INTEGER AS zone_class,
            (month(birth) * 100 + day(birth))::INTEGER AS birth_md,
            CASE WHEN {chance("occupation known", 0.85)} THEN CASE WHEN {chance("occupation other", 0.082)} THEN 'other' ELSE job END END AS occupation,
            CASE WHEN {chance("moved", 0.09)} AND scope = 'full' THEN {choice(uniform("open org"), organisation)} ELSE home_org END AS open_org,
            CASE WHEN {chance("city known", 0.93)} THEN CASE WHEN scope = 'full' AND {chance("city home", 0.92)}
                THEN {_city_of("home_org")} ELSE {choice(uniform("city"), dict.fromkeys(CITIES.values(), 1.0))} END END AS res_city
        FROM loans
    """)


CITIES = {"0100": "110000", "1100": "110000", "1200": "120000", "3100": "310000", "3101": "310000", "3200": "320100", "3205": "320500", "3300": "330100",
          "3302": "330200", "3500": "350100", "4200": "420100", "4400": "440100", "4403": "440300", "4406": "440600", "5100": "510100", "6100": "610100"}  # fmt: skip
"""City of residence (GB/T 2260) most customers of a branch have."""


def _city_of(column: str) -> str:
    return f"CASE left({column}, 4) " + " ".join(f"WHEN '{branch}' THEN '{city}'" for branch, city in CITIES.items()) + " END"


def _login_quantile(median: float, below: float, above: float) -> str:
    ranks = (0.001, 0.05, 0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.87, 0.93, 0.97, 0.99)
    points = [
        (0.0, 0.0),
        *((rank, min(62.0, math.exp(NormalDist(median, below if rank < 0.5 else above).inv_cdf(rank)))) for rank in ranks),
        (1.0, 75.0),
    ]
    return quantile("activity_rank", points, log=True)
