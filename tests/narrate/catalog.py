"""A small bank for the tests of words and insight: every type of tag, an organisation tree with a twin name, one concept with a negation."""

from __future__ import annotations

from datetime import date

from assistant.catalog.load import DEFAULT_BANK, TagCatalog, data_room
from assistant.catalog.model import CalendarDays, CatalogHeader, Concept, RecordSet, Tag
from assistant.policy import load_policy


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def tag(code: str, zh: str, en: str, **more: object) -> Tag:
    return Tag.model_validate(
        {"code": code, "name": text(zh, en), "definition": text(f"{zh}的口径。", f"How {en} is counted."), "owner": "DP", **more}
    )


def value(code: str, zh: str, en: str, **more: object) -> dict[str, object]:
    return {"code": code, "label": text(zh, en), **more}


TIERS = [value("T1", "普通", "Basic", rank=1), value("T2", "金卡", "Gold", rank=2), value("T3", "白金", "Platinum", rank=3)]

TAGS = (
    tag("aum_bal", "AUM时点余额", "AUM balance", type="decimal", unit="CNY", null_means="zero", bands=[50000, 200000, 500000]),
    tag("aum_avg_3m", "近三月日均AUM", "AUM average of 3 months", type="decimal", unit="CNY", null_means="zero", derived_from=["aum_bal"]),
    tag("dep_demand_bal", "活期存款余额", "Demand deposit balance", type="decimal", unit="CNY", null_means="zero"),
    tag("fx_settle", "年购汇金额", "FX bought this year", type="decimal", unit="USD", null_means="zero"),
    tag("mort_rate", "按揭执行利率", "Mortgage rate", type="decimal", unit="percent", null_means="none"),
    tag("age", "年龄", "Age", type="integer", unit="years", aliases={"zh": ["岁数"], "en": []}, bands=[18, 35, 60]),
    tag("prod_cnt", "持有产品数", "Products held", type="integer", unit="count", null_means="zero"),
    tag("gender", "性别", "Gender", type="enum", values=[value("F", "女", "Female"), value("M", "男", "Male")]),
    tag("cust_tier", "客户等级", "Customer tier", type="enum", values=TIERS, null_means="never_null"),
    tag("mort_flag", "有按揭", "Has mortgage", type="flag", null_means="false"),
    tag(
        "marital",
        "婚姻状况",
        "Marital status",
        type="enum",
        values=[value("m", "已婚", "Married")],
        security={"level": 3, "sensitive": True},
    ),
    tag("open_date", "开户日期", "Relationship start date", type="date", null_means="never_null"),
    tag("mature_date", "最近到期日", "Next maturity date", type="date", tense="future", null_means="none"),
    tag("birth_mmdd", "生日", "Birthday", type="month_day", tense="yearly"),
    tag("home_org", "归属机构", "Home organisation", type="enum", values_from="organisation", null_means="never_null"),
    tag("login_cnt", "近30天登录次数", "App logins in 30 days", type="integer", unit="times", null_means="zero", roll_up_of="app_login"),
    tag(
        "app_stage",
        "手机银行阶段",
        "App stage",
        type="enum",
        values=[value("a", "未签约", "None"), value("b", "留存", "Kept")],
        derived_from=["login_cnt"],
    ),
    tag("app_flag", "手机银行签约", "App sign-up", type="flag", null_means="false"),
)

RECORDS = (
    RecordSet.model_validate(
        {
            "code": "app_login", "name": text("登录手机银行", "App login"), "definition": text("登录成功一次记一条。", "One record a login."),
            "owner": "DIG", "exposure": {"tag": "app_flag", "value": True}, "table": "record_app_login", "date_column": "day", "default_window": {"kind": "rolling", "n": 30},
        }
    ),
    RecordSet.model_validate(
        {
            "code": "zone_view", "name": text("专区浏览", "Zone visit"), "definition": text("进专区一次记一条。", "One record a visit."),
            "owner": "DIG", "exposure": {"tag": "app_flag", "value": True}, "table": "record_zone_view", "date_column": "day",
            "properties": [
                {"code": "zone", "name": text("专区", "Zone"), "type": "enum", "values": [value("wealth", "理财", "Wealth"), value("loan", "贷款", "Loan")]},
                {"code": "dwell_s", "name": text("停留时长", "Dwell time"), "type": "integer", "unit": "seconds"},
            ],
        }
    ),
    RecordSet.model_validate(
        {
            "code": "wealth_buy", "name": text("购买理财", "Wealth purchase"), "definition": text("成交一笔记一条。", "One record a purchase."),
            "owner": "WM", "table": "record_wealth_buy", "date_column": "day", "unit": text("笔", "purchases"), "amount": "amount",
            "properties": [{"code": "amount", "name": text("金额", "Amount"), "type": "decimal", "unit": "CNY"}],
        }
    ),
    RecordSet.model_validate(
        {
            "code": "card", "name": text("信用卡持有", "Credit card"), "definition": text("一张卡一条。", "One record a card."),
            "owner": "CC", "table": "record_card", "grain": "state", "valid_from": "opened", "valid_to": "closed", "unit": text("张", "cards"),
        }
    ),
)  # fmt: skip

CONCEPTS = (
    Concept.model_validate(
        {
            "code": "mobile_active", "name": text("手机银行活跃", "Active app user"), "owner": "DIG",
            "definition": text("近30天登录手机银行超过3次。", "More than 3 app logins in the last 30 days."),
            "rule": {"records": "app_login", "window": "rolling $days day", "operator": ">", "value": "$logins"},
            "negation": {"all": [{"tag": "app_flag", "value": True}, {"records": "app_login", "window": "rolling $days day", "operator": "<=", "value": "$logins"}]},
            "negation_name": text("手机银行不活跃", "Inactive app user"), "window_parameter": "days",
            "parameters": {
                "days": {"default": 30, "unit": "days", "name": text("天数", "days")},
                "logins": {"default": 3, "unit": "times", "name": text("登录次数", "logins")},
            },
        }
    ),
    Concept.model_validate(
        {
            "code": "high_value", "name": text("高净值客户", "High net worth"), "owner": "WM", "definition": text("AUM不低于600万元。", "AUM of at least CNY 6 million."),
            "rule": {"tag": "aum_bal", "operator": ">=", "value": "$amount"}, "parameters": {"amount": {"default": 6000000, "unit": "CNY", "name": text("门槛", "threshold")}},
        }
    ),
)  # fmt: skip


def unit(
    code: str, zh: str, en: str, level: int, parent: str | None = None, region: str | None = None, zh_alias: str = ""
) -> dict[str, object]:
    aliases = {"zh": [zh_alias] if zh_alias else [], "en": []}
    return {"code": code, "name": text(zh, en), "level": level, "parent": parent, "region": region, "aliases": aliases}


ORGANISATION = [
    unit("0000", "总行", "Head Office", 0),
    unit("3100", "上海分行", "Shanghai Branch", 1, "0000", "east"),
    unit("310011", "人民路支行", "Renmin Road Sub-branch", 3, "3100", "east", "上海人民路支行"),
    unit("310012", "陆家嘴支行", "Lujiazui Sub-branch", 3, "3100", "east"),
    unit("3101", "自贸区分行", "FTZ Branch", 2, "3100", "east"),
    unit("310111", "临港支行", "Lingang Sub-branch", 3, "3101", "east"),
    unit("4400", "广州分行", "Guangzhou Branch", 1, "0000", "south"),
    unit("440011", "人民路支行", "Renmin Road Sub-branch", 3, "4400", "south"),
    unit("9900", "信用卡中心", "Credit Card Centre", 1, "0000"),
]

HEADER = CatalogHeader.model_validate(
    {
        "bank": text("示范银行", "Demo Bank"), "version": "1", "customer_table": "tags", "snapshot_column": "snapshot_date",
        "organisation_tag": "home_org", "base_population": {"name": text("存续客户", "existing customers"), "rule": {}},
        "history_from": date(2025, 7, 31), "levels": [text("总行", "head office"), text("分行", "branch"), text("二级分行", "second-level branch"), text("支行", "sub-branch")],
        "level_words": {}, "regions": [value("east", "华东", "East China"), value("south", "华南", "South China")],
        "organisation": ORGANISATION, "subjects": [value("all", "全部", "All")],
    }
)  # fmt: skip

CATALOG = TagCatalog(
    header=HEADER,
    tags={item.code: item for item in TAGS},
    records={item.code: item for item in RECORDS},
    concepts={item.code: item for item in CONCEPTS},
    ambiguous=(),
    inexpressible=(),
    calendar=CalendarDays(first_year=2025, last_year=2026, holidays={}, names={}),
    policy=load_policy(data_room("tag_catalog") / DEFAULT_BANK),
    fingerprint="test",
)
AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)
