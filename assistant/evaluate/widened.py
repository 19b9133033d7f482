"""The built-in catalog with as many tags more as are wanted, made up of words that banks use. Law: the same number gives the same catalog."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag, Text, Words

CHANNELS = (
    ("企业网银", "corporate online banking"), ("微信银行", "WeChat banking"), ("直销银行", "direct bank"), ("智能柜台", "smart counter"), ("远程柜员", "video teller"),
    ("厅堂", "lobby"), ("外拓", "outreach"), ("社区站", "community station"), ("电子社保卡", "e-social card"), ("数字人民币", "e-CNY"),
)  # fmt: skip
THINGS = (
    ("贵金属", "bullion"), ("国债", "treasury bond"), ("外汇", "foreign exchange"), ("大病险", "critical illness cover"), ("年金险", "annuity"), ("养老账户", "pension account"),
    ("车位贷", "parking loan"), ("装修贷", "renovation loan"), ("助学贷", "student loan"), ("分期", "instalment"), ("礼券", "voucher"), ("话费", "phone bill"),
    ("燃气费", "gas bill"), ("医保", "medical insurance"), ("公积金账", "housing fund account"), ("家族信托", "family trust"), ("私募", "private fund"), ("黄金积存", "gold savings"),
    ("校园卡", "campus card"), ("停车费", "parking fee"), ("旅游年票", "travel pass"), ("积存计划", "savings plan"),
)  # fmt: skip
MEASURES = (
    ("签约额", "signed amount"), ("兑换量", "redeemed volume"), ("手续费收入", "fee income"), ("在途额", "amount in transit"), ("峰值额", "peak amount"), ("均值额", "mean amount"),
    ("撤单额", "cancelled amount"), ("预约额", "reserved amount"), ("冻结额", "frozen amount"), ("代缴额", "paid-on-behalf amount"),
)  # fmt: skip
PERIODS = (("当日", "of the day"), ("当周", "of the week"), ("季内", "of the quarter"), ("滚动一年", "rolling year"), ("历史", "lifetime"))
LEVELS = (("甲等", "class A"), ("乙等", "class B"), ("丙等", "class C"))


def widened(tags: int) -> TagCatalog:
    """The built-in catalog with made-up amount tags until it has `tags`, ten aliases (five a language) each."""
    catalog = TagCatalog.load()
    model = next(tag for tag in catalog.tags.values() if tag.code == "dep_demand_bal")
    added: dict[str, Tag] = {}
    for number, parts in zip(
        range(tags - len(catalog.tags)), itertools.cycle(itertools.product(PERIODS, CHANNELS, THINGS, MEASURES)), strict=False
    ):
        (period, span), (channel, way), (thing, product), (measure, amount) = parts
        code = f"made_up_{number}"
        series = number // (len(PERIODS) * len(CHANNELS) * len(THINGS) * len(MEASURES))
        level, grade = LEVELS[series % len(LEVELS)] if series else ("", "")
        zh = (f"{level}{period}{channel}{thing}{measure}", f"{level}{channel}{thing}{period}{measure}", f"{level}{channel}{period}{thing}{measure}",
              f"{level}{thing}{channel}{period}{measure}", f"{level}{thing}{period}{channel}{measure}", f"{level}{period}{thing}{channel}{measure}")  # fmt: skip
        en = (f"{grade} {way} {product} {amount} {span}", f"{grade} {product} {amount} {span} via {way}", f"{grade} {product} {amount} through {way} {span}",
              f"{grade} {amount} {span} of {product} via {way}", f"{grade} {way} {amount} of {product} {span}", f"{grade} {product} {way} {amount} {span}")  # fmt: skip
        added[code] = model.model_copy(
            update={
                "code": code, "name": Text(zh=zh[0], en=en[0].strip()), "holding_words": Words(), "unit_words": Words(), "confusable_with": (),
                "aliases": Words(zh=zh[1:], en=tuple(words.strip() for words in en[1:])), "column": None, "bands": (Decimal(100000), Decimal(200000)),
            }
        )  # fmt: skip
    return replace(catalog, tags={**catalog.tags, **added}, fingerprint=f"{catalog.fingerprint}-{tags}")
