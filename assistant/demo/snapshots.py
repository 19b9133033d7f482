"""The tag snapshots: one row a customer and month end. Law: a snapshot is a function of what was true, and recorded, by its date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from assistant.demo.draw import chance, choice, uniform


def create_tags(connection: duckdb.DuckDBPyConnection, dates: Sequence[date]) -> None:
    """Table `tags`, ordered by snapshot_date, one_id."""
    selects = []
    for day in dates:
        selects.append(f"""
        SELECT DATE '{day}' AS snapshot_date, c.one_id,
            CASE WHEN c.close_date <= DATE '{day}' THEN 'closed' WHEN c.death_date <= DATE '{day}' THEN 'deceased' WHEN status_draw < 0.004 THEN 'frozen' WHEN status_draw < 0.012 THEN 'controlled' ELSE 'active' END AS cust_status,
            c.scope AS cust_scope,
            CASE WHEN {chance("age known", 0.997)} THEN (year(DATE '{day}') - year(birth) - (birth_md > {day.month * 100 + day.day})::INTEGER) END::INTEGER AS age,
            c.gender, c.occupation, c.home_org, c.open_org, c.open_date, c.res_city,
            coalesce(c.reg_date <= DATE '{day}', false) AS app_reg_flag, CASE WHEN c.reg_date <= DATE '{day}' THEN c.reg_date END AS app_reg_date,
            CASE WHEN c.open_date > DATE '{day}' OR c.scope = 'card_only' THEN 0 ELSE c.assets * (CASE WHEN band <= 1 THEN 1 WHEN {uniform("demand")} < 0.28 THEN 0.9 ELSE 0.02 + 0.3 * pow({uniform("demand share")}, 2) END) END::DECIMAL(18, 2) AS dep_demand_bal,
            c.assets::DECIMAL(18, 2) AS aum_bal, c.assets::DECIMAL(18, 2) AS aum_avg_last_m,
            CASE WHEN c.assets >= 6000000 THEN 'T6' WHEN c.assets >= 2000000 THEN 'T5' WHEN c.assets >= 500000 THEN 'T4' WHEN c.assets >= 200000 THEN 'T3' WHEN c.assets >= 50000 THEN 'T2' ELSE 'T1' END AS cust_tier,
            c.has_mortgage AND c.mort_open <= DATE '{day}' AS mort_flag, c.has_card AS cc_flag,
            CASE WHEN c.band >= 3 AND {chance("wealth", 0.35)} THEN c.assets * 0.5 ELSE 0 END::DECIMAL(18, 2) AS wealth_bal,
            CASE WHEN {chance("reach known", "CASE WHEN c.has_app THEN 0.92 ELSE 0.37 END")} THEN
                CASE WHEN c.reg_date IS NOT NULL AND c.login_rate > 2 AND {chance("push", "0.45 + 0.05 * band")} THEN 'app_push'
                     ELSE {choice(uniform("reach"), {"sms": 46, "call": 14, "wecom": 10, "mini": 12, "branch": 18})} END END AS reach_pref,
            coalesce(l.cnt, 0)::INTEGER AS app_login_cnt_30d, coalesce(l.days, 0)::INTEGER AS app_login_days_30d, coalesce(w.cnt, 0)::INTEGER AS wealth_view_cnt_30d
        FROM customer c
        LEFT JOIN (SELECT one_id, count(*) AS cnt, count(DISTINCT day) AS days FROM record_app_login WHERE day BETWEEN DATE '{day}' - 29 AND DATE '{day}' GROUP BY 1) l USING (one_id)
        LEFT JOIN (SELECT one_id, count(*) AS cnt FROM record_zone_view WHERE zone = 'wealth' AND day BETWEEN DATE '{day}' - 29 AND DATE '{day}' GROUP BY 1) w USING (one_id)
        WHERE c.open_date <= DATE '{day}'
        """)
    connection.execute("CREATE TABLE tags AS SELECT * FROM (" + " UNION ALL ".join(selects) + ") ORDER BY snapshot_date, one_id")
