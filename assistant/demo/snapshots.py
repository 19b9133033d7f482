"""The tag snapshots: one row a customer and month end. Law: a snapshot is a function of what was true, and recorded, by its date.

Behaviour tags count the record tables as they are stored (and the logins from their daily roll-up); balances are sums of the holdings; tiers, bands and stages follow from those by BANK.md §1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import duckdb

from assistant.demo.draw import normal, uniform
from assistant.rule.window import add_months, unit_start

TIER_EDGES = (50_000, 200_000, 500_000, 2_000_000, 6_000_000)
SERVICE_NOTICE = "rate_notice"
"""A campaign that informs and sells nothing: it is no marketing touch."""
CAMPAIGNS = ("wm_autumn", "dep_quarter", "cc_activation", "pay_bind")


def _tier(amount: str) -> str:
    """SQL: the rank 1..6 of an average of assets."""
    return "(1 + " + " + ".join(f"({amount} >= {edge})::INTEGER" for edge in TIER_EDGES) + ")"


def _ladder(amount: str, edges: Sequence[int], codes: Sequence[str]) -> str:
    """SQL: the code of a left-closed band."""
    arms = [f"WHEN {amount} < {edge} THEN '{code}'" for edge, code in zip(edges, codes, strict=False)]
    return f"CASE {' '.join(arms)} ELSE '{codes[-1]}' END"


def state_select(knots: Sequence[date], number: int) -> str:
    """SELECT of every tag that does not count behaviour, at knot `number`: one row a customer who has joined by then, ordered by nothing.

    It reads customer, plan, balance, holding, policy, loan, risk_history and salary (one_id, day, amt, kind).
    """
    day = knots[number]
    at = f"DATE '{day}'"
    month = unit_start(day, "month")
    ends = [index for index, knot in enumerate(knots) if knot < month]
    last = ends[-1]
    """The knot of the last full month's end; avg of that knot is the last full month's average."""

    def average(months: int) -> str:
        spans = [(index, (knots[index] - knots[index - 1]).days) for index in ends[-months:]]
        return "(" + " + ".join(f"b.avg{index} * {days}" for index, days in spans) + f") / {sum(days for _, days in spans)}"

    year_start = max(index for index, knot in enumerate(knots) if knot == date(day.year - 1, 12, 31))
    to_date = [(index, (knots[index] - knots[index - 1]).days) for index in range(year_start + 1, number + 1)]
    year_average = "(" + " + ".join(f"b.avg{index} * {days}" for index, days in to_date) + f") / {sum(days for _, days in to_date)}"
    three = [f"b.avg{index}" for index in ends[-3:]]
    six = [f"b.avg{index}" for index in ends[-6:]]
    peak = f"greatest({', '.join(f'b.aum{index}' for index in ends[-12:])})"
    tier = f"CASE WHEN greatest({', '.join(six)}) >= {TIER_EDGES[-1]} THEN 6 ELSE least(5, {_tier(f'greatest({chr(44).join(three)})')}) END"
    past = [f"greatest({', '.join(f'b.avg{index}' for index in ends[-14:])})"]
    wages = unit_start(day, "month")
    w1, w2, w3 = (add_months(wages, -back) for back in (1, 2, 3))
    coming = f"maturity_date > {at} AND maturity_date <= {at} + 30"

    def is_open(start: str, end: str) -> str:
        return f"(c.{start} <= {at} AND (c.{end} IS NULL OR c.{end} > {at}))"

    mortgage = f"(c.mort_open <= {at} AND (c.mort_settle IS NULL OR c.mort_settle > {at}))"
    columns = {
        "cust_status": f"""CASE WHEN c.close_date <= {at} THEN 'closed' WHEN c.death_date <= {at} THEN 'deceased' WHEN c.status_draw < 0.004 THEN 'frozen'
            WHEN c.status_draw < 0.012 THEN 'controlled' ELSE 'active' END""",
        "cust_scope": "c.scope",
        "age": f"CASE WHEN c.age_known THEN (year({at}) - year(c.birth) - (c.birth_md > {day.month * 100 + day.day})::INTEGER) END::INTEGER",
        "birth_year": "CASE WHEN c.age_known THEN year(c.birth) END::INTEGER",
        "birth_mmdd": "CASE WHEN c.age_known THEN strftime(c.birth, '%m-%d') END",
        "gender": "c.gender", "occupation": "c.occupation", "edu_level": "c.edu_level", "marital_status": "c.marital_status",
        "has_minor_child": "c.has_minor_child", "annual_income": "c.annual_income", "res_city": "c.res_city",
        "life_stage": """CASE WHEN c.life_known THEN CASE WHEN c.job = 'student' THEN 'student' WHEN c.job = 'retired' OR c.years >= 62 THEN 'retired'
            WHEN c.has_minor_child AND c.years < 34 THEN 'new_parent' WHEN c.has_minor_child OR c.years BETWEEN 36 AND 50 THEN 'family'
            WHEN c.years > 50 THEN 'empty_nest' WHEN c.years >= 28 AND c.k % 3 = 0 THEN 'newlywed' ELSE 'starter' END END""",
        "home_org": "c.home_org", "open_org": "c.open_org", "has_rm": f"c.managed AND {at} <= c.last_day + 60",
        "rm_level": "CASE WHEN c.managed THEN CASE WHEN c.band >= 6 THEN 'private' WHEN c.k % 4 = 0 THEN 'hq_rm' ELSE 'branch_rm' END END",
        "open_date": "c.open_date", "top_acct_class": "c.top_acct_class", "is_staff": "c.is_staff",
        "aum_bal": f"b.aum{number}", "aum_avg_mtd": f"b.avg{number}", "aum_avg_last_m": f"b.avg{last}",
        "aum_avg_3m": f"({average(3)})::DECIMAL(18, 2)", "aum_avg_ytd": f"({year_average})::DECIMAL(18, 2)", "aum_year_begin": f"b.aum{year_start}", "aum_last_me": f"b.aum{last}",
        "aum_chg_mtd": f"(b.aum{number} - b.aum{last})::DECIMAL(18, 2)", "aum_chg_ytd": f"(b.aum{number} - b.aum{year_start})::DECIMAL(18, 2)",
        "aum_peak_12m": f"{peak}::DECIMAL(18, 2)", "tier_rank": f"({tier})", "own_rank": _tier(f"b.avg{last}"), "peak_rank": _tier(past[0]),
        "aum_grid_band": _ladder(f"b.avg{last}", (10_000, 50_000, 500_000), ("A1", "A2", "A3", "A4")),
        "dep_demand_bal": f"b.d{number}", "dep_demand_avg_last_m": f"((b.e{last} + b.e{last - 1}) / 2)::DECIMAL(18, 2)",
        "dep_time_bal": f"coalesce(b.td{number}, 0)::DECIMAL(18, 2)", "lcd_bal": f"coalesce(b.lcd{number}, 0)::DECIMAL(18, 2)",
        "struct_dep_bal": f"coalesce(b.st{number}, 0)::DECIMAL(18, 2)",
        "dep_total_bal": f"(b.d{number} + coalesce(b.td{number}, 0) + coalesce(b.lcd{number}, 0) + coalesce(b.st{number}, 0))::DECIMAL(18, 2)",
        "time_next_mature": "m.td_next", "time_mature_amt_30d": "coalesce(m.td_amt, 0)::DECIMAL(18, 2)", "time_auto_renew": "coalesce(m.td_renew, false)",
        "fx_dep_bal": f"CASE WHEN p.w_fx THEN round(b.d{number} * 0.2, 2) ELSE 0 END::DECIMAL(18, 2)",
        "wealth_bal": f"coalesce(b.w{number}, 0)::DECIMAL(18, 2)", "wealth_cash_bal": f"coalesce(b.wc{number}, 0)::DECIMAL(18, 2)",
        "wealth_first_buy": f"CASE WHEN c.wealth_first <= {at} THEN c.wealth_first END", "wealth_last_buy": f"CASE WHEN c.wealth_first <= {at} THEN greatest(c.wealth_first, coalesce(m.w_last, c.wealth_first)) END",
        "wealth_next_mature": "m.w_next", "wealth_mature_amt_30d": "coalesce(m.w_amt, 0)::DECIMAL(18, 2)",
        "wealth_pnl_pct": "round(m.w_pnl, 2)::DECIMAL(9, 2)", "fund_bal": f"coalesce(b.f{number}, 0)::DECIMAL(18, 2)", "fund_pnl_pct": "round(m.f_pnl, 2)::DECIMAL(9, 2)",
        "fund_plan_cnt": f"CASE WHEN {is_open('plan_from', 'plan_to')} THEN c.plan_count ELSE 0 END::INTEGER",
        "fund_first_buy": f"CASE WHEN c.fund_first <= {at} THEN c.fund_first END",
        "ins_policy_cnt": f"(b.ins{number} > 0)::INTEGER", "ins_prem_12m": f"CASE WHEN b.ins{number} > 0 AND (i.start_date > {at} - 365 OR i.pay_type = 'regular') THEN i.premium ELSE 0 END::DECIMAL(18, 2)",
        "ins_next_pay": f"CASE WHEN b.ins{number} > 0 AND i.pay_type = 'regular' THEN (i.start_date + to_years((datesub('year', i.start_date, {at}) + 1)::INTEGER))::DATE END",
        "gold_bal": f"b.gold{number}", "bond_bal": f"b.bond{number}", "tpcm_flag": f"coalesce(c.tpcm_from <= {at}, false)", "pp_acct": f"coalesce(c.pp_from <= {at}, false)",
        "qualified_investor": "c.qualified_investor",
        "payroll_flag": "coalesce(s.paid_months >= 2, false)", "payroll_amt_3m": "coalesce(s.paid / 3, 0)::DECIMAL(18, 2)", "payroll_last_date": "s.last_wage",
        "payroll_dom": "CASE WHEN s.last_wage IS NOT NULL THEN c.pay_dom END", "payroll_org_type": "CASE WHEN s.last_wage IS NOT NULL THEN c.pay_org END",
        "payroll_retain_7d": f"CASE WHEN s.last_wage IS NOT NULL THEN round(100 * pow({uniform(f'retain {day:%Y-%m}', 'c.k')} * 0.5 + {uniform('retain', 'c.k')} * 0.5, 1.3), 2) END::DECIMAL(9, 2)",
        "payroll_gap_m": f"CASE WHEN s.last_wage IS NOT NULL THEN greatest(0, datediff('month', s.last_wage, {at}) - 1) END::INTEGER",
        "pension_pay_flag": f"coalesce(c.pension_from <= DATE '{w2}' AND c.last_day >= DATE '{w1}', false)",
        "mort_flag": f"coalesce({mortgage}, false)", "mort_bal": "coalesce(l.mort, 0)::DECIMAL(18, 2)", "mort_rate": f"CASE WHEN {mortgage} THEN c.mort_rate END",
        "mort_rate_type": f"CASE WHEN {mortgage} THEN c.mort_type END", "mort_first_home": f"CASE WHEN {mortgage} THEN c.mort_first END", "mort_open_date": f"CASE WHEN {mortgage} THEN c.mort_open END",
        "cons_loan_bal": "coalesce(l.cons, 0)::DECIMAL(18, 2)", "biz_loan_bal": "coalesce(l.biz, 0)::DECIMAL(18, 2)",
        "pre_credit_limit": "c.pre_limit", "credit_avail": "(c.pre_limit * c.approved)::DECIMAL(18, 2)",
        "loan_settle_date": "l.settled", "loan_first_date": "l.first_loan",
        "overdue_days": f"CASE WHEN (c.late_payer OR c.late_draw < 0.004) AND {uniform(f'late {day:%Y-%m}', 'c.k')} < 0.25 AND (l.first_loan IS NOT NULL OR c.cc_open <= {at}) THEN 1 + floor(c.late_draw * 45) ELSE 0 END::INTEGER",
        "overdue_cnt_24m": f"CASE WHEN c.late_payer AND (l.first_loan IS NOT NULL OR c.cc_open <= {at}) THEN 1 + floor(c.late_draw * c.late_draw * 9) ELSE 0 END::INTEGER",
        "cc_flag": f"coalesce(c.cc_open <= {at} AND c.last_day >= {at}, false)", "cc_grade": f"CASE WHEN c.cc_open <= {at} THEN c.cc_grade END", "cc_open_date": f"CASE WHEN c.cc_open <= {at} THEN c.cc_open END",
        "cc_activated": f"CASE WHEN c.cc_open <= {at} THEN c.cc_active AND c.cc_open + 3 <= {at} END",
        "cc_limit": f"CASE WHEN c.cc_open <= {at} THEN c.cc_limit ELSE 0 END::DECIMAL(18, 2)",
        "cc_inst_bal": f"CASE WHEN c.cc_open + 60 <= {at} AND c.cc_active THEN c.cc_inst ELSE 0 END::DECIMAL(18, 2)",
        "cc_due_date": f"CASE WHEN c.cc_open + 30 <= {at} AND c.cc_active THEN (DATE '{month}' + c.cc_bill_day - 1 + 20)::DATE END",
        "cc_bind_flag": f"coalesce(c.cc_open + 10 <= {at} AND c.cc_active AND c.cc_bound, false)",
        "cc_fee_gap": f"CASE WHEN c.cc_open + 30 <= {at} AND c.cc_active THEN greatest(0, 6 - (c.cc_rate * 4)::INTEGER) END::INTEGER",
        "cc_reject_date": f"CASE WHEN c.cc_reject <= {at} THEN c.cc_reject END",
        "quickpay_bind_cnt": f"CASE WHEN c.bound_from <= {at} THEN c.bound ELSE 0 END::INTEGER",
        "merchant_flag": f"coalesce(c.merchant_from <= {at}, false)",
        "social_card_status": f"CASE WHEN c.social_from <= {at} THEN CASE WHEN c.social_active AND c.social_from + 40 <= {at} THEN 'active' ELSE 'issued' END ELSE 'none' END",
        "ecny_flag": "c.ecny_flag", "etc_flag": "c.etc_flag",
        "app_reg_flag": f"coalesce(c.reg_date <= {at} AND c.last_day >= least({at}, DATE '{knots[-1]}'), false)", "app_reg_date": f"CASE WHEN c.reg_date <= {at} AND c.last_day >= {at} THEN c.reg_date END",
        "wecom_flag": "c.wecom_flag", "mini_flag": "c.mini_flag",
        "points_bal": f"floor(c.points_base * (1 + 0.1 * {normal(f'points {day:%Y-%m}', 'c.k')}))::INTEGER",
        "reach_pref": f"CASE WHEN c.reach_pref <> 'app_push' OR c.reg_date <= {at} THEN c.reach_pref END",
        "consent_sms": "c.consent_sms", "consent_call": "c.consent_call", "consent_push": f"coalesce(c.reg_date <= {at} AND c.push_open, false)",
        "optout_personal": "c.optout_personal", "do_not_market": "c.do_not_market", "mobile_valid": "c.mobile_valid",
        "campaign_lock": "CASE " + " ".join(f"WHEN c.campaign_draw < {0.012 * (place + 1)} THEN '{code}'" for place, code in enumerate(CAMPAIGNS)) + " END",
        "holdout_group": "c.holdout_group",
        "risk_level": "r.result", "risk_expire": "(r.day + 365)::DATE", "aml_level": "c.aml_level", "id_expire": "c.id_expire", "acct_control": "c.acct_control", "credit_grade": "c.credit_grade",
    }  # fmt: skip
    chosen = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    open_holding = f"valid_from <= {at} AND (valid_to IS NULL OR valid_to >= {at})"
    return f"""
        SELECT {at} AS snapshot_date, c.one_id, c.k, c.login_rate, c.old_login, c.old_txn, c.reg_date, c.last_day, {chosen}
        FROM customer c JOIN plan p ON p.one_id = c.one_id JOIN balance b ON b.one_id = c.one_id LEFT JOIN policy i ON i.one_id = c.one_id
        LEFT JOIN (SELECT one_id,
                min(maturity_date) FILTER (line IN ('td', 'lcd') AND maturity_date > {at} AND {open_holding}) AS td_next,
                sum(amt) FILTER (line IN ('td', 'lcd') AND {coming} AND {open_holding}) AS td_amt,
                arg_min(auto_renew, (maturity_date, hk)) FILTER (line IN ('td', 'lcd') AND maturity_date > {at} AND {open_holding}) AS td_renew,
                min(maturity_date) FILTER (line = 'wealth' AND maturity_date > {at} AND {open_holding}) AS w_next,
                sum(amt) FILTER (line = 'wealth' AND {coming} AND {open_holding}) AS w_amt,
                max(start_date) FILTER (line = 'wealth') AS w_last,
                sum(amt * pnl_pct) FILTER (line = 'wealth' AND {open_holding}) / sum(amt) FILTER (line = 'wealth' AND {open_holding}) AS w_pnl,
                sum(amt * pnl_pct) FILTER (line = 'fund' AND {open_holding}) / sum(amt) FILTER (line = 'fund' AND {open_holding}) AS f_pnl
            FROM holding WHERE start_date <= {at} GROUP BY one_id) m ON m.one_id = c.one_id
        LEFT JOIN (SELECT one_id,
                sum(balance_at) FILTER (kind = 'mortgage' AND open) AS mort, sum(balance_at) FILTER (kind = 'consumer' AND open) AS cons, sum(balance_at) FILTER (kind = 'business' AND open) AS biz,
                max(valid_to + 1) FILTER (valid_to < {at}) AS settled, min(start_date) AS first_loan
            FROM (SELECT *, valid_to IS NULL OR valid_to >= {at} AS open, {loan_balance(at)} AS balance_at FROM loan WHERE start_date <= {at}) GROUP BY one_id) l ON l.one_id = c.one_id
        LEFT JOIN (SELECT one_id, arg_max(result, day) AS result, max(day) AS day FROM risk_history WHERE day <= {at} GROUP BY one_id) r ON r.one_id = c.one_id
        LEFT JOIN (SELECT one_id, max(day) AS last_wage, sum(amt) FILTER (day >= DATE '{w3}' AND day < DATE '{wages}') AS paid,
                (coalesce(sum(amt) FILTER (day >= DATE '{w1}' AND day < DATE '{wages}'), 0) >= 1000)::INTEGER + (coalesce(sum(amt) FILTER (day >= DATE '{w2}' AND day < DATE '{w1}'), 0) >= 1000)::INTEGER
                    + (coalesce(sum(amt) FILTER (day >= DATE '{w3}' AND day < DATE '{w2}'), 0) >= 1000)::INTEGER AS paid_months
            FROM salary WHERE kind = 'wage' AND day BETWEEN DATE '{add_months(wages, -12)}' AND {at} GROUP BY one_id) s ON s.one_id = c.one_id
        WHERE c.open_date <= {at}
    """


def loan_balance(at: str) -> str:
    """SQL: what is left of a loan on a day, in a straight line over its months (consumer and business loans keep at least a fifth until settled)."""
    left = f"amt * greatest(CASE kind WHEN 'mortgage' THEN 0.02 ELSE 0.2 END, 1 - datediff('day', start_date, {at}) / (months * 30.4375))"
    return f"round({left}, 2)::DECIMAL(18, 2)"


def behaviour(day: date) -> tuple[str, str]:
    """The counts of behaviour at a date: columns, and the LEFT JOINs they come from, to a row `s` of one_id. They read the record tables and `seen`."""
    at = f"DATE '{day}'"
    month = unit_start(day, "month")
    m1, m3, m2 = (add_months(month, -back) for back in (1, 3, 2))
    year = f"day > DATE '{add_months(day, -12)}' AND day <= {at}"

    def last(days: int) -> str:
        return f"day BETWEEN {at} - {days - 1} AND {at}"

    three_months = f"day >= DATE '{m3}' AND day < DATE '{month}'"
    since_then = f"day BETWEEN DATE '{m3}' AND {at}"
    own = f"count(*) FILTER ({three_months})::INTEGER AS own"
    parts_of_day = {"am": (6, 10), "noon": (11, 13), "pm": (14, 17), "eve": (18, 22)}
    hours = ", ".join(f"count(*) FILTER (hour(ts) BETWEEN {low} AND {high}) AS {name}" for name, (low, high) in parts_of_day.items())
    favourite = "CASE greatest(am, noon, pm, eve, night) WHEN eve THEN 'eve' WHEN noon THEN 'noon' WHEN pm THEN 'pm' WHEN am THEN 'am' ELSE 'night' END"
    parts = {
        "login": (f"sum(cnt) FILTER ({last(30)})::INTEGER AS cnt, count(*) FILTER ({last(30)})::INTEGER AS days, bool_or(day >= DATE '{m1}' AND day < DATE '{month}') AS mau,"
                  f" bool_or(day >= DATE '{m2}' AND day < DATE '{m1}') AS mau2", "bank.daily_activity", f"record = 'app_login' AND day BETWEEN DATE '{m2}' AND {at}"),
        "hour": (f"CASE WHEN any_value(am + noon + pm + eve + night) >= 5 THEN any_value({favourite}) END AS pref",
                 f"(SELECT one_id, {hours}, count(*) - am - noon - pm - eve AS night FROM bank.record_app_login WHERE {last(90)} GROUP BY one_id)", "true"),
        "zone": ("sum(recent) FILTER (zone = 'wealth')::INTEGER AS wealth, sum(recent) FILTER (zone IN ('loan', 'mortgage'))::INTEGER AS loan, sum(recent) FILTER (zone = 'credit_card')::INTEGER AS card,"
                 " bool_or(zone = 'wealth') AS wealth90, bool_or(zone IN ('loan', 'mortgage')) AS loan90, bool_or(zone = 'credit_card') AS card90, CASE WHEN sum(n) >= 3 THEN arg_max(zone, n + u(hash(zone), 0)) END AS fav",
                 f"(SELECT one_id, zone, count(*) AS n, count(*) FILTER ({last(30)}) AS recent FROM bank.record_zone_view WHERE {last(90)} GROUP BY one_id, zone)", "true"),
        "look": ("bool_or(line = 'wealth') AS wealth, bool_or(line = 'loan') AS loan, bool_or(line = 'card') AS card", "bank.record_product_view", last(30)),
        "quick": (f"sum(cnt) FILTER ({last(30)})::INTEGER AS cnt, sum(cnt) FILTER ({three_months})::INTEGER AS own", "bank.record_quickpay_pay", since_then),
        "tin": (f"sum(amt) FILTER (bank = 'other' AND {last(30)})::DECIMAL(18, 2) AS amt, {own}", "bank.record_transfer_in", since_then),
        "tout": (f"sum(amt) FILTER (bank = 'other' AND {last(30)})::DECIMAL(18, 2) AS amt, sum(amt) FILTER (bank = 'other' AND same_name AND {last(30)})::DECIMAL(18, 2) AS self, {own}", "bank.record_transfer_out", since_then),
        "shop": ("sum(amt)::DECIMAL(18, 2) AS amt, sum(payers)::INTEGER AS payers", "bank.record_merchant_day", last(30)),
        "bills": (own, "bank.record_util_pay", three_months),
        "card": (f"sum(amt)::DECIMAL(18, 2) AS amt, sum(amt) FILTER (day >= DATE '{m1}')::DECIMAL(18, 2) AS bill, {own}", "bank.record_cc_spend", three_months),
        "touch": ("count(*)::INTEGER AS cnt", "bank.record_msg_touch", f"status IN ('delivered', 'read', 'clicked') AND campaign <> '{SERVICE_NOTICE}' AND {last(14)}"),
        "complain": ("true AS open", "bank.record_complaint", f"day <= {at} AND day + closed_days + 30 >= {at} AND day > {at} - 60"),
        "online": ("true AS done", "bank.record_wealth_buy", f"channel = 'app' AND {last(90)}"),
        "online2": ("true AS done", "bank.record_fund_buy", f"channel = 'app' AND {last(90)}"),
        "invite": ("true AS done", "bank.record_share_invite", f"effective AND {last(180)}"),
        "apply": ("true AS done", "bank.record_loan_apply", last(90)),
        "capply": ("true AS done", "bank.record_cc_apply", f"result IS DISTINCT FROM 'rejected' AND {last(90)}"),
        "pension": ("least(12000, sum(amt))::DECIMAL(18, 2) AS amt", "bank.record_pp_contribute", f"day >= DATE '{day.year}-01-01' AND day <= {at}"),
        "contact": ("arg_max(result, ts) AS result, max(ts) AS ts", "bank.record_rm_contact", last(180)),
        "message": ("arg_max(CASE status WHEN 'clicked' THEN 'click' ELSE 'read' END, ts) AS result, max(ts) AS ts", "bank.record_msg_touch", f"status IN ('read', 'clicked') AND {last(180)}"),
        "visit": ("count(*)::INTEGER AS n", "long_branch_visit", year),
        "fx": ("sum(amt_usd)::DECIMAL(18, 2) AS amt", "long_fx_exchange", year),
    }  # fmt: skip
    joins = " ".join(
        f"LEFT JOIN (SELECT one_id, {columns} FROM {table} WHERE {where} GROUP BY one_id) {name} ON {name}.one_id = s.one_id"
        for name, (columns, table, where) in parts.items()
    )
    transactions = " + ".join(f"coalesce({name}.own, 0)" for name in ("tout", "tin", "card", "bills", "quick"))
    columns = f"""coalesce(login.cnt, 0) AS app_login_cnt_30d, coalesce(login.days, 0) AS app_login_days_30d, coalesce(login.mau, false) AS app_mau_flag, coalesce(login.mau AND login.mau2, false) AS mau_twice,
        coalesce(zone.wealth, 0) AS wealth_view_cnt_30d, coalesce(zone.loan, 0) AS loan_view_cnt_30d, coalesce(zone.card, 0) AS cc_view_cnt_30d, zone.fav AS app_zone_pref, hour.pref AS app_hour_pref,
        coalesce(zone.wealth90, false) AS wealth90, coalesce(zone.loan90, false) AS loan90, coalesce(zone.card90, false) AS card90,
        coalesce(look.wealth, false) AS wealth_look, coalesce(look.loan, false) AS loan_look, coalesce(look.card, false) AS card_look,
        coalesce(quick.cnt, 0) AS quickpay_cnt_30d, coalesce(tin.amt, 0)::DECIMAL(18, 2) AS xbank_in_30d, coalesce(tout.amt, 0)::DECIMAL(18, 2) AS xbank_out_30d, coalesce(tout.self, 0)::DECIMAL(18, 2) AS xbank_out_self_30d,
        coalesce(shop.amt, 0)::DECIMAL(18, 2) AS merchant_amt_30d, coalesce(shop.payers, 0) AS merchant_payer_30d, coalesce(bills.own, 0) AS util_pay_3m,
        coalesce(card.amt, 0)::DECIMAL(18, 2) AS cc_spend_3m, coalesce(card.bill, 0)::DECIMAL(18, 2) AS cc_bill_last, coalesce(touch.cnt, 0) AS touch_cnt_14d, coalesce(complain.open, false) AS complaint_open,
        coalesce(online.done, online2.done, false) AS online_buy, coalesce(invite.done, false) AS invited, coalesce(apply.done, false) AS applied, coalesce(capply.done, false) AS card_applied,
        coalesce(pension.amt, 0)::DECIMAL(18, 2) AS pp_contrib_ytd, ({transactions})::INTEGER AS txn_cnt_3m, coalesce(visit.n, 0) AS branch_visit_12m, coalesce(fx.amt, 0)::DECIMAL(18, 2) AS fx_settle_usd_12m,
        CASE WHEN contact.ts IS NULL OR message.ts > contact.ts THEN coalesce(message.result, contact.result) ELSE contact.result END AS last_touch_result,
        seen.last_login, seen.last_txn, seen.last_card, seen.first_card"""
    return columns, f"{joins} LEFT JOIN seen ON seen.one_id = s.one_id"


def _follow_up(connection: duckdb.DuckDBPyConnection, after: date | None, day: date) -> None:
    """Bring table `seen` (last login, own transaction, card use) forward to a date."""
    since = f"day > DATE '{after}' AND day <= DATE '{day}'" if after else f"day <= DATE '{day}'"
    own = " UNION ALL ".join(
        f"SELECT one_id, max(day) AS day FROM bank.record_{code} WHERE {since} GROUP BY one_id"
        for code in ("transfer_out", "transfer_in", "cc_spend", "util_pay", "quickpay_pay")
    )
    old = (
        "seen"
        if after
        else "(SELECT NULL::BIGINT AS one_id, NULL::DATE AS last_login, NULL::DATE AS last_txn, NULL::DATE AS last_card, NULL::DATE AS first_card)"
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE seen AS
        SELECT c.one_id, greatest(o.last_login, l.day) AS last_login, greatest(o.last_txn, t.day) AS last_txn, greatest(o.last_card, k.day) AS last_card, least(o.first_card, k.first_day) AS first_card
        FROM customer c LEFT JOIN {old} o ON o.one_id = c.one_id
        LEFT JOIN (SELECT one_id, max(day) AS day FROM bank.record_app_login WHERE {since} GROUP BY one_id) l ON l.one_id = c.one_id
        LEFT JOIN (SELECT one_id, max(day) AS day FROM ({own}) GROUP BY one_id) t ON t.one_id = c.one_id
        LEFT JOIN (SELECT one_id, max(day) AS day, min(day) AS first_day FROM bank.record_cc_spend WHERE {since} GROUP BY one_id) k ON k.one_id = c.one_id
    """)


def create_tags(
    connection: duckdb.DuckDBPyConnection, knots: Sequence[date], numbers: Sequence[int], first_day: date, tell: Callable[[float], None]
) -> None:
    """Table `tags`, ordered by snapshot_date, one_id, for the knots given by number. `tell` hears the share 0..1 done."""
    before: date | None = None
    connection.begin()
    for place, number in enumerate(numbers):
        tell(place / len(numbers))
        day = knots[number]
        at = f"DATE '{day}'"
        _follow_up(connection, before, day)
        before = day
        counts, joins = behaviour(day)
        lead = "INSERT INTO bank.tags BY NAME" if place else "CREATE TABLE bank.tags AS"
        lost = f"last_login IS NULL AND app_reg_date < DATE '{first_day}' AND old_login < 0.7"
        connection.execute(f"""
            {lead}
            SELECT * EXCLUDE (k, login_rate, old_login, old_txn, reg_date, last_day, tier_rank, own_rank, peak_rank, mau_twice, wealth90, loan90, card90, wealth_look, loan_look, card_look,
                    online_buy, invited, applied, card_applied, last_login, last_txn, last_card, first_card),
                'T' || tier_rank AS cust_tier, tier_rank > own_rank AS tier_watch, 'T' || greatest(peak_rank, tier_rank) AS tier_peak_12m,
                CASE WHEN tier_rank < 6 THEN greatest(0, [{", ".join(map(str, TIER_EDGES))}, 0][tier_rank] - aum_avg_mtd) END::DECIMAL(18, 2) AS tier_gap_amt,
                CASE WHEN app_reg_flag THEN CASE WHEN {lost} THEN greatest(app_reg_date, DATE '{first_day}' - 1 - (pow(old_login, 2) * 700)::INTEGER)::DATE ELSE last_login END END AS app_last_login,
                {_mau("app_login_cnt_30d")} AS mau_band, {_mau("app_login_cnt_30d")} || aum_grid_band AS grid16_cell,
                CASE WHEN last_txn IS NULL AND open_date < DATE '{first_day}' AND old_txn < 0.6 THEN greatest(open_date, DATE '{first_day}' - 1 - (old_txn * 1500)::INTEGER)::DATE ELSE last_txn END AS last_txn_date,
                CASE WHEN cc_flag AND last_card IS NULL AND cc_activated AND cc_open_date < DATE '{first_day}' AND old_txn < 0.5 THEN greatest(cc_open_date, DATE '{first_day}' - 1 - (old_txn * 900)::INTEGER)::DATE ELSE CASE WHEN cc_flag THEN last_card END END AS cc_last_txn,
                CASE WHEN cc_flag AND cc_activated THEN CASE WHEN cc_open_date < DATE '{first_day}' AND (last_card IS NOT NULL OR old_txn < 0.5) THEN least(cc_open_date + 1 + (old_txn * 20)::INTEGER, DATE '{first_day}' - 1) ELSE first_card END END::DATE AS cc_first_use,
                ((dep_demand_bal >= 100)::INTEGER + (dep_time_bal + lcd_bal + struct_dep_bal > 0)::INTEGER + (wealth_bal > 0)::INTEGER + (fund_bal > 0)::INTEGER + (ins_policy_cnt > 0)::INTEGER + (bond_bal > 0)::INTEGER
                    + (gold_bal > 0)::INTEGER + (mort_bal + cons_loan_bal + biz_loan_bal > 0)::INTEGER + cc_flag::INTEGER + payroll_flag::INTEGER + (quickpay_bind_cnt > 0)::INTEGER + tpcm_flag::INTEGER + pp_acct::INTEGER)::INTEGER AS prod_hold_cnt,
                round(aum_avg_ytd * 0.004 + mort_bal * 0.006 + (cons_loan_bal + biz_loan_bal) * 0.02 + cc_spend_3m * 0.02, 2)::DECIMAL(18, 2) AS contrib_12m,
                CASE WHEN aum_bal < 100 AND open_date < {at} - 365 AND (last_txn IS NULL OR last_txn < {at} - 365) THEN 'LOST'
                     WHEN (last_login IS NULL OR last_login < {at} - 180) AND (last_txn IS NULL OR last_txn < {at} - 180) AND aum_bal < 1000 AND open_date < {at} - 180 THEN 'SLEEP'
                     WHEN open_date >= {at} - 90 THEN 'NEW'
                     WHEN aum_avg_3m >= 10000 AND aum_bal <= aum_avg_3m * 0.7 THEN 'DECLINE'
                     WHEN open_date < {at} - 365 THEN CASE WHEN last_txn >= {at} - 90 OR aum_bal >= 1000 THEN 'MATURE' ELSE 'DECLINE' END
                     ELSE 'GROW' END AS lifecycle_stage,
                CASE WHEN NOT app_reg_flag THEN 'S1' WHEN invited THEN 'S7' WHEN online_buy THEN 'S6' WHEN mau_twice THEN 'S5' WHEN last_login IS NOT NULL AND quickpay_bind_cnt > 0 THEN 'S4'
                     WHEN last_login IS NOT NULL THEN 'S3' ELSE 'S2' END AS mau_stage,
                CASE WHEN wealth_bal > 0 AND wealth_last_buy > wealth_first_buy THEN 'repeat' WHEN wealth_bal > 0 THEN 'trade' WHEN wealth90 AND risk_expire >= {at} THEN 'eligible' WHEN wealth_look THEN 'intent'
                     WHEN wealth90 THEN 'aware' ELSE 'none' END AS wealth_stage,
                CASE WHEN cons_loan_bal + biz_loan_bal + mort_bal > 0 THEN 'trade' WHEN pre_credit_limit > 0 AND loan90 THEN 'eligible' WHEN loan_look OR applied THEN 'intent' WHEN loan90 THEN 'aware' ELSE 'none' END AS loan_stage,
                CASE WHEN cc_flag AND last_card >= {at} - 180 THEN 'used' WHEN cc_flag AND cc_activated THEN 'activated' WHEN cc_flag THEN 'issued' WHEN card_applied THEN 'applied' WHEN card_look THEN 'intent' WHEN card90 THEN 'aware' ELSE 'none' END AS card_stage,
                CASE WHEN open_date <= {at} - 90 THEN least(100, greatest(0, 22 + 9 * {normal(f"churn {day:%Y-%m}")} + CASE WHEN aum_avg_3m > 0 THEN 45 * greatest(0, 1 - aum_bal / aum_avg_3m) ELSE 0 END - CASE WHEN app_login_cnt_30d > 3 THEN 6 ELSE 0 END)) END::INTEGER AS churn_score,
                CASE WHEN open_date <= {at} - 90 THEN least(100, greatest(0, 12 + 8 * {normal(f"wealth propensity {day:%Y-%m}")} + 4 * least(6, wealth_view_cnt_30d) + CASE WHEN dep_demand_bal > 50000 THEN 25 WHEN dep_demand_bal > 10000 THEN 12 ELSE 0 END + CASE WHEN wealth_first_buy IS NOT NULL THEN 15 ELSE 0 END)) END::INTEGER AS wealth_prop,
                CASE WHEN open_date <= {at} - 90 THEN least(100, greatest(0, 12 + 9 * {normal(f"loan propensity {day:%Y-%m}")} + 7 * least(5, loan_view_cnt_30d) + CASE WHEN cons_loan_bal > 0 THEN 22 ELSE 0 END)) END::INTEGER AS loan_prop
            FROM (SELECT s.*, {counts} FROM ({state_select(knots, number)}) s {joins})
            ORDER BY one_id
        """)
    connection.commit()


def _mau(count: str) -> str:
    return f"CASE WHEN {count} = 0 THEN 'M1' WHEN {count} <= 3 THEN 'M2' WHEN {count} < 15 THEN 'M3' ELSE 'M4' END"


def knot_dates(snapshots: Sequence[date]) -> tuple[date, ...]:
    """The dates at which balances are known: month ends from seven months before the first snapshot (and the year end before it) to the last snapshot."""
    first = snapshots[0]
    start = min(add_months(unit_start(first, "month"), -7), date(first.year, 1, 1))
    knots = []
    month = start
    while month <= unit_start(snapshots[-1], "month"):
        knots.append(month - timedelta(days=1))
        month = add_months(month, 1)
    return (*knots, snapshots[-1])
