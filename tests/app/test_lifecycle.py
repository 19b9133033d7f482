"""The owner's day: a tag is deprecated with its impact shown, still answered with a warning, and refused with the reason once it is offline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.identity import Desk
from assistant.app.lifecycle import impact_text, moved_text, open_shelf
from assistant.app.view import as_text, asked_issues
from assistant.app.words import error_text, issue_text
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.policy import Identity
from assistant.settings import Settings
from assistant.store.open import Store, open_store

OWNER = Identity("wang", "catalog_owner", lines=("WM",))
PLATFORM = Identity("dp", "catalog_owner", lines=("DP",))
ASKED = "基金市值大于1万的客户"


@pytest.fixture
def kept() -> Iterator[Store]:
    store = open_store()
    yield store
    store.close()


def test_a_tag_on_its_way_out(assistant: Assistant, settings: Settings, kept: Store) -> None:
    desk = Desk(replace(assistant, kept=kept), kept)
    before, _ = desk.of(None).ask(ASKED)
    assert before.outcome == "answered"
    shelf = open_shelf(settings, kept)
    shelf.move(OWNER, "fund_bal", "deprecated", "口径改为日均", "aum_bal")
    warned, _ = desk.of(None).ask(ASKED)
    assert warned.outcome == "answered"
    assert warned.count == before.count
    (warning,) = [one for one in warned.warnings if one.code == "tag_deprecated"]
    assert issue_text(warning, warned, "zh") == "“基金持仓市值”将停用：口径改为日均。这次仍按它计算；请改用AUM时点余额。"
    assert "Use AUM" in issue_text(warning, warned, "en")
    open_shelf(settings, kept).move(PLATFORM, "fund_bal", "offline", "口径改为日均", "")
    refused, _ = desk.of(None).ask(ASKED)
    assert refused.outcome == "inexpressible"
    assert refused.count is None
    (line,) = asked_issues(refused, "zh")
    assert line == "“基金持仓市值”已下线，不能再用：口径改为日均。替代办法请问标签负责部门（财富管理）。"
    assert "Wealth Management" in as_text(refused, "en")
    shown, _ = desk.of(None).ask("AUM大于5万的客户有什么特点")
    assert "基金持仓市值" not in as_text(shown, "zh")
    assert warned.catalog.fingerprint != refused.catalog.fingerprint != before.catalog.fingerprint


def refused_with(settings: Settings, kept: Store, who: Identity, after: str, reason: str = "x", replacement: str = "") -> str:
    shelf = open_shelf(settings, kept)
    with pytest.raises(UserError) as raised:
        shelf.move(
            who, "fund_bal", "offline" if after == "offline" else "deprecated" if after == "deprecated" else "review", reason, replacement
        )
    for language in LANGUAGES:
        assert "{" not in error_text(raised.value, language)
        assert raised.value.code not in error_text(raised.value, language)
    return raised.value.code


def test_who_may_not_and_what_is_missing_is_said(settings: Settings, kept: Store) -> None:
    assert refused_with(settings, kept, OWNER, "offline") == "forbidden_step"
    assert refused_with(settings, kept, PLATFORM, "deprecated") == "forbidden_step_of_others"
    assert refused_with(settings, kept, Identity("x", "analyst"), "deprecated") == "forbidden_operation"
    assert refused_with(settings, kept, OWNER, "deprecated", reason=" ") == "tag_reason_missing"
    assert refused_with(settings, kept, OWNER, "deprecated", replacement="fund_bal") == "tag_replacement_unfit"
    assert refused_with(settings, kept, OWNER, "deprecated", replacement="nothing") == "tag_replacement_unfit"
    assert not kept.tag_moves.latest()


def test_the_impact_names_shared_segments_and_the_owners_of_the_others(assistant: Assistant, settings: Settings, kept: Store) -> None:
    desk = Desk(replace(assistant, kept=kept), kept)
    desk.of(None).ask(ASKED + "，保存为基金大户")
    shelf = open_shelf(settings, kept)
    tag = shelf.tag("fund_bal")
    assert shelf.impact("fund_bal").named == ("#1 (demo)",)
    found = impact_text(shelf.impact("fund_bal"), tag, shelf.catalog, "zh")
    assert "已保存客群1个" in found
    assert "基金大户" not in found
    for language in LANGUAGES:
        used, told = shelf.impact("fund_bal"), impact_text(shelf.impact("fund_bal"), tag, shelf.catalog, language)
        assert all(shelf.catalog.strategies[code].name.get(language) in told for code in used.strategies), "by name"
        assert not any(code in told for code in used.strategies), "and not by code"
        other = set(used.words.all()) - set(used.words.get(language))
        assert used.words.get(language)
        assert other
        assert not any(word in told.splitlines()[-1] for word in other), "the words of the reader's language"
    move = shelf.move(OWNER, "fund_bal", "deprecated", "口径改为日均", "")
    assert moved_text(move, tag, "en") == "“Fund market value” was online and is now deprecated, from the next request on."
