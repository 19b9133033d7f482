"""A value or a Fact -> its text in a language. Law: exact where a rule is stated, rounded only where a measurement is shown.

Chinese money is written in 万 and 亿 where that loses no digit; English numbers take thousands separators.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from assistant.catalog.model import Language
from assistant.facts import Fact
from assistant.narrate.messages import message

_SCALES = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
"""How Chinese writes large amounts; at most four digits after the point, so that 12,345,678元 stays readable as 1,234.5678万元."""


def plain(number: Decimal) -> str:
    """A number in full with thousands separators and no needless zeros: 50,000, 0.35, -3."""
    text = format(number, ",f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def scaled(number: Decimal, language: Language) -> str:
    """An amount of money, exactly: 5万, 1.5亿, 12,345.67 in Chinese; 50,000 in English."""
    if language == "zh":
        for scale, word in _SCALES:
            quotient = number / scale
            if abs(quotient) >= 1 and quotient * scale == number and quotient == quotient.quantize(Decimal("0.0001")):
                return plain(quotient) + word
    return plain(number)


def with_unit(text: str, unit: str, language: Language, one: bool = False) -> str:
    """A written number with its unit (a catalog unit, or a name under `unit` in the messages). `one`: the number is exactly 1."""
    said = message(language, f"unit.{unit}", {"value": text})
    return said.removesuffix("s") if one and language == "en" else said


def amount(number: Decimal, unit: str, language: Language) -> str:
    """A literal of a rule with its unit, exactly: 5万元 / CNY 50,000, 3次 / 3 times, 30%, the year 1990."""
    text = scaled(number, language) if unit in ("CNY", "USD") else year(number) if unit == "calendar_year" else plain(number)
    return with_unit(text, unit, language, one=number == 1)


def year(number: Decimal) -> str:
    """A year: 1990, never 1,990."""
    return format(number, "f")


def rounded(number: Decimal, places: int) -> Decimal:
    """Half up, away from zero: what a reader expects of a printed figure."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def percent(share: Decimal) -> str:
    """A share as a percentage with one decimal; one that is not nothing is never printed as 0.0%, nor one short of all as 100.0%."""
    points = share * 100
    shown = rounded(points, 1)
    if shown == 0 and points > 0:
        return "<0.1%"
    if shown == 100 and points < 100:
        return ">99.9%"
    return f"{shown:,.1f}%"


def day(value: date) -> str:
    """A date as 2026-09-24, in both languages."""
    return value.isoformat()


def render(fact: Fact, language: Language) -> str:
    """A Fact as text. A suppressed count reads "fewer than k customers", any other suppressed value says only that it is withheld."""
    if fact.suppressed:
        if fact.unit == "customers" and fact.floor:
            return message(language, "unit.suppressed", {"floor": str(fact.floor)})
        return message(language, "unit.suppressed_value")
    value = fact.value
    if value is None:
        return message(language, "unit.absent")
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    number = Decimal(value)
    places = 4 if fact.exact else 2
    match fact.unit:
        case "customers":
            return with_unit(plain(number), "customers", language, one=number == 1)
        case "share":
            return percent(number)
        case "CNY" | "USD":
            return with_unit(scaled(rounded(number, 2), language) if fact.exact else _money(number, language), fact.unit, language)
        case "percent":
            return with_unit(plain(rounded(number, places)), "percent", language)
        case "ratio":
            return plain(rounded(number, 2))
        case "days":
            return with_unit(plain(rounded(number, 1)), "days", language, one=number == 1)
        case "calendar_year":
            return with_unit(year(rounded(number, 0)), "calendar_year", language)
        case "index":
            return plain(rounded(number, 0))
        case "points":
            return with_unit(plain(rounded(number * 100, 1)), "share_points", language)
        case _:
            return plain(rounded(number, places))


def _money(number: Decimal, language: Language) -> str:
    """A measured amount, rounded for reading: two decimals of 万 or 亿 in Chinese, whole units above 10,000 in English."""
    if language == "zh":
        for scale, word in _SCALES:
            if abs(number) >= scale:
                return plain(rounded(number / scale, 2)) + word
    return plain(rounded(number, 0 if abs(number) >= 10_000 else 2))
