"""The catalog with what was added to it since its files were read."""

from __future__ import annotations

from assistant.catalog.load import TagCatalog


def test_more_names_are_above_the_files() -> None:
    catalog = TagCatalog.load()
    named = catalog.worded(
        [
            ("fund_bal", "zh", "基民"),
            ("occupation=teacher", "zh", "教书匠"),
            ("app_login", "en", "sign ins"),
            ("gone", "zh", "x"),
            ("gender=gone", "zh", "y"),
        ]
    )
    assert named.tags["fund_bal"].aliases.zh == (*catalog.tags["fund_bal"].aliases.zh, "基民")
    (teacher,) = (one for one in named.tags["occupation"].values if one.code == "teacher")
    assert "教书匠" in teacher.aliases.zh
    assert "sign ins" in named.records["app_login"].aliases.en
    assert named.tags["gender"] == catalog.tags["gender"]
    assert named.fingerprint != catalog.fingerprint
    assert catalog.worded([]) is catalog.worded([("gone", "zh", "x")]) is catalog
    assert named.worded([("fund_bal", "zh", "基民")]).tags["fund_bal"] == named.tags["fund_bal"]
