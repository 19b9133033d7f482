"""Behaviour records: for every kind of event a rate per customer and month, days and hours by profile, and its properties.

Law: a customer has events only between the day the relation (or the app, the card, the loan) began and the day it ended. The number of events over
the whole history is the rate times its months, rounded at random; their days are independent draws from the profile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.demo.days import DAY_TABLE, HOUR_TABLE
from assistant.demo.draw import chance, choice, normal, salt, spread, uniform
from assistant.demo.people import by_band


@dataclass(frozen=True)
class Event:
    """One kind of event. `rate` (per month), `since`, `until`, `channel`, `org` and the properties are SQL over the customer's row `c`;
    properties may use the event's own key `e` and its day `d`. `star`: in the daily roll-up, which is worth its room only for what customers do
    several times a day (for all else the records themselves are as short). `long`: generated from a year before the first snapshot,
    for the twelve-month tags (the earlier part is not stored)."""

    code: str
    rate: str
    days: str = "flat"
    hours: str = "app"
    since: str = "c.open_date"
    until: str = "c.last_day"
    channel: str = "'app'"
    org: str = "NULL"
    properties: Mapping[str, str] = field(default_factory=dict)
    star: bool = False
    long: bool = False


def pick(name: str, weights: Mapping[str, float]) -> str:
    """SQL: a weighted code for an event."""
    return choice(uniform(name, "e"), weights)


def day_variable(profile: str, long: bool = False) -> str:
    return f"days_{profile}{'_long' if long else ''}"


def hour_variable(profile: str) -> str:
    return f"hours_{profile}"


def timestamp(day: str, hours: str, key: str = "e") -> str:
    """SQL: a time on a day (days since 1970) by the hour profile, to the microsecond: no two of a customer's events tie, so their order is theirs alone."""
    hour = f"getvariable('{hour_variable(hours)}')[1 + floor({uniform('hour', key)} * {HOUR_TABLE})::INTEGER]"
    return f"make_timestamp((({day})::BIGINT * 86400 + {hour} * 3600) * 1000000 + floor({uniform('second', key)} * 3600000000)::BIGINT)"


def generation(event: Event, number: int, months: float) -> str:
    """SELECT that generates all events of a spec over so many months: one_id, ts, day, channel, org and the properties. `number` tells specs of a code apart."""
    name = f"event {event.code} {number}"
    day = f"getvariable('{day_variable(event.days, event.long)}')[1 + floor({uniform('day', 'e')} * {DAY_TABLE})::INTEGER]"
    source = f"""
        SELECT c, e, d FROM (SELECT c, e, {day} AS d FROM (
            SELECT c, hash(xor(c.k, ({salt(name)} + i)::UBIGINT)) AS e FROM (
                SELECT c, unnest(range(draw_count(greatest(0, {event.rate}) * {months:.4f}::DOUBLE, {uniform(name, "c.k")}))) AS i FROM customer c WHERE {event.rate} > 0)))
        WHERE DATE '1970-01-01' + d BETWEEN {event.since} AND {event.until}
    """
    return dressed(source, event.hours, event.channel, event.org, event.properties)


def dressed(source: str, hours: str, channel: str, org: str, properties: Mapping[str, str]) -> str:
    """SELECT of a record's columns from a source of c (the customer's row), e (the event's key), d (its day since 1970) and whatever the properties name."""
    columns = "".join(f", {expression} AS {code}" for code, expression in properties.items())
    return _narrowed(
        f"SELECT c.one_id, {timestamp('d', hours)} AS ts, DATE '1970-01-01' + d AS day, {channel} AS channel, ({org})::VARCHAR AS org{columns} FROM ({source})"
    )


def _narrowed(select: str) -> str:
    """The SELECT with its `customer c` cut to the columns it names as c.x: every event carries the customer's row along."""
    columns = ", ".join(sorted(set(re.findall(r"\bc\.(\w+)", select))))
    return re.sub(r"\bcustomer c\b", f"(SELECT {columns} FROM customer) c", select)


ZONES = {"transfer": 24, "life": 15, "benefit": 12, "wealth": 12, "credit_card": 8, "deposit": 7, "news": 5, "fund": 4.5, "loan": 2.2, "gold": 2.2,
         "insurance": 1.5, "pension": 1.5, "payroll": 0.6, "fx": 1.0, "mortgage": 0.3, "private": 0.2}  # fmt: skip
"""What an ordinary customer looks at in the app, in percent."""

ZONE_INTERESTS = (
    (4, {"wealth": 3.2, "deposit": 2.2, "fund": 2.5, "private": 6, "gold": 1.5}),
    (2, {"mortgage": 15, "loan": 3.5}),
    (1, {"payroll": 8}),
)
"""A customer's zone class is a sum of 4 (assets from 50,000), 2 (mortgage) and 1 (payroll); each multiplies some of the weights."""


def zone_tables() -> list[list[str]]:
    """For each zone class 0..7 a table of 512 zones in proportion to their weights."""
    tables = []
    for kind in range(8):
        weights = dict(ZONES)
        for bit, factors in ZONE_INTERESTS:
            if kind & bit:
                weights |= {zone: weights[zone] * factor for zone, factor in factors.items()}
        tables.append([list(weights)[position] for position in spread(list(weights.values()), 512)])
    return tables


def release(day: str = "DATE '1970-01-01' + d") -> str:
    """SQL: the app's version on a day; one customer in eight is a release behind."""
    moment = f"({day} - CASE WHEN {chance('behind', 0.12, 'c.k')} THEN 60 ELSE 0 END)"
    return (
        f"CASE WHEN {moment} < DATE '2025-09-10' THEN '8.0' WHEN {moment} < DATE '2026-01-14' THEN '8.1' WHEN {moment} < DATE '2026-03-18' THEN '8.2' "
        f"WHEN {moment} < DATE '2026-04-02' THEN '8.3.0' WHEN {moment} < DATE '2026-07-08' THEN '8.3.1' ELSE '8.4' END"
    )


def money(name: str, mean: float | str, deviation: float, low: int = 1, step: str = "0.01", shift: str = "0") -> str:
    """SQL: a lognormal amount in CNY; `mean` is the log's, `shift` is added to it."""
    return f"greatest({low}, round(exp({mean} + {shift} + {deviation} * {normal(name, 'e')}) / {step}) * {step})::DECIMAL(18, 2)"


OS = "CASE WHEN u(c.k, 90210) < 0.31 THEN 'ios' WHEN u(c.k, 90210) < 0.88 THEN 'android' ELSE 'harmony' END"
APP = "CASE WHEN DATE '1970-01-01' + d BETWEEN c.reg_date AND c.app_last AND e % 8 <> 0 THEN 'app' ELSE 'branch' END"
SELF_OR_BRANCH_ORG = f"CASE WHEN {APP} = 'branch' THEN c.home_org END"
ADULT = "c.years >= 18 AND c.scope <> 'card_only'"
SIGNED_UP, APP_END = "c.reg_date", "c.app_last"
PRODUCT_LINES = {"wealth": 40, "fund": 17, "deposit": 15, "insurance": 6, "loan": 9, "card": 7, "gold": 6}


def _only(condition: str, rate: str | float) -> str:
    return f"(CASE WHEN {condition} THEN {rate} ELSE 0 END)"


EVENTS: tuple[Event, ...] = (
    Event("app_login", "c.login_rate", "login", star=True, since=SIGNED_UP, until=APP_END, properties={
        "os": OS, "method": pick("method", {"face": 41, "finger": 30, "pwd": 17, "gesture": 12}), "app_version": release()}),
    Event("app_bind_card", _only("c.has_app", 0.016), since=SIGNED_UP, until=APP_END, properties={"bank": pick("bank", {"own": 45, "other": 55})}),
    Event("zone_view", "0.8 * c.login_rate", "wealth", star=True, since=SIGNED_UP, until=APP_END, properties={
        "zone": f"getvariable('zones')[c.zone_class + 1][1 + floor({uniform('zone', 'e')} * 512)::INTEGER]",
        "dwell_s": f"(3 + exp(2.6 + 0.9 * {normal('dwell', 'e')}))::INTEGER",
        "entry": pick("entry", {"home": 55, "search": 12, "push": 13, "banner": 20})}),
    Event("product_view", "0.175 * c.login_rate", "wealth", since=SIGNED_UP, until=APP_END, properties={
        "line": pick("line", PRODUCT_LINES), "product_id": f"'P' || lpad((1 + floor({uniform('product', 'e')} * 120))::INTEGER::VARCHAR, 4, '0')",
        "risk": pick("risk", {"R1": 25, "R2": 45, "R3": 20, "R4": 8, "R5": 2}),
        "term_days": pick("term", {"30": 15, "60": 10, "90": 25, "180": 25, "365": 25}) + "::INTEGER",
        "dwell_s": f"(4 + exp(3.1 + 0.9 * {normal('dwell', 'e')}))::INTEGER"}),
    Event("product_fav", "0.007 * c.login_rate", "wealth", since=SIGNED_UP, until=APP_END, properties={
        "line": pick("line", PRODUCT_LINES), "product_id": f"'P' || lpad((1 + floor({uniform('product', 'e')} * 120))::INTEGER::VARCHAR, 4, '0')"}),
    Event("search", "0.068 * c.login_rate", "login", since=SIGNED_UP, until=APP_END, properties={
        "keyword_class": pick("keyword", {"wealth": 24, "loan": 9, "rate": 4, "transfer": 22, "card": 13, "pension": 4, "gold": 7, "fx": 3, "other": 14}),
        "hit": chance("hit", 0.86, "e")}),
    Event("wealth_abort", _only(ADULT + " AND c.has_app", "0.006 * least(c.login_rate, 15) + CASE WHEN c.band >= 3 THEN 0.03 ELSE 0.003 END"), "wealth", since=SIGNED_UP, until=APP_END, properties={
        "step": pick("step", {"risk_test": 30, "agreement": 18, "confirm": 34, "pay": 18}), "amt": money("amount", 10.3, 1.0, 100, "100", "0.2 * c.band"),
        "reason": pick("reason", {"balance": 24, "risk_mismatch": 17, "quota": 13, "none": 46}), "os": OS, "app_version": release()}),
    Event("dual_record", _only("c.scope = 'full' AND c.years >= 45 AND c.band >= 2", 0.010), "workday", "office", channel="'branch'", org="c.home_org", properties={
        "line": pick("line", {"wealth": 55, "insurance": 35, "fund": 10}), "result": pick("result", {"ok": 96, "failed": 4})}),
    Event("loan_calc", _only(ADULT + " AND c.has_app", "0.004 * least(c.login_rate, 15) + CASE WHEN c.has_mortgage THEN 0.02 ELSE 0.004 END"), since=SIGNED_UP, until=APP_END, properties={
        "kind": pick("kind", {"mortgage": 45, "consumer": 40, "business": 15}), "amt": money("amount", 11.8, 0.9, 1000, "1000")}),
    Event("mort_rate_query", _only("c.has_mortgage AND c.has_app", 0.075), "flat", since=SIGNED_UP, until=APP_END, properties={
        "page": pick("page", {"policy": 34, "detail": 28, "howto": 16, "result": 22})}),
    Event("mort_rate_query", _only(ADULT + " AND c.has_app AND NOT c.has_mortgage", 0.0025), "flat", since=SIGNED_UP, until=APP_END, properties={
        "page": pick("page", {"policy": 60, "detail": 20, "howto": 15, "result": 5})}),
    Event("mort_prepay", _only("c.has_mortgage", 0.034), "office", since="c.mort_open", until="coalesce(c.mort_settle, c.last_day)", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "amt": money("amount", 11.3, 0.7, 10000, "10000"), "full": chance("full", 0.12, "e")}),
    Event("loan_apply", _only(ADULT + " AND c.years BETWEEN 20 AND 62", "0.009 + 0.0006 * least(c.login_rate, 15)"), "office", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "kind": pick("kind", {"mortgage": 16, "consumer": 66, "business": 18}), "amt": money("amount", 11.2, 0.8, 1000, "1000"),
        "completed": chance("completed", 0.62, "e"),
        "step_reached": f"CASE WHEN {chance('completed', 0.62, 'e')} THEN 5 ELSE 1 + floor({uniform('step', 'e')} * 4) END::INTEGER"}),
    Event("cc_apply", _only(ADULT + " AND c.years BETWEEN 20 AND 62 AND NOT c.has_card", "0.0045 + 0.0005 * least(c.login_rate, 15)"), "flat", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "product": pick("product", {"classic": 52, "young": 20, "auto": 14, "travel": 14}),
        "completed": chance("completed", 0.66, "e"),
        "result": f"CASE WHEN {chance('completed', 0.66, 'e')} THEN CASE WHEN {chance('pending', 0.25, 'e')} THEN 'pending' ELSE 'rejected' END END"}),
    Event("cc_spend", _only("c.cc_active", "c.cc_rate"), "spend", "shop", since="c.cc_open + 3", channel="'system'", star=True, properties={
        "amt": money("amount", 4.7, 1.15, 1, "0.01", "0.12 * c.band"),
        "mcc_class": pick("class", {"grocery": 24, "dining": 21, "travel": 7, "auto": 9, "education": 3, "medical": 4, "digital": 12, "home": 6, "other": 14}),
        "online": chance("online", 0.57, "e"), "overseas": chance("overseas", "CASE WHEN c.band >= 4 THEN 0.05 ELSE 0.01 END", "e")}),
    Event("cc_install", _only("c.cc_active", 0.04), "spend", since="c.cc_open + 30", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "amt": money("amount", 8.6, 0.8, 500, "100"), "terms": pick("terms", {"3": 20, "6": 25, "12": 40, "24": 15}) + "::INTEGER",
        "kind": pick("kind", {"bill": 52, "single": 33, "cash": 15})}),
    Event("cc_repay", _only("c.cc_active AND c.cc_rate > 0", 0.95), "flat", since="c.cc_open + 30", channel="'system'", properties={
        "amt": money("amount", 7.4, 0.9, 10, "0.01"), "kind": pick("kind", {"full": 52, "min": 9, "auto": 39}), "late": chance("late", 0.03, "e")}),
    Event("transfer_out", _only(ADULT, "c.transfer_rate"), "transfer", "app", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "amt": money("amount", 6.5, 1.5, 1, "0.01", "0.42 * c.band"), "bank": pick("bank", {"own": 42, "other": 58}), "same_name": chance("same name", 0.21, "e"),
        "to_class": f"CASE WHEN c.tpcm_from IS NOT NULL AND {chance('to broker', 0.12, 'e')} THEN 'broker' ELSE {pick('class', {'person': 77, 'merchant': 19, 'insurer': 2, 'property': 2})} END"}),
    Event("transfer_in", _only(ADULT, "0.78 * c.transfer_rate"), "transfer", "app", channel="'system'", properties={
        "amt": money("amount", 6.7, 1.5, 1, "0.01", "0.42 * c.band"), "bank": pick("bank", {"own": 40, "other": 60}), "same_name": chance("same name", 0.24, "e")}),
    Event("large_credit", _only(ADULT, by_band((0, 0.0005, 0.006, 0.03, 0.10, 0.20, 0.35)).replace("band", "c.band")), "workday", "office", channel="'system'", properties={
        "amt": money("amount", 11.5, 0.7, 50000, "100", "0.1 * c.band"), "source": pick("source", {"property": 9, "bonus": 17, "other_bank": 46, "broker": 16, "maturity": 12})}),
    Event("large_debit", _only(ADULT, by_band((0, 0.0005, 0.006, 0.028, 0.09, 0.19, 0.33)).replace("band", "c.band")), "workday", "office", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "amt": money("amount", 11.5, 0.7, 50000, "100", "0.1 * c.band"), "same_name": chance("same name", 0.43, "e"),
        "to_class": pick("class", {"person": 58, "merchant": 8, "broker": 16, "insurer": 7, "property": 11})}),
    Event("quickpay_bind", _only("c.bound > 0", 0.027), "epay", since="c.bound_from", channel="'wechat'", properties={
        "platform": pick("platform", {"wechat": 40, "alipay": 33, "douyin": 9, "jd": 6, "meituan": 8, "unionpay": 4}),
        "card": pick("card", {"debit": 82, "credit": 18}), "action": pick("action", {"bind": 72, "unbind": 28})}),
    Event("util_pay", _only(ADULT, "0.07 + 0.0035 * least(c.login_rate, 20)"), "flat", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "kind": pick("kind", {"power": 36, "water": 14, "gas": 13, "phone": 27, "property": 10}), "amt": money("amount", 4.9, 0.6, 5, "0.01")}),
    Event("util_pay", _only("c.has_minor_child", 0.055), "term", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "kind": "'tuition'", "amt": money("amount", 8.0, 0.7, 200, "10")}),
    Event("fx_exchange", "c.fx_rate", "workday", "office", long=True, channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "side": pick("side", {"buy": 74, "sell": 26}), "amt_usd": money("amount", 7.4, 1.0, 50, "10", "0.1 * c.band"),
        "ccy": pick("currency", {"USD": 62, "HKD": 14, "EUR": 9, "JPY": 9, "GBP": 6}), "purpose": pick("purpose", {"travel": 48, "study": 31, "other": 21})}),
    Event("benefit_claim", _only("c.has_app", "0.024 * least(c.login_rate, 30)"), "epay", since=SIGNED_UP, until=APP_END, properties={
        "benefit_type": pick("benefit", {"coupon": 48, "cashback": 27, "points": 17, "vip": 8}), "cost": money("cost", 1.5, 0.8, 1, "0.1")}),
    Event("share_invite", _only("c.has_app", "0.0038 * least(c.login_rate, 30)"), "epay", since=SIGNED_UP, until=APP_END, properties={
        "effective": chance("effective", 0.22, "e"), "activity": pick("activity", {"mgm": 55, "game": 30, "coupon": 15})}),
    Event("branch_visit", _only("c.scope = 'full'", "0.075 + CASE WHEN c.years >= 60 THEN 0.26 WHEN c.years >= 45 THEN 0.07 ELSE 0 END + CASE WHEN c.band >= 3 THEN 0.06 ELSE 0 END"), "branch", "office",
          long=True, channel="'branch'", org="c.home_org", properties={
        "biz": pick("business", {"cash": 33, "account": 22, "wealth": 13, "loan": 7, "pension_card": 8, "complaint": 1, "other": 16}),
        "wait_min": f"(2 + exp(2.1 + 0.6 * {normal('wait', 'e')}))::INTEGER"}),
    Event("call_in", _only("c.years >= 16", "0.019 + CASE WHEN c.years >= 50 THEN 0.012 ELSE 0 END"), "office", "office", channel="'call'", properties={
        "reason": pick("reason", {"rate": 3, "loss": 14, "complaint": 6, "wealth": 12, "loan": 13, "card": 27, "other": 25})}),
    Event("online_consult", _only("c.has_app", "0.0125 * least(c.login_rate, 25)"), since=SIGNED_UP, until=APP_END, properties={
        "topic": pick("topic", {"wealth": 18, "loan": 14, "card": 23, "transfer": 20, "account": 15, "other": 10}), "to_human": chance("human", 0.31, "e")}),
    Event("rm_contact", _only(ADULT, "CASE WHEN c.managed THEN 0.30 ELSE 0.004 END"), "workday", "office", channel="'rm'", org="c.home_org", properties={
        "mode": pick("mode", {"call": 61, "wecom": 29, "visit": 10}), "topic": pick("topic", {"wealth": 48, "deposit": 26, "loan": 9, "card": 5, "service": 12}),
        "result": pick("result", {"noanswer": 27, "refused": 17, "later": 26, "interested": 19, "done": 11})}),
    Event("msg_touch", "c.touch_rate", "workday", "message",
          channel=f"CASE WHEN {uniform('sent by', 'e')} < 0.44 AND c.has_app THEN 'push' WHEN {uniform('sent by', 'e')} < 0.94 THEN 'sms' WHEN c.wecom_flag THEN 'wecom' ELSE 'mini' END", properties={
        "campaign": pick("campaign", {"wealth_new": 22, "deposit_rate": 18, "card_offer": 16, "loan_offer": 12, "benefit_day": 20, "pension": 5, "care": 7}),
        "status": f"CASE WHEN NOT c.mobile_valid AND {chance('fails', 0.8, 'e')} THEN 'failed' ELSE " + pick("status", {"sent": 5, "delivered": 82, "read": 9, "clicked": 3, "failed": 1}) + " END"}),
    Event("complaint", _only("c.years >= 18", 0.0012), "office", "office", channel="'call'", properties={
        "topic": pick("topic", {"account": 22, "other": 18, "transfer": 10, "wealth": 14, "card": 21, "loan": 15}), "level": pick("level", {"normal": 82, "serious": 15, "major": 3}),
        "closed_days": f"(1 + 14 * {uniform('closed', 'e')})::INTEGER"}),
    Event("consent_change", _only("c.years >= 16", 0.005), channel=pick("consent", {"sms": 38, "call": 24, "push": 33, "wecom": 5}), properties={
        "to": pick("to", {"on": 38, "off": 62})}),
    Event("gold_trade", _only("c.a_gold > 0", 0.62), "workday", since="greatest(c.gold_from, c.open_date)", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "side": pick("side", {"buy": 68, "sell": 32}), "amt": money("amount", 6.9, 1.0, 10, "1", "0.2 * c.band")}),
    Event("bond_buy", _only(ADULT + " AND c.years >= 45 AND c.band >= 2", 0.009), "bond", "office", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "amt": money("amount", 10.4, 0.7, 1000, "1000"), "result": pick("result", {"ok": 61, "sold_out": 39})}),
    Event("quickpay_pay", _only("c.bound > 0", "0.62 * c.quick_rate"), "epay", "shop", since="c.bound_from", channel="'wechat'", properties={
        "platform": pick("platform", {"wechat": 52, "alipay": 37, "douyin": 3, "jd": 2, "meituan": 4, "unionpay": 2}),
        "cnt": f"(1 + floor(-0.75 * ln(1 - {uniform('count', 'e')})))::INTEGER", "amt": money("amount", 3.6, 1.0, 1, "0.01", "0.08 * c.band")}),
    Event("merchant_day", _only("c.merchant_from IS NOT NULL", "1.6 * c.merchant_day_rate"), "epay", "shop", since="c.merchant_from", channel="'system'", properties={
        "cnt": f"(1 + floor(-9 * ln(1 - {uniform('count', 'e')})))::INTEGER", "amt": f"round(c.merchant_size * (0.4 + 1.2 * {uniform('turnover', 'e')}), 2)::DECIMAL(18, 2)",
        "payers": f"(1 + floor(-6 * ln(1 - {uniform('count', 'e')})))::INTEGER"}),
    Event("pp_contribute", _only("c.pp_from IS NOT NULL AND c.pp_saver", 0.33), "december", since="c.pp_from", channel=APP, org=SELF_OR_BRANCH_ORG, properties={
        "amt": f"CASE WHEN {chance('full', 0.27, 'e')} THEN 12000 ELSE round(exp(6.9 + 0.8 * {normal('amount', 'e')}) / 100) * 100 END::DECIMAL(18, 2)"}),
)  # fmt: skip

DAY_GRAIN = {
    "quickpay_pay": ("one_id, day, platform", "sum(cnt)::INTEGER AS cnt, sum(amt)::DECIMAL(18, 2) AS amt"),
    "merchant_day": ("one_id, day", "sum(cnt)::INTEGER AS cnt, sum(amt)::DECIMAL(18, 2) AS amt, sum(payers)::INTEGER AS payers"),
}
"""Records kept by the day: what makes a row, and the sums in it."""


def login_of_visit() -> str:
    """SELECT of the logins that go before the visits of a story (table `visit`: one_id, day, ts)."""
    login = next(event for event in EVENTS if event.code == "app_login")
    properties = "".join(f", {expression} AS {code}" for code, expression in login.properties.items())
    return _narrowed(f"""
        SELECT c.one_id, greatest(v.ts - INTERVAL 40 SECOND, v.day::TIMESTAMP) AS ts, v.day, 'app' AS channel, NULL::VARCHAR AS org{properties}
        FROM (SELECT v, c, hash(xor(c.k, hash(v.ts))) AS e, (v.day - DATE '1970-01-01')::INTEGER AS d FROM visit v JOIN customer c ON c.one_id = v.one_id)
    """)
