"""Behaviour records that follow from something else: what is held, a pay day, a card, a closing. Law: they agree with the state they come from."""

from __future__ import annotations

from datetime import date

from assistant.demo.draw import chance, normal, uniform
from assistant.demo.events import APP, OS, SELF_OR_BRANCH_ORG, dressed, pick, release


def _from_holding(condition: str, day: str, name: str) -> str:
    return f"""
        SELECT c, h, hash(xor(h.hk, {hash_of(name)}::UBIGINT)) AS e, ({day} - DATE '1970-01-01')::INTEGER AS d
        FROM (SELECT *, lead(start_date) OVER (PARTITION BY s ORDER BY j) AS next_start, row_number() OVER (PARTITION BY one_id, line ORDER BY start_date, hk) AS nth FROM holding) h
        JOIN customer c ON c.one_id = h.one_id WHERE {condition}
    """


def hash_of(name: str) -> int:
    """A number that tells the events derived from one holding apart."""
    return sum((position + 1) * ord(letter) for position, letter in enumerate(name))


def _monthly(name: str, condition: str, day_of_month: str, since: str, until: str, first: date, last: date) -> str:
    """Source of one event a customer and month, on a day of the month (moved to the month's end where it is shorter)."""
    return f"""
        SELECT c, m, hash(xor(c.k, ({hash_of(name)} * 1000 + month_number)::UBIGINT)) AS e, (pay_day - DATE '1970-01-01')::INTEGER AS d FROM (
            SELECT c, m.month AS m, m.number AS month_number, least(m.month + ({day_of_month} - 1), last_day(m.month))::DATE AS pay_day
            FROM customer c, (SELECT (DATE '{first.replace(day=1)}' + to_months(i::INTEGER))::DATE AS month, i AS number FROM range({(last.year - first.year) * 12 + last.month - first.month + 1}) t(i)) m
            WHERE {condition})
        WHERE pay_day BETWEEN greatest(DATE '{first}', {since}) AND least(DATE '{last}', {until})
    """


def salary(first: date, last: date) -> str:
    """SELECT of the salary credits. Pay days that fall on a day off are paid on the workday before (`workday_before`, one row a day)."""
    source = _monthly(
        "salary", "c.has_payroll", "c.pay_dom", "c.pay_from", "least(coalesce(c.pay_to, c.last_day), c.last_day)", first, last
    )
    moved = f"SELECT c, e, (w.workday - DATE '1970-01-01')::INTEGER AS d, m FROM ({source}) x JOIN workday_before w ON w.day = DATE '1970-01-01' + x.d WHERE w.workday >= greatest(DATE '{first}', c.open_date)"
    wage = dressed(moved, "payroll", "'system'", "NULL", {
        "amt": f"round(c.pay * (0.97 + 0.06 * {uniform('wage', 'e')}), 2)::DECIMAL(18, 2)", "kind": "'wage'", "org_type": "c.pay_org"})  # fmt: skip
    bonus = dressed(f"SELECT c, hash(xor(e, 11::UBIGINT)) AS e, d, m FROM ({moved}) WHERE month(m) IN (1, 2, 12) AND {chance('bonus', 0.3, 'e')}", "payroll", "'system'", "NULL", {
        "amt": f"round(c.pay * (0.6 + 2.6 * {uniform('bonus size', 'e')}), 2)::DECIMAL(18, 2)", "kind": "'bonus'", "org_type": "c.pay_org"})  # fmt: skip
    expense = dressed(f"SELECT c, hash(e) AS e, d FROM ({moved}) WHERE {chance('expense', 0.07, 'e')}", "payroll", "'system'", "NULL", {
        "amt": f"round(exp(6.6 + 0.9 * {normal('expense size', 'e')}), 2)::DECIMAL(18, 2)", "kind": "'expense'", "org_type": "c.pay_org"})  # fmt: skip
    return f"{wage} UNION ALL {bonus} UNION ALL {expense}"


def derived_records(first: date, last: date) -> dict[str, tuple[str, ...]]:
    """SELECTs by record code, each with one_id, ts, day, channel, org and the properties. They read customer, holding, policy, risk_history."""
    begin, end = f"DATE '{first}'", f"DATE '{last}'"

    def within(day: str) -> str:
        return f"{day} BETWEEN {begin} AND {end}"

    def at(day: str, condition: str, name: str) -> str:
        """Source: one event a customer on a date column."""
        return f"SELECT c, hash(xor(c.k, {hash_of(name)}::UBIGINT)) AS e, ({day} - DATE '1970-01-01')::INTEGER AS d FROM customer c WHERE {condition} AND {within(day)}"

    ended = "h.valid_to + 1"
    left = "(h.next_start IS NULL OR h.next_start > h.valid_to + 6)"
    matured = "h.maturity_date = h.valid_to + 1"
    online, place = APP, SELF_OR_BRANCH_ORG
    loans = f"""SELECT c, hash(xor(c.k, 991::UBIGINT)) AS e, (l.start_date - DATE '1970-01-01')::INTEGER AS d, l FROM customer c JOIN loan l ON l.one_id = c.one_id WHERE {within("l.start_date")}"""
    repay_day = "(1 + c.k % 27)::INTEGER"
    repayments = f"""
        SELECT x.c, hash(xor(x.e, hash(l.kind))) AS e, x.d, l, DATE '1970-01-01' + x.d AS paid FROM ({_monthly("repay", "c.has_mortgage OR c.cons_from IS NOT NULL OR c.biz_from IS NOT NULL", repay_day, "c.open_date", "c.last_day", first, last)}) x
        JOIN loan l ON l.one_id = x.c.one_id AND l.start_date < DATE '1970-01-01' + x.d AND (l.valid_to IS NULL OR l.valid_to >= DATE '1970-01-01' + x.d)
    """
    return {
        "app_register": (dressed(at("c.reg_date", "c.reg_date IS NOT NULL", "register"), "app", "'app'", "NULL", {"source": pick("source", {"branch": 46, "self": 45, "rm": 9})}),),
        "wealth_buy": (dressed(_from_holding(f"h.line = 'wealth' AND {within('h.start_date')}", "h.start_date", "wealth buy"), "app", online, place, {
            "amt": "h.amt", "product_type": "h.kind", "risk": "h.risk", "is_first": "h.nth = 1 AND h.start_date = c.wealth_first",
            "fresh_money": chance("fresh", 0.22, "e"), "os": f"CASE WHEN {online} = 'app' THEN {OS} END", "app_version": f"CASE WHEN {online} = 'app' THEN {release()} END"}),),
        "wealth_mature": (dressed(_from_holding(f"h.line = 'wealth' AND {matured} AND {within(ended)}", ended, "wealth mature"), "batch", "'system'", "NULL", {"amt": "h.amt", "product_id": "h.product_id"}),),
        "wealth_redeem": (dressed(_from_holding(f"h.line = 'wealth' AND h.maturity_date IS DISTINCT FROM {ended} AND {within(ended)}", ended, "redeem"), "app", online, place, {
            "amt": "h.amt", "product_type": "h.kind", "loss": "h.pnl_pct < 0"}),),
        "td_open": (dressed(_from_holding(f"h.line IN ('td', 'lcd', 'struct') AND {within('h.start_date')} AND NOT (h.auto_renew AND h.j > 0)", "h.start_date", "td open"), "app", online, place, {
            "amt": "h.amt", "term_m": "h.term_m", "kind": "h.kind", "rate": "h.rate"}),),
        "td_mature": (dressed(_from_holding(f"h.line IN ('td', 'lcd', 'struct') AND {matured} AND {within(ended)}", ended, "td mature"), "batch", "'system'", "NULL", {
            "amt": "h.amt", "kind": "h.kind", "renewed": f"coalesce(h.auto_renew AND h.next_start = {ended}, false)"}),),
        "td_break": (dressed(_from_holding(f"h.line IN ('td', 'lcd', 'struct') AND h.maturity_date > {ended} AND {within(ended)}", ended, "td break"), "office", online, place, {
            "amt": "h.amt", "remaining_days": f"(h.maturity_date - ({ended}))::INTEGER"}),),
        "fund_buy": (dressed(_from_holding(f"h.line = 'fund' AND {within('h.start_date')}", "h.start_date", "fund buy"), "app", online, place, {
            "amt": "h.amt", "fund_type": "h.kind", "is_first": "h.nth = 1 AND h.start_date = c.fund_first"}),
            dressed(f"SELECT x.c, x.e, x.d FROM ({_monthly('plan', 'c.plan_from IS NOT NULL', '(1 + c.k % 27)::INTEGER', 'c.plan_from', 'coalesce(c.plan_to, c.last_day)', first, last)}) x", "batch", "'system'", "NULL", {
                "amt": "(100 * (1 + c.k % 20))::DECIMAL(18, 2)", "fund_type": pick("plan fund", {"index": 60, "mixed": 40}), "is_first": "false"})),
        "fund_redeem": (dressed(_from_holding(f"h.line = 'fund' AND {within(ended)}", ended, "fund redeem"), "app", online, place, {"amt": "h.amt", "pnl_pct": "h.pnl_pct"}),),
        "fund_plan": (
            dressed(at("c.plan_from", "c.plan_from IS NOT NULL", "plan start"), "app", online, place, {"action": "'start'", "amt": "(100 * (1 + c.k % 20))::DECIMAL(18, 2)"}),
            dressed(at("c.plan_to", "c.plan_from IS NOT NULL AND c.plan_to > c.plan_from AND c.plan_to <= c.last_day", "plan stop"), "app", online, place, {"action": "'stop'", "amt": "(100 * (1 + c.k % 20))::DECIMAL(18, 2)"})),
        "ins_buy": (dressed(f"SELECT c, i, hash(xor(c.k, 4242::UBIGINT)) AS e, (i.start_date - DATE '1970-01-01')::INTEGER AS d FROM policy i JOIN customer c ON c.one_id = i.one_id WHERE {within('i.start_date')}", "office", "'branch'", "c.home_org", {
            "premium": "i.premium", "pay_type": "i.pay_type", "kind": "i.kind", "hesitation_cancel": "false"}),),
        "pp_open": (dressed(at("c.pp_from", "c.pp_from IS NOT NULL", "pension open"), "app", online, place, {"source": pick("source", {"branch": 30, "self": 58, "rm": 12})}),),
        "risk_test": (dressed(f"SELECT c, r, hash(xor(c.k, (31337 + r.number)::UBIGINT)) AS e, (r.day - DATE '1970-01-01')::INTEGER AS d FROM risk_history r JOIN customer c ON c.one_id = r.one_id WHERE {within('r.day')} AND r.day <= c.last_day", "app", online, place, {
            "result": "r.result", "prev": "r.prev"}),),
        "loan_draw": (dressed(loans, "office", online, place, {"kind": "l.kind", "amt": "l.amt", "is_first": "l.is_first"}),),
        "loan_decide": (dressed(f"SELECT * REPLACE (d - 2 AS d) FROM ({loans}) WHERE d - 2 >= ({begin} - DATE '1970-01-01')::INTEGER AND c.open_date <= DATE '1970-01-01' + (d - 2)", "office", "'system'", "NULL", {"kind": "l.kind", "result": "'approved'", "limit": "l.amt"}),
            dressed(f"SELECT c, hash(e) AS e, d + 1 AS d FROM ({at('c.cc_reject + 1', 'c.cc_reject IS NOT NULL AND c.cc_reject + 2 <= c.last_day', 'loan rejected')}) WHERE DATE '1970-01-01' + d + 1 <= {end}", "office", "'system'", "NULL", {
                "kind": pick("kind", {"consumer": 70, "business": 20, "mortgage": 10}), "result": "'rejected'", "limit": "0::DECIMAL(18, 2)"})),
        "loan_repay": (dressed(repayments, "batch", "'system'", "NULL", {
            "kind": "l.kind", "amt": "round(l.amt / greatest(12, l.months) * 1.25, 2)::DECIMAL(18, 2)", "overdue": "c.late_payer AND e % 3 = 0", "settle": "coalesce(l.valid_to - paid < 31, false)"}),),
        "cc_apply": (dressed(f"SELECT c, e, d - 5 AS d FROM ({at('c.cc_open', 'c.cc_open IS NOT NULL AND c.cc_open - 5 >= c.open_date', 'card approved')}) WHERE DATE '1970-01-01' + d - 5 >= {begin}", "app", online, place, {
            "product": pick("product", {"classic": 52, "young": 20, "auto": 14, "travel": 14}), "completed": "true", "result": "'approved'"}),
            dressed(at("c.cc_reject", "c.cc_reject IS NOT NULL AND c.cc_reject <= c.last_day", "card rejected"), "app", online, place, {
            "product": pick("product", {"classic": 52, "young": 20, "auto": 14, "travel": 14}), "completed": "true", "result": "'rejected'"})),
        "cc_activate": (dressed(at("c.cc_open + 3", "c.cc_active AND c.cc_open + 3 <= c.last_day", "activate"), "app", online, place, {}),),
        "salary_credit": ("SELECT * FROM salary",),
        "pension_credit": (dressed(f"SELECT x.c, x.e, x.d FROM ({_monthly('pension', 'c.pension_from IS NOT NULL', '(15 + c.k % 6)::INTEGER', 'c.pension_from', 'c.last_day', first, last)}) x", "batch", "'system'", "NULL", {"amt": "c.pension_pay"}),),
        "acct_close": (dressed(at("c.close_date", "c.close_date IS NOT NULL", "close"), "office", "CASE WHEN e % 3 = 0 THEN 'app' ELSE 'branch' END", "CASE WHEN e % 3 <> 0 THEN c.home_org END", {
            "acct_class": "coalesce(c.top_acct_class, 'I')", "reason": pick("reason", {"idle": 52, "move": 21, "fee": 17, "other": 10})}),),
        "transfer_out": (dressed(_from_holding(f"h.line IN ('wealth', 'td') AND {matured} AND {left} AND NOT h.parked AND {ended} + 6 <= {end} AND {within(ended)} AND {ended} + 6 <= c.last_day", f"({ended} + (h.hk % 6)::INTEGER)", "leak"), "app", online, place, {
            "amt": "h.amt", "bank": "'other'", "same_name": "true", "to_class": "'person'"}),),
    }  # fmt: skip
