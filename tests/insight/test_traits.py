"""Every trait is a condition that counts the same customers; of two splits that mirror each other one is looked at; thresholds read as such."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.engines.duckdb import DuckDBEngine
from assistant.insight.breakdown import cut_points, smallest_step
from assistant.insight.spread import Spread, strata, together
from assistant.insight.traits import among_known, condition, splits, threshold
from assistant.narrate.readback import trait_phrase
from assistant.rule.tree import AllOf, SegmentRule
from assistant.sql import compile as plans
from assistant.sql import profile
from assistant.sql.guard import guard
from tests.narrate.catalog import CATALOG as SHOWN
from tests.narrate.catalog import tag as new_tag
from tests.sql.small_bank import CATALOG, QUALIFIER, rule


def spread(tag: Tag, *buckets: str) -> Spread:
    return Spread(Counter(dict.fromkeys(buckets, 1)), Counter(dict.fromkeys(buckets, 2)))


@pytest.mark.parametrize(
    ("code", "buckets", "found"),
    [
        ("app_flag", ("true", "false"), [("false", "true")]),
        ("gender", ("F", "M"), [("F", "M")]),
        ("home_org", ("11", "31", "44"), [("11", None), ("31", None), ("44", None)]),
        ("cust_tier", ("T1", "T2", "T3"), [(">=T2", "T1"), ("T3", "<T3"), ("T2", None)]),
        ("aum_bal", ("0", "2", "3"), [(">=2", "0"), ("3", "<3"), ("2", None)]),
        ("open_date", ("d30", "d365", "older"), [(">d30", "d30"), ("older", "<=d365"), ("d365", None)]),
        ("open_date", ("d30", "older", "ahead"), [("older", None), ("d30", None), ("ahead", None)]),
        ("gender", ("F",), []),
        ("mature_date", ("in90", "later", ""), [("*", None), ("later", None), ("in90", None)]),
        ("mature_date", ("",), []),
    ],
)
def test_splits(code: str, buckets: tuple[str, ...], found: list[tuple[str, str | None]]) -> None:
    tag = SHOWN.tags[code]
    assert [(one.bucket, one.outside) for one in splits(tag, SHOWN, spread(tag, *buckets))] == found


def test_every_trait_is_a_condition_that_counts_the_same_customers(small_engine: DuckDBEngine) -> None:
    everyone = rule({"all": []})
    tags = [tag for tag in CATALOG.tags.values() if tag.code != "home_org"]
    cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
    query = profile.joint(everyone, tags, [[]], QUALIFIER, cuts)
    (parts,) = strata(small_engine.execute(guard(query, CATALOG, "duckdb", QUALIFIER)), CATALOG, [[]])
    checked = 0
    for code, known in together(parts).items():
        tag = CATALOG.tags[code]
        for split in splits(tag, CATALOG, known):
            for name, inside in ((split.bucket, split.inside), (split.outside, frozenset(known.n) - split.inside)):
                node = None if name is None else condition(tag, name, CATALOG)
                if node is None:
                    continue
                asked = replace(everyone, rule=SegmentRule(node=node), expanded=AllOf(children=(node,)))
                counted = small_engine.execute(guard(plans.count(asked, QUALIFIER), CATALOG, "duckdb", QUALIFIER)).scalar()
                assert counted == known.stratum(inside).n, (code, name)
                checked += 1
    assert checked >= 15


@pytest.mark.parametrize(
    ("code", "bucket", "zh", "en"),
    [
        ("cust_tier", ">=T2", "客户等级：金卡及以上", "Customer tier: Gold and over"),
        ("cust_tier", "<T3", "客户等级：低于白金", "Customer tier: below Platinum"),
        ("open_date", "<=d365", "开户日期：近365天内", "Relationship start date: within the last 365 days"),
        ("open_date", ">d30", "开户日期：30天以前", "Relationship start date: more than 30 days ago"),
        ("aum_bal", ">=3", "AUM时点余额：20万元及以上", "AUM balance: CNY 200,000 and over"),
        ("aum_bal", "<3", "AUM时点余额：低于20万元", "AUM balance: below CNY 200,000"),
        ("aum_bal", ">=1", "AUM时点余额：大于0", "AUM balance: above 0"),
        ("mature_date", "*", "有“最近到期日”的记录", "has “Next maturity date” on record"),
    ],
)
def test_thresholds_in_words(code: str, bucket: str, zh: str, en: str) -> None:
    tag = SHOWN.tags[code]
    assert (trait_phrase(tag, bucket, cut_points(tag), SHOWN, "zh"), trait_phrase(tag, bucket, cut_points(tag), SHOWN, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("time_next_mature", "有定期存款或大额存单", "has a time deposit or certificate"),
        ("risk_level", "做过风险测评", "has taken a risk test"),
        ("wealth_first_buy", "买过理财", "has bought a wealth product"),
    ],
)
def test_to_have_any_value_is_said_as_the_bank_says_it(code: str, zh: str, en: str) -> None:
    bank = TagCatalog.load()
    assert [trait_phrase(bank.tags[code], "*", (), bank, language) for language in ("zh", "en")] == [zh, en]


def test_only_of_what_others_have_none_of_is_it_said() -> None:
    given = TagCatalog.load().tags["gender"].model_dump() | {"any_value": {"zh": "有", "en": "has"}}
    with pytest.raises(ValueError, match="none of"):
        Tag.model_validate(given)


def test_signs() -> None:
    assert [threshold(bucket) for bucket in (">=3", "<T2", "<=d90", ">in7", "3")] == [
        (">=", "3"),
        ("<", "T2"),
        ("<=", "d90"),
        (">", "in7"),
        ("", "3"),
    ]


def test_nothing_at_all_is_asked_for_as_nothing() -> None:
    """The bucket below the least amount is named zero, and the sentence that keeps it says zero too, not less than a hundredth."""
    tag = new_tag("held", "持有", "Held", type="decimal", unit="CNY", null_means="zero", plausible=(0, 1000), bands=(100, 500))
    assert cut_points(tag)[0] == smallest_step(tag)
    for bucket in ("0", "<1"):
        node = condition(tag, bucket, CATALOG)
        assert node is not None
        assert (node.operator, node.value) == ("<=", Decimal(0))
    below = condition(tag, "<2", CATALOG)
    assert below is not None
    assert (below.operator, below.value) == ("<", Decimal(100))


def test_a_share_of_those_with_a_value_is_one_of_the_side_only_where_nearly_all_have_one() -> None:
    assert among_known((384, 3_329), (384, 45_917))
    assert among_known((39, 900), (2_383, 1_000))
    assert not among_known((990, 45_000), (1_000, 46_000))
