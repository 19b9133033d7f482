"""A segment at two dates as JSON and as a table. Law: every part of the change, each with its customers, adding up; the dates stand beside every count."""

from __future__ import annotations

from functools import partial

from assistant.app.insights.monitor import driver_wire, shown_drivers
from assistant.app.insights.persona import interval_words, trait_row, trait_wire
from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.compare import PARTS, Comparison, Part, driver_id, newcomers_id
from assistant.insight.drivers import Driver
from assistant.narrate.messages import message
from assistant.narrate.sentences.compare import now_words, then_words
from assistant.narrate.sentences.monitor import driver_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json

_COUNTS = ("count_then", "count_now", "net", "joined", "entered", "stayed", "left", "left_bank", "base_then", "base_now")


def wire(found: Comparison, answer: Answer) -> Json:
    """Both dates with their tag snapshots, both counts, the sums, and the parts in the order of a waterfall."""
    parts: list[Json] = [
        {"part": part, "label": both(partial(part_words, part)), "count": number_of(answer, f"compare.{part}")} for part in PARTS
    ]
    redefined: list[Json] = [{"code": code, "since": since.isoformat()} for code, since in found.redefined]
    return {
        "then": found.then.isoformat(),
        "now": found.now.isoformat(),
        "days_then": None if found.days is None else [day.isoformat() for day in found.days],
        "tags_then": found.tags_then.isoformat(),
        "people_then": (found.people_then or found.tags_then).isoformat(),
        "tags_now": found.tags_now.isoformat(),
        **{name: number_of(answer, f"compare.{name}") for name in _COUNTS},
        "parts": parts,
        "redefined": redefined,
        "newcomers": [trait_wire(trait, newcomers_id(trait), answer) for trait in found.traits],
        "came_and_went": [
            {
                "trait": trait_wire(one.trait, newcomers_id(one.trait), answer),
                "left_share": number_of(answer, f"{newcomers_id(one.trait)}.left_share"),
            }
            for one in found.alike
        ],
        "drivers": [driver_wire("compare", driver, answer) for driver in shown_drivers("compare", found.drivers, answer)],
    }


def grid(found: Comparison, answer: Answer, language: Language) -> Grid:
    """From the count then to the count now, part by part; parts of nobody are left out."""
    rows = [
        (message(language, "page.compare_then", {"date": then_words(found, language)}), words_of(answer, "compare.count_then", language))
    ]
    for part in PARTS:
        if part != "stayed" and found.parts[part] and not found.once:
            sign = "−" if part.startswith("left") else "+"
            said = words_of(answer, f"compare.{part}", language)
            shown = answer.facts is not None and not answer.facts[f"compare.{part}"].suppressed
            rows.append((part_words(part, language), f"{sign}{said}" if shown else said))
    rows.append(
        (message(language, "page.compare_now", {"date": now_words(found, language)}), words_of(answer, "compare.count_now", language))
    )
    if not found.once:
        rows.append((part_words("stayed", language), words_of(answer, "compare.stayed", language)))
    header = (message(language, "page.compare_part"), message(language, "page.count"))
    days = {"then": found.tags_then.isoformat(), "now": found.tags_now.isoformat()}
    if found.once:
        note = message(language, "page.compare_note_once", {**days, "people": (found.people_then or found.tags_then).isoformat()})
    elif found.people_then is None:
        note = message(language, "page.compare_note", days)
    else:
        note = message(language, "page.compare_note_between", {**days, "people": found.people_then.isoformat()})
    return Grid(message(language, "page.compare"), header, tuple(rows), frozenset({1}), note)


def newcomers_grid(found: Comparison, answer: Answer, language: Language) -> Grid | None:
    """What those who came in have more of than those who were in, strongest first. None when there is nothing."""
    if not found.traits or answer.facts is None or answer.facts[f"{newcomers_id(found.traits[0])}.share"].suppressed:
        return None
    rows = tuple(trait_row(trait, newcomers_id(trait), answer, language) for trait in found.traits)
    header = tuple(message(language, f"page.{name}") for name in ("tag", "share_came", "share_were", "index", "interval"))
    return Grid(message(language, "page.newcomers"), header, rows, frozenset({1, 2, 3, 4}))


def drivers_grid(found: Comparison, answer: Answer, language: Language) -> Grid | None:
    """The traits whose part of the days changed, strongest first, and the days before. None when there are none."""
    told = shown_drivers("compare", found.drivers, answer)
    if not told:
        return None
    rows = tuple(_driver_row(driver, answer, language) for driver in told)
    header = tuple(message(language, f"page.{name}") for name in ("tag", "share_days", "share_days_before", "interval"))
    days = {name: words_of(answer, f"compare.before.{name}", language) for name in ("first", "last")}
    return Grid(message(language, "page.drivers"), header, rows, frozenset({1, 2, 3}), message(language, "page.drivers_note", days))


def _driver_row(driver: Driver, answer: Answer, language: Language) -> tuple[str, ...]:
    name = driver_id(driver)
    figures = (words_of(answer, f"{name}.{figure}", language) for figure in ("share", "before"))
    return (driver_phrase(driver, answer.catalog, language), *figures, interval_words(answer, name, language))


def part_words(part: Part, language: Language) -> str:
    """What a part is called."""
    return message(language, f"part.{part.replace('.', '_')}")
