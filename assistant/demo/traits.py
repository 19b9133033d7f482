"""What each customer is like beyond age and assets: family, cards, loans, consents, habits. Law: every column is a function of the customer's row."""

from __future__ import annotations

from datetime import date

import duckdb

from assistant.demo.draw import chance, choice, normal, uniform
from assistant.demo.people import by_band

AGE_CARE = "(CASE WHEN years < 30 THEN 0.8 WHEN years < 60 THEN 1 ELSE 0.45 END)"
"""How open customers are to digital things, by age."""


def trait_columns(as_of: date, first_day: date) -> dict[str, str]:
    """SQL by column name, over the rows of the customer table built so far. Columns named with a trailing date hold the day something began."""
    day = f"DATE '{as_of}'"
    first = f"DATE '{first_day}'"
    span = (as_of - first_day).days

    def began(name: str, oldest_days: int) -> str:
        """A day between the customer's opening and as_of, at most `oldest_days` back."""
        return f"greatest(open_date, {day} - ({uniform(name)} * {oldest_days})::INTEGER)::DATE"

    return {
        # family and profile
        "age_known": chance("age known", 0.997),
        "edu_level": f"""CASE WHEN {chance("edu known", 0.59)} AND years >= 17 THEN CASE
            WHEN {uniform("edu")} + 0.05 * (band - 1) + 0.004 * (38 - least(years, 70)) < 0.34 THEN 'below'
            WHEN {uniform("edu")} + 0.05 * (band - 1) + 0.004 * (38 - least(years, 70)) < 0.62 THEN 'college'
            WHEN {uniform("edu")} + 0.05 * (band - 1) + 0.004 * (38 - least(years, 70)) < 0.94 THEN 'bachelor' ELSE 'master' END END""",
        "marital_status": f"""CASE WHEN {chance("marital known", 0.48)} AND years >= 18 THEN CASE
            WHEN {uniform("marital")} < CASE WHEN years < 25 THEN 0.93 WHEN years < 32 THEN 0.5 ELSE 0.09 END THEN 'single'
            WHEN years > 68 AND {chance("widowed", 0.3)} THEN 'widowed' WHEN {chance("divorced", 0.08)} THEN 'divorced' ELSE 'married' END END""",
        "has_minor_child": f"years BETWEEN 24 AND 54 AND {chance('child', 'CASE WHEN years BETWEEN 30 AND 46 THEN 0.34 ELSE 0.09 END')}",
        "annual_income": f"""CASE WHEN {chance("income known", 0.53)} AND years >= 18 THEN CASE
            WHEN 0.55 * asset_score + 0.85 * {normal("income")} < -0.75 THEN 'i1' WHEN 0.55 * asset_score + 0.85 * {normal("income")} < 0.35 THEN 'i2'
            WHEN 0.55 * asset_score + 0.85 * {normal("income")} < 1.25 THEN 'i3' WHEN 0.55 * asset_score + 0.85 * {normal("income")} < 2.0 THEN 'i4' ELSE 'i5' END END""",
        "life_known": chance("life stage known", 0.88),
        "is_staff": f"scope = 'full' AND years BETWEEN 22 AND 60 AND job IN ('soe', 'private') AND {chance('staff', 0.008)}",
        "managed": f"scope = 'full' AND {chance('managed', by_band((0.009, 0.014, 0.028, 0.10, 0.45, 0.93, 0.98)))}",
        "top_acct_class": "CASE scope WHEN 'full' THEN 'I' WHEN 'online_ii' THEN CASE WHEN u(k, 4411) < 0.8 THEN 'II' ELSE 'III' END END",
        # assets outside the slots
        "bond_from": began("bond from", 1500),
        "gold_from": began("gold from", 1300),
        # wages and pensions
        "campus": f"has_payroll AND home_org LIKE '42%' AND {chance('campus', 0.42)}",
        "pay_dom": f"CASE WHEN campus THEN 15 WHEN has_payroll THEN {choice(uniform('payday'), {'5': 14, '8': 12, '10': 30, '15': 26, '25': 18})}::INTEGER END",
        "pay_org": f"""CASE WHEN campus THEN 'edu_med' WHEN has_payroll THEN CASE job WHEN 'civil' THEN 'gov' WHEN 'soe' THEN 'soe' WHEN 'doctor' THEN 'edu_med' WHEN 'teacher' THEN 'edu_med'
            ELSE {choice(uniform("employer"), {"private": 78, "foreign": 16, "soe": 4, "mil": 2})} END END""",
        "pay_from": f"CASE WHEN has_payroll THEN greatest(open_date, CASE WHEN {chance('new job', 0.16)} THEN {first} + ({uniform('job day')} * {span})::INTEGER ELSE {first} - 100 - ({uniform('job age')} * 2500)::INTEGER END)::DATE END",
        "pay_to": f"CASE WHEN has_payroll THEN CASE WHEN {chance('job ends', 0.175)} THEN ({first} + ({uniform('job end')} * {span})::INTEGER)::DATE END END",
        "pension_from": f"CASE WHEN scope = 'full' AND years >= 55 AND {chance('pension', 'CASE WHEN years < 60 THEN 0.10 ELSE 0.28 END')} THEN {began('pension from', 3000)} END",
        "pension_pay": f"(round(2200 + 2600 * {uniform('pension amount')} + 350 * band, -1))::DECIMAL(18, 2)",
        # loans
        "mort_rate": f"""CASE WHEN has_mortgage THEN CASE mort_type WHEN 'fixed' THEN 4.1 + round(8 * {uniform("mortgage rate")}) / 10
            ELSE CASE WHEN mort_first THEN 3.05 + round(95 * {uniform("mortgage rate")}) / 100 ELSE 3.45 + round(90 * {uniform("mortgage rate")}) / 100 END END END::DECIMAL(9, 4)""",
        "mort_settle": f"CASE WHEN has_mortgage AND {chance('settled', 0.07)} THEN greatest(mort_open + 200, {first} + ({uniform('settle day')} * {span})::INTEGER)::DATE END",
        "mort_months": "(180 + round(u(k, 7719) * 12) * 15)::INTEGER",
        "cons_from": f"CASE WHEN scope = 'full' AND years BETWEEN 22 AND 58 AND {chance('consumer loan', by_band((0.044, 0.056, 0.07, 0.063, 0.05, 0.04, 0.012)))} THEN {began('consumer from', 760)} END",
        "cons_days": f"(180 + 720 * {uniform('consumer term')})::INTEGER",
        "cons_amount": f"(round(exp(10.9 + 0.7 * {normal('consumer amount')}) / 1000) * 1000)::DECIMAL(18, 2)",
        "biz_from": f"CASE WHEN scope = 'full' AND job IN ('self', 'biz_owner') AND years BETWEEN 22 AND 62 AND {chance('business loan', 'CASE job WHEN ' + chr(39) + 'biz_owner' + chr(39) + ' THEN 0.22 ELSE 0.076 END')} THEN {began('business from', 900)} END",
        "biz_days": f"(365 + 700 * {uniform('business term')})::INTEGER",
        "biz_amount": f"(round(exp(12.7 + 0.7 * {normal('business amount')}) / 10000) * 10000)::DECIMAL(18, 2)",
        "pre_limit": f"CASE WHEN scope = 'full' AND years BETWEEN 22 AND 58 AND job NOT IN ('student') AND {chance('pre-approved', 'CASE WHEN has_payroll THEN 0.25 ELSE 0.087 END + (CASE WHEN has_mortgage THEN 0.18 ELSE 0 END)')} THEN round(exp(11.1 + 0.6 * {normal('pre-approved amount')}) / 1000) * 1000 ELSE 0 END::DECIMAL(18, 2)",
        "approved": f"CASE WHEN {chance('approved', 0.35)} THEN 1 ELSE 0 END",
        "late_payer": chance("late payer", 0.03),
        "late_draw": uniform("late days"),
        # credit card
        "cc_open": f"CASE WHEN has_card THEN greatest(open_date, {day} - (pow({uniform('card age')}, 1.1) * 3300)::INTEGER)::DATE END",
        "cc_active": f"has_card AND {chance('card activated', 0.81)}",
        "cc_rate": f"CASE WHEN {chance('card used', 0.74)} THEN exp(1.95 + 0.95 * {normal('card rate')}) ELSE 0 END",
        "cc_grade": f"CASE WHEN has_card THEN CASE WHEN {uniform('card grade')} < 0.42 - 0.05 * band THEN 'classic' WHEN {uniform('card grade')} < 0.80 - 0.05 * band THEN 'gold' WHEN {uniform('card grade')} < 1.04 - 0.03 * band THEN 'platinum' ELSE 'diamond' END END",
        "cc_limit": f"CASE WHEN has_card THEN round(exp(10.1 + 0.14 * band + 0.55 * {normal('card limit')}) / 1000) * 1000 ELSE 0 END::DECIMAL(18, 2)",
        "cc_bill_day": f"(1 + floor(27 * {uniform('bill day')}))::INTEGER",
        "cc_bound": chance("card bound", 0.62),
        "cc_inst": f"CASE WHEN {chance('instalment', 0.11)} THEN round(exp(8.6 + 0.8 * {normal('instalment amount')})) ELSE 0 END::DECIMAL(18, 2)",
        "cc_reject": f"CASE WHEN years BETWEEN 20 AND 65 AND NOT has_card AND {chance('card rejected', 0.02)} THEN greatest(open_date, {day} - ({uniform('reject day')} * 900)::INTEGER)::DATE END",
        # payments and scenes
        "bound": f"""CASE WHEN years >= 14 AND scope <> 'card_only' AND {chance("quick pay", "(CASE WHEN has_payroll THEN 0.68 ELSE 0.475 END) * (CASE WHEN years < 50 THEN 1.08 WHEN years < 62 THEN 0.92 ELSE 0.62 END)")}
            THEN 1 + {chance("second platform", 0.55)}::INTEGER + {chance("third platform", 0.22)}::INTEGER + {chance("fourth platform", 0.08)}::INTEGER ELSE 0 END""",
        "bound_from": began("bound from", 2000),
        "quick_rate": f"exp(1.72 + 1.05 * {normal('quick rate')}) * {AGE_CARE}",
        "transfer_rate": f"exp(-0.62 + 1.1 * {normal('transfer rate')} + 0.14 * band)",
        "merchant_from": f"CASE WHEN scope = 'full' AND job IN ('self', 'biz_owner') AND {chance('merchant', 0.12)} THEN {began('merchant from', 1500)} END",
        "merchant_day_rate": f"exp(2.6 + 0.6 * {normal('merchant rate')})",
        "merchant_size": f"exp(5.6 + 1.0 * {normal('merchant size')})",
        "social_from": f"CASE WHEN scope = 'full' AND years >= 16 AND {chance('social card', 'CASE WHEN home_org LIKE ' + chr(39) + '51%' + chr(39) + ' THEN 0.35 ELSE 0.165 END')} THEN {began('social from', 2600)} END",
        "social_active": chance("social card used", 0.56),
        "ecny_flag": f"years BETWEEN 16 AND 75 AND {chance('ecny', '0.10 * ' + AGE_CARE)}",
        "etc_flag": f"years BETWEEN 20 AND 68 AND scope = 'full' AND {chance('etc', by_band((0.06, 0.09, 0.13, 0.18, 0.22, 0.24, 0.2)))}",
        "fx_rate": f"CASE WHEN years BETWEEN 18 AND 70 AND {chance('fx user', by_band((0.012, 0.02, 0.04, 0.07, 0.12, 0.18, 0.3)))} THEN 0.12 ELSE 0 END",
        "tpcm_from": f"CASE WHEN scope = 'full' AND years BETWEEN 20 AND 75 AND {chance('custody', by_band((0.02, 0.04, 0.07, 0.1, 0.13, 0.17, 0.18)))} THEN {began('custody from', 3000)} END",
        "pp_from": f"CASE WHEN scope = 'full' AND years BETWEEN 20 AND 59 AND {chance('private pension', 'CASE WHEN has_payroll THEN 0.2 ELSE 0.055 END')} THEN {began('private pension from', 1300)} END",
        "pp_saver": chance("pension saver", 0.26),
        "qualified_investor": f"band >= 6 AND {chance('qualified', 0.35)}",
        # app, reach, consent
        "mini_flag": f"years BETWEEN 14 AND 80 AND {chance('mini', '0.34 * ' + AGE_CARE)}",
        "wecom_flag": f"scope = 'full' AND {chance('wecom', by_band((0.045, 0.073, 0.12, 0.2, 0.33, 0.45, 0.5)))}",
        "consent_sms": chance("sms consent", 0.81),
        "consent_call": chance("call consent", 0.64),
        "push_open": chance("push permission", "CASE WHEN login_rate > 3 THEN 0.62 ELSE 0.40 END"),
        "optout_personal": chance("opt out", 0.025),
        "do_not_market": chance("do not market", 0.008),
        "mobile_valid": chance("mobile valid", 0.95),
        "reach_pref": f"""CASE WHEN {chance("reach known", "CASE WHEN has_app THEN 0.92 ELSE 0.37 END")} THEN
            CASE WHEN has_app AND login_rate > 1.5 AND {chance("reach push", "0.43 + 0.075 * band")} THEN 'app_push'
                 ELSE {choice(uniform("reach"), {"sms": 46, "call": 14, "wecom": 10, "mini": 12, "branch": 18})} END END""",
        "campaign_draw": uniform("campaign"),
        "holdout_group": choice(uniform("holdout"), {"none": 0.955, "global": 0.03, "campaign": 0.015}),
        "touch_rate": f"CASE WHEN {chance('touched', 0.41)} THEN exp(-0.1 + 0.85 * {normal('touch rate')}) ELSE 0.05 END",
        "points_base": f"exp(6.4 + 1.3 * {normal('points')})",
        # risk
        "tested": f"scope = 'full' AND years >= 18 AND {chance('risk tested', by_band((0.13, 0.2, 0.30, 0.50, 0.72, 0.8, 0.85)))}",
        "test_from": f"greatest(open_date, {day} - 20 - ({uniform('test from')} * 660)::INTEGER)::DATE",
        "test_gap": f"(370 + 900 * {uniform('test gap')})::INTEGER",
        "risk_draw": f"0.8 * {uniform('risk level')} + 0.2 * {uniform('risk age')} - 0.0035 * (least(years, 75) - 42) + 0.01",
        "aml_level": choice(uniform("aml"), {"low": 0.93, "mid": 0.062, "high": 0.008}),
        "id_expire": f"CASE WHEN {chance('id known', 0.996)} THEN ({day} - 205 + (pow({uniform('id expire')}, 0.9) * 3700)::INTEGER)::DATE END",
        "acct_control": choice(uniform("control"), {"none": 0.968, "limited": 0.022, "suspended": 0.008, "frozen": 0.002}),
        "credit_grade": f"CASE WHEN years BETWEEN 20 AND 65 AND {chance('graded', 0.36)} THEN {choice(uniform('grade') + ' - 0.02 * band', {'G1': 12, 'G2': 24, 'G3': 28, 'G4': 20, 'G5': 11, 'G6': 5})} END",
        "plan_from": f"CASE WHEN scope = 'full' AND years BETWEEN 20 AND 65 AND {chance('fund plan', by_band((0.003, 0.01, 0.03, 0.05, 0.07, 0.08, 0.06)))} THEN {began('plan from', 1100)} END",
        "plan_count": f"(1 + {chance('second plan', 0.25)}::INTEGER)",
        "plan_to": f"CASE WHEN {chance('plan stops', 0.3)} THEN ({first} + ({uniform('plan end')} * {span})::INTEGER)::DATE END",
        "old_login": uniform("old login"),
        "old_txn": uniform("old transaction"),
    }  # fmt: skip


def add_traits(connection: duckdb.DuckDBPyConnection, as_of: date, first_day: date) -> None:
    """Table `customer`: the customers of `resident` with every trait column."""
    columns = ", ".join(f"{expression} AS {name}" for name, expression in trait_columns(as_of, first_day).items())
    connection.execute(f"CREATE OR REPLACE TABLE customer AS SELECT *, {columns} FROM resident")
