"""Behaviour records: for every kind of event a rate per customer and month, days and hours by profile, and its properties.

Law: a customer has events only between the day the relation (or the app, the card, the loan) began and the day it ended. The number of events over
the whole history is the rate times its months, rounded at random; their days are independent draws from the profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.demo.days import DAY_TABLE, HOUR_TABLE
from assistant.demo.draw import choice, salt, spread, uniform


@dataclass(frozen=True)
class Event:
    """One kind of event. `rate` (per month), `since`, `until`, `channel`, `org` and the properties are SQL over the customer's row `c`;
    properties may use the event's own key `e`. `star`: in the daily roll-up."""

    code: str
    rate: str
    days: str = "flat"
    hours: str = "app"
    since: str = "c.open_date"
    until: str = "c.last_day"
    channel: str = "'app'"
    org: str = "NULL"
    properties: Mapping[str, str] = field(default_factory=dict)
    star: bool = False


def pick(name: str, weights: Mapping[str, float]) -> str:
    """SQL: a weighted code for an event."""
    return choice(uniform(name, "e"), weights)


def day_variable(profile: str) -> str:
    return f"days_{profile}"


def hour_variable(profile: str) -> str:
    return f"hours_{profile}"


def timestamp(day: str, hours: str, key: str = "e") -> str:
    """SQL: a time on a day (days since 1970) by the hour profile."""
    hour = f"getvariable('{hour_variable(hours)}')[1 + floor({uniform('hour', key)} * {HOUR_TABLE})::INTEGER]"
    return f"make_timestamp((({day})::BIGINT * 86400 + {hour} * 3600 + floor({uniform('second', key)} * 3600)::BIGINT) * 1000000)"


def generation(event: Event, months: float) -> str:
    """SELECT that generates all events of a kind: one_id, ts, day, channel, org and the properties."""
    name = f"event {event.code}"
    properties = "".join(f", {expression} AS {code}" for code, expression in event.properties.items())
    day = f"getvariable('{day_variable(event.days)}')[1 + floor({uniform('day', 'e')} * {DAY_TABLE})::INTEGER]"
    return f"""
        SELECT c.one_id, {timestamp("d", event.hours)} AS ts, DATE '1970-01-01' + d AS day, {event.channel} AS channel, ({event.org})::VARCHAR AS org{properties}
        FROM (SELECT c, e, {day} AS d FROM (
            SELECT c, hash(xor(c.k, ({salt(name)} + i)::UBIGINT)) AS e FROM (
                SELECT c, unnest(range(draw_count(greatest(0, {event.rate}) * {months}, {uniform(name, "c.k")}))) AS i FROM customer c WHERE {event.rate} > 0)))
        WHERE DATE '1970-01-01' + d BETWEEN {event.since} AND {event.until}
    """


ZONES = {"transfer": 24, "life": 15, "benefit": 12, "wealth": 12, "credit_card": 8, "deposit": 7, "news": 5, "fund": 4.5, "loan": 3.5, "gold": 2.2,
         "insurance": 1.5, "pension": 1.5, "payroll": 0.6, "fx": 1.0, "mortgage": 0.5, "private": 0.2}  # fmt: skip
"""What an ordinary customer looks at in the app, in percent."""

ZONE_INTERESTS = (
    (4, {"wealth": 3.2, "deposit": 2.2, "fund": 2.5, "private": 6, "gold": 1.5}),
    (2, {"mortgage": 9, "loan": 2.2}),
    (1, {"payroll": 8}),
)
"""A customer's zone class is a sum of 4 (assets from 50,000), 2 (mortgage) and 1 (payroll); each multiplies some of the weights."""


def zone_tables() -> list[list[str]]:
    """For each zone class 0..7 a table of 512 zones in proportion to their weights."""
    tables = []
    for kind in range(8):
        weights = dict(ZONES)
        for bit, factors in ZONE_INTERESTS:
            if kind & bit:
                weights |= {zone: weights[zone] * factor for zone, factor in factors.items()}
        tables.append([list(weights)[position] for position in spread(list(weights.values()), 512)])
    return tables


EVENTS: tuple[Event, ...] = (
    Event("app_login", "c.login_rate", "login", since="c.reg_date", until="c.app_last", star=True,
          properties={"os": pick("os", {"ios": 31, "android": 57, "harmony": 12}), "method": pick("method", {"face": 41, "finger": 30, "pwd": 17, "gesture": 12})}),
    Event("zone_view", "0.8 * c.login_rate", "wealth", since="c.reg_date", until="c.app_last", star=True,
          properties={"zone": f"getvariable('zones')[c.zone_class + 1][1 + floor({uniform('zone', 'e')} * 512)::INTEGER]",
                      "entry": pick("entry", {"home": 55, "search": 12, "push": 13, "banner": 20})}),
)  # fmt: skip
