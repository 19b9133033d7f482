"""When things happen: weights of days and hours by kind of behaviour. Law: holidays and make-up workdays come from the catalog's calendar.

A profile is a table of positions repeated in proportion to their weight, so that a uniform index finds a weighted day or hour in one look-up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.catalog.model import CalendarDays
from assistant.demo.draw import spread

DAY_TABLE = 8192
HOUR_TABLE = 512

HOURS: dict[str, tuple[float, ...]] = {
    "app": (0.6, 0.3, 0.2, 0.1, 0.1, 0.3, 1, 2.5, 4, 4.5, 4.5, 4.5, 6, 5, 4, 4, 4, 4, 4.5, 5.5, 7, 7, 5, 2),
    "office": (0, 0, 0, 0, 0, 0, 0, 0, 1, 7, 9, 7, 3, 4, 7, 7, 5, 1, 0, 0, 0, 0, 0, 0),
    "shop": (0.3, 0.1, 0.1, 0, 0, 0.2, 1.5, 4, 5, 4, 4.5, 7, 7, 4, 4, 4, 4.5, 7, 8, 7, 5, 4, 2, 1),
    "batch": (0, 3, 6, 6, 4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    "payroll": (0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 6, 3, 1, 1, 4, 5, 3, 2, 1, 0, 0, 0, 0, 0),
    "message": (0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 5, 2, 2, 6, 6, 4, 3, 3, 4, 1, 0, 0, 0),
}


@dataclass(frozen=True)
class BankCalendar:
    """Workdays and days off, with the holiday's name."""

    off: dict[date, str]
    made_up: frozenset[date]

    @classmethod
    def of(cls, calendar: CalendarDays) -> BankCalendar:
        off = {day: key.split("_")[0] for key, days in calendar.holidays.items() for day in days}
        return cls(off, frozenset(calendar.workdays))

    def holiday(self, day: date) -> str | None:
        """The holiday a day off belongs to, None on any other day."""
        return self.off.get(day)

    def works(self, day: date) -> bool:
        """Whether the bank works that day: weekends and holidays off, make-up days on."""
        return day in self.made_up or (day not in self.off and day.weekday() < 5)


def _login(day: date, bank: BankCalendar) -> float:
    weight = 1.0 if bank.works(day) else 0.86
    weight *= {5: 1.2, 8: 1.15, 10: 1.35, 15: 1.3, 25: 1.15}.get(day.day, 1.0)
    return weight * (0.6 if bank.holiday(day) == "spring" else 1.0)


def _wealth(day: date, bank: BankCalendar) -> float:
    if bank.holiday(day):
        return 0.3
    weight = 1.1 if day in bank.made_up else (1.3, 1.12, 1.05, 1.0, 1.0, 0.55, 0.45)[day.weekday()]
    return weight * (1.2 if day.month <= 3 else 1.0) * (1.25 if day.day >= 27 else 1.0)


def _epay(day: date, bank: BankCalendar) -> float:
    weight = (0.95, 0.95, 0.97, 1.0, 1.08, 1.15, 1.17)[day.weekday()]
    return weight * (1.15 if bank.holiday(day) else 1.0) * (1.6 if (day.month, day.day) in ((11, 11), (6, 18)) else 1.0)


def _spend(day: date, bank: BankCalendar) -> float:
    weight = 1.0 if bank.works(day) else 1.25
    if (day.month, day.day) in ((11, 11), (6, 18)):
        return weight * 2.6
    return weight * (1.35 if (day.month == 11 and day.day < 11) or (day.month == 6 and day.day < 18) else 1.0)


def _branch(day: date, bank: BankCalendar) -> float:
    if bank.works(day):
        return 1.0 if day.month != 1 else 1.2
    return 0.0 if bank.holiday(day) else 0.3


def _transfer(day: date, bank: BankCalendar) -> float:
    weight = 1.0 if bank.works(day) else 0.75
    near_festival = any(bank.holiday(day + timedelta(days=ahead)) == "spring" for ahead in range(8)) and not bank.holiday(day)
    return weight * (1.7 if near_festival else 1.0) * (1.3 if day.day in (1, 10, 15, 16) else 1.0)


def _term(day: date, bank: BankCalendar) -> float:
    del bank
    return 8.0 if (8, 25) <= (day.month, day.day) <= (9, 12) or (2, 20) <= (day.month, day.day) <= (3, 8) else 0.5


def _december(day: date, bank: BankCalendar) -> float:
    return (9.0 if day.month == 12 else 0.8) * (1.0 if bank.works(day) else 0.4)


def _office(day: date, bank: BankCalendar) -> float:
    return 1.0 if bank.works(day) else 0.25


def _workday(day: date, bank: BankCalendar) -> float:
    return 1.0 if bank.works(day) else 0.0


def _bond(day: date, bank: BankCalendar) -> float:
    del bank
    return 30.0 if day.day == 10 and 3 <= day.month <= 11 else (2.0 if 11 <= day.day <= 19 and 3 <= day.month <= 11 else 0.0)


def _pension(day: date, bank: BankCalendar) -> float:
    del bank
    return 1.0 if 15 <= day.day <= 20 else 0.0


PROFILES: dict[str, Callable[[date, BankCalendar], float]] = {
    "login": _login, "wealth": _wealth, "epay": _epay, "spend": _spend, "branch": _branch, "transfer": _transfer, "term": _term,
    "december": _december, "office": _office, "workday": _workday, "bond": _bond, "pension": _pension, "flat": lambda day, bank: 1.0,
}  # fmt: skip


def day_table(profile: str, first: date, last: date, bank: BankCalendar) -> list[int]:
    """DAY_TABLE days since 1970-01-01, in proportion to the profile's weights between two dates (both in)."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    epoch = (first - date(1970, 1, 1)).days
    return [epoch + position for position in spread([PROFILES[profile](day, bank) for day in days], DAY_TABLE)]


def hour_table(profile: str) -> list[int]:
    """HOUR_TABLE hours 0..23 in proportion to the profile's weights."""
    return spread(HOURS[profile], HOUR_TABLE)
