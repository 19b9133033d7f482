"""What a reader of JSON or of the page sees of a comparison: parts that add up, each with its name, and the dates."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from assistant.app.insights import table
from assistant.app.insights.compare import grid
from assistant.app.offers import offered
from assistant.app.view import as_json
from assistant.catalog.model import LANGUAGES, Language
from assistant.errors import UserError
from assistant.facts import FactSheet
from assistant.insight.compare import PARTS, Comparison, newcomers_id
from assistant.insight.offers import offers
from assistant.insight.requested import those
from assistant.insight.traits import TRAIT_FIGURES
from assistant.interpret.interpretation import Conversation
from assistant.narrate.messages import message
from assistant.narrate.sentences import compare as sentences
from assistant.narrate.writer import Writer
from assistant.pipeline import Assistant
from assistant.policy import Identity, Protection
from assistant.rule.edits import AddCondition

TEXT = "近30天登录过手机银行且AUM大于1万的客户"


def test_the_wire_adds_up(assistant: Assistant) -> None:
    _, conversation = assistant.ask(TEXT, Conversation())
    answer, _ = assistant.ask("和去年同期比", conversation)
    assert answer.outcome == "answered"
    found = as_json(answer)["compare"]
    assert isinstance(found, dict)
    assert (found["then"], found["now"], found["tags_then"], found["tags_now"]) == ("2025-09-24", "2026-09-24", "2025-08-31", "2026-09-24")
    parts = {part["part"]: part["count"] for part in found["parts"]}
    assert list(parts) == list(PARTS)
    came, went = (sum(n for part, n in parts.items() if part.startswith(side)) for side in (("entered", "joined"), "left"))
    assert found["count_then"] + came - went == found["count_now"] == as_json(answer)["count"]
    assert found["net"] == found["count_now"] - found["count_then"]
    assert parts["stayed"] + came == found["count_now"]


def test_why_is_answered_by_the_same_parts(assistant: Assistant) -> None:
    answer, _ = assistant.ask("为什么AUM大于1万的客户变多了")
    assert [request.kind for request in answer.requests] == ["why_changed"]
    (found,) = those(answer.insights, Comparison)
    assert found.then.isoformat() == "2026-08-31"


def test_why_lately_is_of_as_many_days_before_where_none_stand_out(assistant: Assistant) -> None:
    """The visits of this small bank are no more than usual: its latest days are compared, and no day is on both sides."""
    answer, _ = assistant.ask("贷款专区的访问最近为什么涨了")
    (found,) = those(answer.insights, Comparison)
    assert (found.now - found.then).days == 30


def test_the_table_leads_from_then_to_now(assistant: Assistant) -> None:
    answer, _ = assistant.ask(f"{TEXT}，和上月末相比")
    (found,) = those(answer.insights, Comparison)
    for language in ("zh", "en"):
        grid = table.grids(answer, language)[0]
        shown = [int(row[1].replace("−", "-").replace("+", "").replace(",", "")) for row in grid.rows]
        assert shown[0] == found.count_then
        assert sum(shown[:-2]) == shown[-2] == found.count_now
        assert shown[-1] == found.stayed


def test_small_parts_stay_hidden(assistant: Assistant) -> None:
    limited = replace(assistant, identity=Identity("someone", "analyst"))
    answer, _ = limited.ask(f"{TEXT}，和上月末相比")
    found = as_json(answer)["compare"]
    assert isinstance(found, dict)
    (comparison,) = those(answer.insights, Comparison)
    assert any(0 < n < 20 for n in comparison.parts.values()), "there is something to hide"
    assert not any(isinstance(part["count"], int) and 0 < part["count"] < 20 for part in found["parts"])


def test_shares_of_newcomers_do_not_tell_how_many_came(assistant: Assistant) -> None:
    """Exact shares have the number of the newcomers for their denominator: with the parts they are withheld, and no trait is named by them."""
    text = "持有产品种类数大于2的客户和去年同期比"
    answer, _ = assistant.ask(text, Conversation())
    (found,) = those(answer.insights, Comparison)
    assert found.traits, "something sets them apart"
    assert answer.facts is not None
    assert not answer.facts[f"{newcomers_id(found.traits[0])}.share"].suppressed
    sheet = FactSheet(Protection(min(n for n in found.parts.values() if n) + 1))
    found.facts(sheet)
    assert sheet["compare.entered"].suppressed
    for trait in found.traits:
        assert all(sheet[f"{newcomers_id(trait)}.{figure}"].suppressed for figure in TRAIT_FIGURES)
    writer = Writer(answer.validated, sheet, "zh") if answer.validated is not None else None
    assert writer is not None
    said = " ".join((*sentences.sentences(found, writer), *sentences.caution(found, writer)))
    assert newcomers_id(found.traits[0]) not in said
    assert not any(isinstance(one.edit, AddCondition) for one in offers([found], answer.catalog, sheet))


def test_what_cannot_be_compared_is_inexpressible_by_name(assistant: Assistant) -> None:
    answer, _ = assistant.ask("9月中旬浏览贷款专区的客户和上月末比")
    assert (answer.outcome, [issue.code for issue in answer.issues]) == ("inexpressible", ["compare_window_ahead"])
    assert answer.count is None


def test_the_customers_of_a_part_may_be_listed_by_who_may_list(assistant: Assistant) -> None:
    answer, _ = assistant.ask(f"{TEXT}，和去年同期比")
    (found,) = those(answer.insights, Comparison)
    assert answer.validated is not None
    listed = {part: assistant.members_of_part(answer.validated, "last_year", part) for part in PARTS}
    assert {part: len(customers) for part, customers in listed.items()} == found.parts
    now = {one for part, customers in listed.items() if not part.startswith("left") for one in customers}
    assert now == set(assistant.members(answer.validated))
    limited = replace(assistant, identity=Identity("someone", "analyst"))
    with pytest.raises(UserError, match="forbidden_list"):
        limited.members_of_part(answer.validated, "last_year", "joined")


def test_who_came_and_went_is_one_step_away(assistant: Assistant) -> None:
    answer, conversation = assistant.ask(f"{TEXT}，和去年同期比")
    (found,) = those(answer.insights, Comparison)
    told = {"entered": found.entered, "stayed": found.stayed, "left": found.left, "joined": found.parts["joined"]}
    assert [offer.name for offer in offered(answer) if offer.name is not None] == [name for name, _ in found.segments if told.get(name)]
    for offer in offered(answer):
        taken, _ = assistant.ask("", conversation, edit=offer.edit)
        assert taken.count is not None
        if offer.name is None:
            assert 0 < taken.count.n < found.count_now
            continue
        assert taken.count.n == told[offer.name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_days_compared_with_are_said_where_the_rule_names_days(assistant: Assistant, language: Language) -> None:
    answer, _ = assistant.ask("9月中旬浏览贷款专区的客户和上月同期比")
    found = as_json(answer)["compare"]
    assert isinstance(found, dict)
    assert found["days_then"] == ["2026-08-11", "2026-08-20"]
    for text in (answer.narrative[language].text, table.grids(answer, language)[0].rows[0][0]):
        assert "2026-08-11" in text
        assert "2026-08-20" in text


def test_the_newcomers_are_those_of_today_who_were_not_in_then(assistant: Assistant) -> None:
    """By the customers of both dates, where no behaviour makes the segment."""
    answer, _ = assistant.ask("AUM大于5万的客户，和上月末比")
    (found,) = those(answer.insights, Comparison)
    assert found.whose is None
    assert found.eve is not None
    assert found.eve.isoformat() == "2026-07-31", "before the tags of then"
    now, _ = assistant.ask("AUM大于5万的客户")
    then, _ = assistant.ask("上月末AUM大于5万的客户")
    assert now.validated is not None
    assert then.validated is not None
    today, before = set(assistant.members(now.validated)), set(assistant.members(then.validated))
    assert found.newcomers is not None
    assert (found.newcomers.n, found.newcomers.rest) == (len(today - before), len(before))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_behaviour_is_told_by_whose_days_changed_alone(assistant: Assistant, language: Language) -> None:
    answer, _ = assistant.ask("9月中旬浏览贷款专区的客户和上月同期比")
    (found,) = those(answer.insights, Comparison)
    assert found.whose is not None
    assert (found.whose.earlier.start, found.whose.earlier.end) == found.days
    assert found.newcomers is None
    shown = as_json(answer)["compare"]
    assert isinstance(shown, dict)
    assert shown["newcomers"] == []
    titles = [grid.title for grid in table.grids(answer, language)]
    assert message(language, "page.newcomers") not in titles
    assert (message(language, "page.drivers") in titles) == bool(found.drivers)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("zh", "AUM大于1万的客户和去年同期比", "和2025-08-31相比（2025-09-24没有标签"),
        ("en", "women compared with 24 August 2026", "Against 2026-07-31 (there are no tags of 2026-08-24"),
    ],
)
def test_a_count_by_tags_alone_is_labelled_with_the_day_of_its_tags(assistant: Assistant, language: Language, text: str, said: str) -> None:
    """The figures are those of the last tags before the day asked for; that of a behaviour is of the day itself."""
    answer, _ = assistant.ask(text, Conversation())
    (found,) = those(answer.insights, Comparison)
    assert said in answer.narrative[language].text
    rows = table.grids(answer, language)[0].rows
    assert rows[0][0] == message(language, "page.compare_then", {"date": found.tags_then.isoformat()})
    assert rows[0][1] == f"{found.count_then:,}"
    behaviour, _ = assistant.ask(f"{TEXT}，和去年同期相比", Conversation())
    (other,) = those(behaviour.insights, Comparison)
    assert table.grids(behaviour, language)[0].rows[0][0] == message(language, "page.compare_then", {"date": other.then.isoformat()})


_BASE = "cust_status IN ('active', 'controlled') AND cust_scope IN ('full', 'online_ii')"
_SIGNED_UP = "EXISTS (SELECT 1 FROM record_app_register v WHERE v.one_id = s.one_id AND v.day BETWEEN {days})"
_LAST_AUTUMN, _AUGUST = "DATE '2025-08-26' AND DATE '2025-09-24'", "DATE '2026-08-01' AND DATE '2026-08-24'"


@pytest.mark.parametrize(
    ("language", "text", "snapshot", "day", "condition", "said"),
    [
        ("zh", "近30天新开户的客户和去年同期比", "2025-09-30", "2025-09-24", f"open_date BETWEEN {_LAST_AUTUMN}", "客户范围取2025-09-30的"),
        (
            "zh",
            "近7天开户的客户和一周前比",
            "2026-09-24",
            "2026-09-17",
            "open_date BETWEEN DATE '2026-09-11' AND DATE '2026-09-17'",
            "只算2026-09-17已开户的",
        ),
        (
            "en",
            "Customers who opened their account in the last 30 days, compared with the same period last year",
            "2025-09-30",
            "2025-09-24",
            f"open_date BETWEEN {_LAST_AUTUMN}",
            "the customer base is that of 2025-09-30",
        ),
        (
            "zh",
            "本月注册手机银行的客户和上个月比",
            "2026-08-31",
            "2026-08-24",
            _SIGNED_UP.format(days=_AUGUST),
            "客户范围取2026-08-31的",
        ),
        (
            "en",
            "customers who registered for mobile banking in the last 30 days, compared with the same period last year",
            "2025-09-30",
            "2025-09-24",
            _SIGNED_UP.format(days=_LAST_AUTUMN),
            "the customer base is that of 2025-09-30",
        ),
    ],
)
def test_a_day_between_two_snapshots_is_counted_as_that_day_was(
    assistant: Assistant, bank_file: Path, tmp_path: Path, language: Language, text: str, snapshot: str, day: str, condition: str, said: str
) -> None:
    """By hand: the customers of the first snapshot after the day, those who had joined by then; nobody of the days between is missing on one side only."""
    with duckdb.connect(str(shutil.copy(bank_file, tmp_path)), read_only=True) as bank:
        rows = (
            f"SELECT count(*) FROM tags s WHERE snapshot_date = DATE '{snapshot}' AND open_date <= DATE '{day}' AND {_BASE} AND {condition}"
        )
        (wanted,) = bank.execute(rows).fetchall()[0]
    answer, _ = assistant.ask(text, Conversation(), language=language)
    (found,) = those(answer.insights, Comparison)
    assert found.count_then == wanted > 0
    assert said in answer.narrative[language].text
    assert found.people_then is not None
    assert found.people_then.isoformat() == snapshot


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("上个月新开户的客户", "比前一个月呢", "现在的都是2026-07-31之后才成为本行客户的。"),
        ("上个月新开户的客户", "和前一个同样长的时段比", "前后算的不是同批客户。"),
        (
            "customers who joined the bank last month",
            "compared with the month before",
            "Everybody counted now became a customer after 2026-07-31.",
        ),
        (
            "customers who joined the bank last month",
            "compared with the preceding period of the same length",
            "nobody is counted at both times.",
        ),
    ],
)
def test_who_came_in_the_very_days_was_no_customer_before(assistant: Assistant, first: str, second: str, said: str) -> None:
    """Those of August are told apart from those of July by when they came, not by when the earlier rule is read (the 24th of August)."""
    _, conversation = assistant.ask(first, Conversation())
    answer, _ = assistant.ask(second, conversation)
    (found,) = those(answer.insights, Comparison)
    assert found.once
    assert found.count_now
    assert (found.parts["joined"], found.entered, found.stayed) == (found.count_now, 0, 0)
    assert said in answer.narrative[answer.language].text
    assert len(grid(found, answer, answer.language).rows) == 2


def test_who_did_something_last_month_and_came_then_joined(assistant: Assistant, bank_file: Path, tmp_path: Path) -> None:
    """By hand: those who logged in in August, not in July, and came to the bank after July."""
    _, conversation = assistant.ask("上个月登录过手机银行的客户", Conversation())
    answer, _ = assistant.ask("和前一个月比", conversation)
    (found,) = those(answer.insights, Comparison)
    assert not found.once
    logged = "one_id IN (SELECT one_id FROM record_app_login WHERE day BETWEEN DATE '{0}-01' AND DATE '{0}-31')"
    came = f"snapshot_date = DATE '2026-09-24' AND open_date > DATE '2026-07-31' AND {_BASE}"
    with duckdb.connect(str(shutil.copy(bank_file, tmp_path)), read_only=True) as bank:
        rows = f"SELECT count(*) FROM tags WHERE {came} AND {logged.format('2026-08')} AND NOT {logged.format('2026-07')}"
        (wanted,) = bank.execute(rows).fetchall()[0]
    assert found.parts["joined"] == wanted
