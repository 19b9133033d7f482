"""The story the product is for, in three sentences on a small demo bank: what is going on, who came to the loan pages in mid-September, against the days before,
is it the mortgage, only those. In Chinese and in English, by several ways of asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant.app.build import build_assistant
from assistant.app.view import as_text
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.demo.build import build_demo
from assistant.insight.compare import Comparison
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.monitor import Monitor
from assistant.insight.persona import Persona
from assistant.insight.requested import those
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.settings import Settings

CUSTOMERS = 24_000
"""So many that those who came in mid-September and had not come before differ by more than chance from those who had."""
SENTENCES = ("9月中旬浏览贷款专区的客户有什么特点", "他们是不是都有房贷", "只看其中有按揭的")
THOSE = """
    SELECT DISTINCT t.one_id FROM tags AS t JOIN {table} AS v ON v.one_id = t.one_id
    WHERE t.snapshot_date = DATE '2026-09-24' AND t.mort_flag AND t.cust_status IN ('active', 'controlled') AND t.cust_scope IN ('full', 'online_ii')
      AND v.{zone} = 'loan' AND v.{day} BETWEEN DATE '2026-09-11' AND DATE '2026-09-20'
    ORDER BY 1
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("story") / "bank.duckdb"
    build_demo(path, CUSTOMERS)
    return path


@pytest.fixture(scope="module")
def visitors_with_a_mortgage(bank: Path) -> tuple[int, ...]:
    """By a statement of our own, before an engine holds the file."""
    records = TagCatalog.load().records["zone_view"]
    zone = next(item.column_name for item in records.properties if item.code == "zone")
    with duckdb.connect(str(bank), read_only=True) as connection:
        rows = connection.execute(THOSE.format(table=records.table, zone=zone, day=records.date_column)).fetchall()
    return tuple(one_id for (one_id,) in rows)


@pytest.fixture(scope="module")
def teller(bank: Path, visitors_with_a_mortgage: tuple[int, ...]) -> Iterator[Assistant]:
    made = build_assistant(Settings(database=bank))
    yield made
    made.engine.close()


@pytest.fixture(scope="module")
def answers(teller: Assistant) -> tuple[Answer, ...]:
    conversation = Conversation()
    found = []
    for sentence in SENTENCES:
        answer, conversation = teller.ask(sentence, conversation)
        found.append(answer)
    return tuple(found)


def test_every_sentence_is_answered(answers: tuple[Answer, ...]) -> None:
    assert [answer.outcome for answer in answers] == ["answered"] * 3


def test_they_have_a_mortgage_and_that_comes_first_by_name(answers: tuple[Answer, ...]) -> None:
    (persona,) = those(answers[0].insights, Persona)
    assert (persona.traits[0].tag, persona.traits[0].bucket) == ("mort_flag", "true")
    assert persona.traits[0].reversed_in == persona.traits[0].explained_by == ()
    told = answers[0].narrative["zh"].text
    assert "最突出的是「按揭客户」" in told
    lines = as_text(answers[0], "zh").splitlines()
    assert lines[next(place for place, line in enumerate(lines) if "客群画像" in line) + 2].strip().startswith("是“按揭客户”")


def test_the_guess_holds_but_not_of_everyone(answers: tuple[Answer, ...]) -> None:
    (guess,) = those(answers[1].insights, Hypothesis)
    assert guess.verdict == "clearly"
    assert guess.n < guess.known
    assert answers[1].rule == answers[0].rule
    assert "不是都这样；比其余客户多得多" in answers[1].narrative["zh"].text
    assert "不是这样。" in answers[1].narrative["zh"].text


def test_the_last_sentence_reaches_exactly_those(
    answers: tuple[Answer, ...], teller: Assistant, visitors_with_a_mortgage: tuple[int, ...]
) -> None:
    rule = answers[2].validated
    assert rule is not None
    assert teller.members(rule) == visitors_with_a_mortgage
    (guess,) = those(answers[1].insights, Hypothesis)
    assert len(visitors_with_a_mortgage) == guess.n > 0


@pytest.mark.parametrize(
    ("sentence", "language", "name"), [("最近有什么异常", "zh", "按揭客户"), ("what is unusual lately", "en", "Mortgage holder")]
)
def test_what_is_going_on_names_them_first(teller: Assistant, sentence: str, language: Language, name: str) -> None:
    answer, _ = teller.ask(sentence, Conversation())
    (found,) = those(answer.insights, Monitor)
    first = found.episodes[0]
    assert first.unusual.rise
    assert (first.drivers[0].tag, first.drivers[0].bucket) == ("mort_flag", "true")
    assert name in answer.narrative[language].claims[2].text


@pytest.mark.parametrize(
    ("sentence", "language", "name"),
    [("贷款专区浏览最近为什么涨了", "zh", "按揭客户"), ("why have loan zone views risen recently", "en", "Mortgage holder")],
)
def test_why_it_rose_lately_names_them_first(teller: Assistant, sentence: str, language: Language, name: str) -> None:
    """In plain words, with no day said: the days that stand out are those of the story, and whose they are comes first, as in the monitor."""
    answer, _ = teller.ask(sentence, Conversation())
    (found,) = those(answer.insights, Monitor)
    first = found.episodes[0]
    assert first.unusual.series.place.key == ("zone_view", "zone", "loan")
    assert first.unusual.rise
    assert abs((first.unusual.window.first - date(2026, 9, 11)).days) <= 2
    assert (first.drivers[0].tag, first.drivers[0].bucket) == ("mort_flag", "true")
    assert name in answer.narrative[language].text


WAYS: tuple[tuple[Language, tuple[str, ...]], ...] = (
    ("zh", ("9月中旬浏览贷款专区的客户", "和前一旬比有什么变化", "只看有按揭的")),
    ("zh", ("9月中旬浏览贷款专区的客户有什么特点", "和9月上旬比呢", "只要有房贷的")),
    ("zh", ("9月中旬贷款专区的访问为什么涨了", "他们是不是都有房贷", "只看其中有按揭的")),
    (
        "en",
        (
            "customers who viewed the loan zone in mid-September",
            "how do they compare with the ten days before",
            "only those with a mortgage",
        ),
    ),
    (
        "en",
        ("who visited the loan zone in mid-September? what are they like", "compared with the period before", "only those with a mortgage"),
    ),
    ("en", ("why did more customers visit the loan zone in mid-September", "do they all have a mortgage", "only those with a mortgage")),
)


@pytest.mark.parametrize(("language", "sentences"), WAYS)
def test_who_came_against_the_days_before_shares_a_mortgage(
    teller: Assistant, visitors_with_a_mortgage: tuple[int, ...], language: Language, sentences: tuple[str, ...]
) -> None:
    conversation, found = Conversation(), []
    for sentence in sentences:
        answer, conversation = teller.ask(sentence, conversation)
        assert answer.outcome == "answered", sentence
        found.append(answer)
    told = next(answer for answer in found if those(answer.insights, Comparison))
    (comparison,) = those(told.insights, Comparison)
    assert comparison.days is not None
    assert [day.isoformat() for day in comparison.days] == ["2026-09-01", "2026-09-10"]
    assert (comparison.drivers[0].tag, comparison.drivers[0].bucket) == ("mort_flag", "true")
    assert comparison.newcomers is None, "one figure for one question"
    (said,) = [claim.text for claim in told.narrative[language].claims if "compare.mort_flag.true.share" in claim.facts]
    assert {"zh": "按揭客户", "en": "Mortgage holder"}[language] in said
    last = found[-1].validated
    assert last is not None
    assert teller.members(last) == visitors_with_a_mortgage


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("近30天浏览过贷款专区的客户和上月末比", "zh"),
        ("customers who visited the loan zone in the last 30 days compared with last month end", "en"),
    ],
)
def test_days_counted_at_both_dates_do_not_hide_who_drives_a_rise(teller: Assistant, sentence: str, language: Language) -> None:
    """The last thirty days and those up to the month end share some: the change is told by the others, and that they are shared is said."""
    answer, _ = teller.ask(sentence, Conversation())
    (found,) = those(answer.insights, Comparison)
    assert found.shared == 6
    assert found.drivers[0].tag == "mort_flag"
    told = answer.narrative[language].text
    assert {"zh": "重叠", "en": "counted now as well"}[language] in told
