"""What is going on, as JSON and as a table. Law: every finding carries the rule it opens as."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.drivers import Driver, shown
from assistant.insight.monitor import Episode, Monitor
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase, read_back
from assistant.narrate.sentences.monitor import direction, driver_phrase, place_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json, canonical
from assistant.rule.canonical import text as canonical_text

_FIGURES = ("first", "last", "count", "expected", "low", "high", "times", "customers")


def wire(found: Monitor, answer: Answer) -> Json:
    """The days looked at, how many series, and each finding with its rule and traits."""
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "series": found.tried,
        "more": found.more,
        "incomparable": [both(partial(condition_phrase, node, answer.catalog)) for node in found.made],
        "set_apart": {"records": [one.code for one in found.own], "sets": found.apart},
        "episodes": [_episode(place, one, answer) for place, one in enumerate(found.episodes)],
    }


def _episode(place: int, one: Episode, answer: Answer) -> Json:
    where = one.unusual.series.place
    opened: Json = {"entity": one.rule.entity, "node": json.loads(canonical_text(canonical(one.rule.node)))}
    return {
        "label": both(partial(place_phrase, where, answer.catalog)),
        "records": where.records.code,
        "by": None if where.by is None else where.by.code,
        "value": where.value or None,
        "direction": "shift" if one.unusual.shifted else "rise" if one.unusual.rise else "fall",
        **{name: number_of(answer, f"monitor.{place}.{name}") for name in _FIGURES},
        "doubts": list(one.unusual.doubts),
        "newly_come": None if one.newly is None else number_of(answer, f"monitor.{place}.newly.share"),
        "tags_as_of": None if one.tags is None else one.tags.isoformat(),
        "traits": [driver_wire(f"monitor.{place}", driver, answer) for driver in shown_drivers(f"monitor.{place}", one.drivers, answer)],
        "rule": opened,
        "readback": both(partial(read_back, one.rule.node, answer.catalog)),
    }


def shown_drivers(prefix: str, drivers: Sequence[Driver], answer: Answer) -> tuple[Driver, ...]:
    """The drivers that may be named."""
    return () if answer.facts is None else shown(drivers, prefix, answer.facts)


def driver_wire(prefix: str, driver: Driver, answer: Answer) -> Json:
    """A trait with its figures."""
    name = f"{prefix}.{driver.tag}.{driver.bucket}"
    return {
        "tag": driver.tag,
        "bucket": driver.bucket,
        "label": both(partial(driver_phrase, driver, answer.catalog)),
        **{fact: number_of(answer, f"{name}.{fact}") for fact in ("share", "before", "customers", "times", "low", "high")},
    }


def grid(found: Monitor, answer: Answer, language: Language) -> Grid | None:
    """One row a finding: what, when, how many against how many expected, whose. None without findings."""
    if not found.episodes:
        return None
    rows = tuple(_row(place, one, answer, language) for place, one in enumerate(found.episodes))
    header = tuple(
        message(language, f"page.{name}") for name in ("happened", "days", "customer_days", "expected", "customers_of", "driven_by")
    )
    falls = ((place, one) for place, one in enumerate(found.episodes) if not one.unusual.rise)
    stopped = [_stopped(place, one, answer, language) for place, one in falls]
    doubts = [
        f"{place_phrase(one.unusual.series.place, answer.catalog, language)}{message(language, 'page.colon')}{message(language, f'page.doubt_{doubt}')}"
        for one in found.episodes
        for doubt in one.unusual.doubts
    ]
    shift = [message(language, "page.monitor_shift_help")] if any(one.unusual.shifted for one in found.episodes) else []
    note = "\n".join([message(language, "page.monitor_help"), *shift, *stopped, *doubts, *_left_out(found, answer, language)])
    return Grid(message(language, "page.monitor"), header, rows, frozenset({2, 4}), note)


def _left_out(found: Monitor, answer: Answer, language: Language) -> list[str]:
    """What was asked about and not looked at, or found and not listed."""
    told = {
        "page.monitor_since": {"since": "monitor.since", "days": "monitor.longest", "first": "monitor.first"} if found.since else {},
        "page.monitor_short": {} if found.whose else {"least": "monitor.lately"},
        "page.monitor_more": {"more": "monitor.more"} if found.more else {},
    }
    return [
        message(language, key, {name: words_of(answer, fact, language) for name, fact in facts.items()})
        for key, facts in told.items()
        if facts
    ]


def _stopped(place: int, one: Episode, answer: Answer, language: Language) -> str:
    """Who the customers of a fall are; said below the table, whose columns of numbers hold no words."""
    said = message(language, "page.stopped_doing", {"n": words_of(answer, f"monitor.{place}.customers", language)})
    return f"{place_phrase(one.unusual.series.place, answer.catalog, language)}{message(language, 'page.colon')}{said}"


def _row(place: int, one: Episode, answer: Answer, language: Language) -> tuple[str, ...]:
    def say(name: str) -> str:
        return words_of(answer, f"monitor.{place}.{name}", language)

    what = {"text": place_phrase(one.unusual.series.place, answer.catalog, language), "more": direction(one, language)}
    interval = message(language, "page.from_to", {"low": say("low"), "high": say("high")})
    return (
        message(language, "page.bracketed", what),
        message(language, "page.from_to", {"low": say("first"), "high": say("last")}),
        say("count"),
        message(language, "page.bracketed", {"text": say("expected"), "more": interval}),
        say("customers"),
        whose(place, one, answer.catalog, answer, language),
    )


def whose(place: int, one: Episode, catalog: TagCatalog, answer: Answer, language: Language) -> str:
    """The traits that drive a finding, each with its share before and then."""
    newly = ""
    if one.newly is not None and one.newly.many:
        share = number_of(answer, f"monitor.{place}.newly.share")
        part = {} if share is None else {"share": words_of(answer, f"monitor.{place}.newly.share", language)}
        newly = message(language, ("page.newly" if one.newly.rise else "page.newly_fall") if part else "page.newly_hidden", part)
    if not one.drivers:
        return newly or message(language, "page.no_driver" if one.compared else "page.new_behaviour")
    told = shown_drivers(f"monitor.{place}", one.drivers, answer)
    if not told:
        return message(language, "page.driver_hidden")
    said = driven(f"monitor.{place}", told, catalog, answer, language)
    if one.tags is None:
        return said
    more = message(language, "page.tags_of", {"date": words_of(answer, f"monitor.{place}.tags", language)})
    return message(language, "page.bracketed", {"text": said, "more": more})


def driven(prefix: str, drivers: Sequence[Driver], catalog: TagCatalog, answer: Answer, language: Language) -> str:
    """Traits, each with its share before and then."""
    said = []
    for driver in drivers:
        name = f"{prefix}.{driver.tag}.{driver.bucket}"
        moved = {"before": words_of(answer, f"{name}.before", language), "share": words_of(answer, f"{name}.share", language)}
        more = message(language, "page.moved_to", moved)
        said.append(message(language, "page.bracketed", {"text": driver_phrase(driver, catalog, language), "more": more}))
    return message(language, "readback.list_join").join(said)
