"""Reading by the patterns sentences are written with: names, numbers, values and windows at a place of a folded text. Law: all ways to read it, never one guessed.

A reader takes a place and gives what can stand there, each with the place behind it. What no pattern fits is simply not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language, Property, Tag
from assistant.catalog.naming import distinct_label, has_children, said_unit
from assistant.language.templates import Template, fold, templates
from assistant.rule.tree import Operator, Range, Snapshot, Value
from assistant.rule.window import Tense, TimeWindow, Unit, resolve, snapshot_day

T = TypeVar("T")
Found = list[tuple[T, int]]
"""What can stand at a place, each with the place behind it."""

Place = Callable[[int, Mapping[str, Any]], Found[Any]]
"""What may stand at a place of a template, given what stands at the ones before it."""

Compared = tuple[Operator, Value]
_WINDOW: TypeAdapter[TimeWindow] = TypeAdapter(TimeWindow)
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SCALES = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "half_year", "year")
_SIGNS: tuple[tuple[Operator, str], ...] = ((">", "more"), (">=", "at_least"), ("<", "less"), ("<=", "at_most"))
_SNAPSHOT_UNITS: tuple[Literal["month", "quarter", "year"], ...] = ("month", "quarter", "year")
_PRESENCE: tuple[tuple[Operator, str], ...] = (("is_absent", "readback.absent"), ("is_unknown", "readback.unknown"))
_TENSES: tuple[Tense, ...] = ("past", "future", "yearly")


@dataclass(frozen=True, slots=True)
class Names:
    """Folded names -> what they name, longest first where several begin at one place."""

    codes: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    """The lengths of the names that begin with a character."""

    @classmethod
    def of(cls, named: Iterable[tuple[str, str]]) -> Names:
        codes: dict[str, tuple[str, ...]] = {}
        for name, code in named:
            key = fold(name)
            codes[key] = (*codes.get(key, ()), code)
        lengths: dict[str, set[int]] = {}
        for key in codes:
            lengths.setdefault(key[:1], set()).add(len(key))
        return cls(codes, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()})

    def at(self, text: str, place: int) -> Found[str]:
        fitting = [length for length in self.lengths.get(text[place : place + 1], ()) if place + length <= len(text)]
        return [(code, place + length) for length in fitting for code in self.codes.get(text[place : place + length], ())]


@lru_cache(maxsize=1024)
def value_names(catalog: TagCatalog, owner: str, code: str, language: Language) -> Names:
    """`code`: a tag, or a property of the record set `owner`. What a sentence calls the values of an item: distinct names, the units below included where there are any, and regions."""
    item = catalog.records[owner].property(code) if owner else catalog.tags[code]
    assert item is not None, "codes come from the catalog"
    said = templates(language)
    named: list[tuple[str, str]] = []
    values = catalog.values(item)
    for value in values:
        label, parent = distinct_label(values, value, language)
        shown = label if parent is None else said["readback.with_parent"].filled({"value": label, "parent": parent})
        tree = has_children(values, value.code)
        named.append((said["readback.with_subtree"].filled({"value": shown}) if tree else shown, value.code))
    for region in catalog.header.regions if item.values_from == "organisation" else ():
        named.append((said["readback.region"].filled({"value": region.label.get(language)}), region.code))
    return Names.of(named)


@dataclass
class Patterns:
    """One folded text with the patterns of one language. `as_of` and `today` decide whether dates shown beside a window are that window's."""

    catalog: TagCatalog
    language: Language
    text: str
    as_of: date
    today: date
    templates: Mapping[str, Template] = field(init=False)
    _possible: dict[str, bool] = field(default_factory=dict)
    _windows: dict[int, Found[TimeWindow]] = field(default_factory=dict)
    _calendar_units: dict[int, Found[tuple[Unit, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.templates = templates(self.language)

    # templates

    def possible(self, key: str) -> bool:
        """Whether the text has all the words of a template at all; of most templates it has not, and then no place need be tried."""
        known = self._possible.get(key)
        if known is None:
            known = self._possible[key] = all(kind == "place" or piece in self.text for kind, piece in self.templates[key].pieces)
        return known

    def fill(self, key: str, at: int, places: Mapping[str, Place]) -> Found[dict[str, Any]]:
        """Every way in which a template stands at a place: what its places hold."""
        if not self.possible(key):
            return []
        states: Found[dict[str, Any]] = [({}, at)]
        for kind, piece in self.templates[key].pieces:
            if kind == "text":
                states = [(held, place + len(piece)) for held, place in states if self.text.startswith(piece, place)]
            else:
                states = [({**held, piece: value}, end) for held, place in states for value, end in places[piece](place, held)]
            if not states:
                break
        return states

    def says(self, key: str, at: int) -> int | None:
        """The place behind a template without places, None where it does not stand."""
        words = self.templates[key].text
        return at + len(words) if self.text.startswith(words, at) else None

    def listed(self, at: int, join: str, item: Callable[[int], Found[T]]) -> Found[tuple[T, ...]]:
        """One or more things with the words of `join` between them."""
        found: Found[tuple[T, ...]] = []
        states: Found[tuple[T, ...]] = [((one,), end) for one, end in item(at)]
        while states:
            found += states
            following = [(held, after) for held, end in states if (after := self.says(join, end)) is not None]
            states = [((*held, one), end) for held, place in following for one, end in item(place)]
        return found

    # numbers

    def whole(self, at: int) -> Found[int]:
        found = _WHOLE.match(self.text, at)
        return [] if found is None else [(int(found[0].replace(",", "")), found.end())]

    def number(self, at: int) -> Found[Decimal]:
        found = _NUMBER.match(self.text, at)
        return [] if found is None else [(Decimal(found[0].replace(",", "")), found.end())]

    def money(self, at: int) -> Found[Decimal]:
        """A number that may be written in 万 or 亿."""
        found = self.number(at)
        scaled = [(value * scale, end + 1) for value, end in found for scale, word in _SCALES if self.text.startswith(word, end)]
        return scaled or found

    def amount(self, at: int, unit: str) -> Found[Decimal]:
        """A number with its unit as sentences write it; in English the unit of exactly one thing has no s."""
        read = self.money if unit in ("CNY", "USD") and self.language == "zh" else self.number
        pieces = self.templates[f"unit.{unit}"].pieces
        states: list[tuple[Decimal | None, int]] = [(None, at)]
        for kind, piece in pieces:
            following: list[tuple[Decimal | None, int]] = []
            for value, place in states:
                if kind == "place":
                    following += read(place)
                    continue
                words = piece.removesuffix("s") if self.language == "en" and value == 1 else piece
                if self.text.startswith(words, place):
                    following.append((value, place + len(words)))
            states = following
        return [(value, end) for value, end in states if value is not None]

    # values

    def comparison(self, at: int, item: Tag | Property, owner: str = "") -> Found[Compared]:
        """An operator with its value, as said of a tag, or of a property of the record set `owner`."""
        found: Found[Compared] = []
        if item.numeric:
            unit = said_unit(item)
            found += self.numbers(at, item, lambda place: self.amount(place, unit))
        elif item.type == "flag":
            found += self.yes_or_no(at, item)
        elif item.type in ("date", "month_day"):
            windows: Place = lambda place, _: self.window(place)  # noqa: E731
            found += [(("within", held["window"]), end) for held, end in self.fill("readback.within", at, {"window": windows})]
        else:
            found += self.enum(at, item, owner)
        for operator, key in _PRESENCE:
            end = self.says(key, at)
            if end is not None:
                found.append(((operator, None), end))
        return found

    def numbers(self, at: int, item: Tag | Property, quantity: Callable[[int], Found[Decimal]]) -> Found[Compared]:
        def value(place: int, held: Mapping[str, Any]) -> Found[Decimal]:
            return quantity(place)

        found: Found[Compared] = []
        for operator, name in _SIGNS:
            for key in (f"readback.{name}", f"readback.count_{name}"):
                found += [((operator, held["value"]), end) for held, end in self.fill(key, at, {"value": value})]
        found += [(("=", held["value"]), end) for held, end in self.fill("readback.equal", at, {"value": value})]
        differs = self.fill("readback.not_equal", at, {"value": value, "absent": self.left_out(item)})
        found += [(("<>", held["value"]), end) for held, end in differs]
        sides: dict[str, Place] = {"low": value, "low_side": self.side, "high": value, "high_side": self.side}
        for held, end in self.fill("readback.range", at, sides):
            if held["low"] <= held["high"]:
                ends = Range(low=held["low"], high=held["high"], low_open=held["low_side"], high_open=held["high_side"])
                found.append((("range", ends), end))
        return list(dict.fromkeys(found))

    def side(self, at: int, held: Mapping[str, Any]) -> Found[bool]:
        """Whether a side of a range is open."""
        sides = ((self.says(f"readback.{key}", at), open_) for key, open_ in (("included", False), ("excluded", True)))
        return [(open_, end) for end, open_ in sides if end is not None]

    def yes_or_no(self, at: int, item: Tag | Property) -> Found[Compared]:
        def value(place: int, held: Mapping[str, Any]) -> Found[bool]:
            said = ((self.says(f"readback.{key}", place), yes) for key, yes in (("yes", True), ("no", False)))
            return [(yes, end) for end, yes in said if end is not None]

        found: Found[Compared] = [(("=", held["value"]), end) for held, end in self.fill("readback.is", at, {"value": value})]
        other = self.fill("readback.is_not", at, {"value": value, "absent": self.left_out(item)})
        found += [(("<>", held["value"]), end) for held, end in other]
        return found

    def enum(self, at: int, item: Tag | Property, owner: str) -> Found[Compared]:
        names = value_names(self.catalog, owner, item.code, self.language)

        def value(place: int, held: Mapping[str, Any]) -> Found[str]:
            return names.at(self.text, place)

        def values(place: int, held: Mapping[str, Any]) -> Found[tuple[str, ...]]:
            return self.listed(place, "readback.list_join", lambda inner: names.at(self.text, inner))

        left_out = self.left_out(item)
        found: Found[Compared] = [(("in", (held["value"],)), end) for held, end in self.fill("readback.is", at, {"value": value})]
        found += [(("in", held["values"]), end) for held, end in self.fill("readback.one_of", at, {"values": values})]
        for key, places in (("is_not", {"value": value}), ("none_of", {"values": values})):
            for held, end in self.fill(f"readback.{key}", at, {**places, "absent": left_out}):
                codes = held["values"] if "values" in held else (held["value"],)
                found.append((("not_in", codes), end))
        for operator, name in _SIGNS if item.ordered else ():
            ranked = self.fill(f"readback.rank_{name}", at, {"value": value})
            found += [((operator, (held["value"],)), end) for held, end in ranked]
        return found

    def left_out(self, item: Tag | Property) -> Place:
        """The remark on who a "not" leaves out: exactly the one that is said of the item."""
        key = {"unknown": "readback.unknown_out", "none": "readback.none_out"}.get(item.null_means)
        return lambda place, _: [("", place)] if key is None else [("", end) for end in (self.says(key, place),) if end is not None]

    # times

    def length(self, at: int, unit: Unit) -> Found[int]:
        """30天, 1 month: a number of units."""
        found = self.fill(f"window.{unit}", at, {"n": lambda place, _: self.whole(place)})
        if unit == "half_year":
            found = [one for one in found if one[0]["n"] != 1]
            alone = self.says("window.half_year_one", at)
            return [(held["n"], end) for held, end in found] + ([] if alone is None else [(1, alone)])
        if self.language == "en":
            template = self.templates[f"window.{unit}"].filled({"n": "1"}).removesuffix("s")
            if self.text.startswith(template, at):
                found.append(({"n": 1}, at + len(template)))
        return [(held["n"], end) for held, end in found if self.language == "zh" or held["n"] != 1 or not self.text.startswith("s", end)]

    def lengths(self, at: int) -> Found[tuple[Unit, int]]:
        return [((unit, n), end) for unit in _UNITS for n, end in self.length(at, unit)]

    def calendar_unit(self, at: int) -> Found[tuple[Unit, int]]:
        """本月, 上月, the month 3 back: a unit and how far from the present one."""
        known = self._calendar_units.get(at)
        if known is not None:
            return known
        found: Found[tuple[Unit, int]] = []
        for unit in _UNITS:
            for name, offset in (("this", 0), ("previous", -1), ("next", 1)):
                end = self.says(f"window.{name}_{unit}", at)
                if end is not None:
                    found.append(((unit, offset), end))
            full = self.templates[f"window.full_{unit}"].text
            words = full.removesuffix("s") if self.language == "en" else full
            places: dict[str, Place] = {"n": lambda place, _: self.whole(place), "unit": self.exactly(words)}
            for name, sign in (("previous_n", -1), ("next_n", 1)):
                found += [((unit, sign * held["n"]), end) for held, end in self.fill(f"window.{name}", at, places)]
        self._calendar_units[at] = found
        return found

    def exactly(self, words: str) -> Place:
        return lambda place, _: [(words, place + len(words))] if self.text.startswith(words, place) else []

    def day(self, at: int) -> Found[date]:
        found = _DAY.match(self.text, at)
        if found is None:
            return []
        try:
            return [(date.fromisoformat(found[0]), found.end())]
        except ValueError:
            return []

    def window(self, at: int) -> Found[TimeWindow]:
        """Every window whose words stand here, with and without the dates it means behind them."""
        known = self._windows.get(at)
        if known is None:
            plain = self.plain_windows(at)
            found = [*plain, *(shifted for base in plain for shifted in self.shifted(at, *base))]
            dated = [(window, after) for window, end in found for after in self.dates(window, at, end)]
            known = self._windows[at] = [*found, *dated]
        return known

    def plain_windows(self, at: int) -> Found[TimeWindow]:
        length: Place = lambda place, _: self.lengths(place)  # noqa: E731
        unit: Place = lambda place, _: self.calendar_unit(place)  # noqa: E731
        day: Place = lambda place, _: self.day(place)  # noqa: E731
        found: list[tuple[Mapping[str, object], int]] = []
        for kind in ("rolling", "future"):
            found += [
                ({"kind": kind, "unit": held["n"][0], "n": held["n"][1]}, end)
                for held, end in self.fill(f"window.{kind}", at, {"n": length})
            ]
        found += [({"kind": "calendar", "unit": one, "first": n, "last": n}, end) for (one, n), end in self.calendar_unit(at)]
        for one in _UNITS:
            places: dict[str, Place] = {
                "n": lambda place, _: self.whole(place),
                "unit": self.exactly(self.templates[f"window.full_{one}"].text),
            }
            for held, end in self.fill("window.full_units", at, places):
                found.append(({"kind": "calendar", "unit": one, "first": -held["n"], "last": -1}, end))
        for held, end in self.fill("window.units", at, {"first": unit, "last": unit}):
            if held["first"][0] == held["last"][0]:
                found.append(({"kind": "calendar", "unit": held["first"][0], "first": held["first"][1], "last": held["last"][1]}, end))
        for held, end in self.fill("window.rest_of", at, {"unit": unit}):
            found.append(({"kind": "rest_of", "unit": held["unit"][0], "offset": held["unit"][1]}, end))
        for key in ("absolute", "absolute_from", "absolute_until"):
            found += [({"kind": "absolute", **held}, end) for held, end in self.fill(f"window.{key}", at, {"start": day, "end": day})]
        end_any = self.says("window.ago_any", at)
        if end_any is not None:
            found.append(({"kind": "ago", "nearest": 0}, end_any))
        for key in ("ago_one", "ago_both"):
            for held, end in self.fill(f"window.{key}", at, {"nearest": length, "farthest": length}):
                near, far = held["nearest"], held.get("farthest")
                if far is None or far[0] == near[0]:
                    farthest = None if far is None else far[1]
                    found.append(({"kind": "ago", "unit": near[0], "nearest": near[1], "farthest": farthest}, end))
        for key in ("yearly", "yearly_one"):
            for held, end in self.fill(f"window.{key}", at, {"start": self.month_day, "end": self.month_day}):
                (month, number), (last_month, last_number) = held["start"], held.get("end", held["start"])
                window = {"kind": "yearly", "start_month": month, "start_day": number, "end_month": last_month, "end_day": last_number}
                found.append((window, end))
        return [(window, end) for data, end in found for window in _built(data)]

    def month_day(self, at: int, held: Mapping[str, Any]) -> Found[tuple[int, int]]:
        places: dict[str, Place] = {"month": self.month, "day": lambda place, _: self.whole(place)}
        return [((inner["month"], inner["day"]), end) for inner, end in self.fill("window.month_day", at, places)]

    def month(self, at: int, held: Mapping[str, Any]) -> Found[int]:
        ends = ((number, self.says(f"window.month_{number}", at)) for number in range(1, 13))
        return [(number, end) for number, end in ends if end is not None]

    def shifted(self, at: int, base: TimeWindow, end: int) -> Found[TimeWindow]:
        """上月的去年同期: a window moved by a length of time."""
        found: list[tuple[Mapping[str, object], int]] = []
        places: dict[str, Place] = {"base": lambda place, _: [(base, end)], "n": lambda place, _: self.lengths(place)}
        for key, sign in (("shifted_back", -1), ("shifted_on", 1), ("shifted_year", 0)):
            for held, after in self.fill(f"window.{key}", at, places):
                unit, n = ("year", -1) if sign == 0 else (held["n"][0], sign * held["n"][1])
                found.append(({"kind": "shifted", "base": base.model_dump(), "unit": unit, "n": n}, after))
        return [(window, after) for data, after in found for window in _built(data)]

    def dates(self, window: TimeWindow, at: int, end: int) -> list[int]:
        """The place behind the dates that a read-back shows beside a window; none where other dates stand there."""
        found = []
        for tense in _TENSES:
            span = resolve(window, self.as_of, self.today, tense)
            days = {name: day.isoformat() for name, day in (("start", span.start), ("end", span.end)) if day is not None}
            key = "no_days" if span.empty else "dates" if len(days) == 2 else "dates_until" if "end" in days else "dates_from"
            if not span.empty and span.start is not None and span.start == span.end:
                key = "one_day"
            shown = self.templates[f"window.{key}"].filled(days)
            words = self.templates["window.with_dates"].filled({"words": self.text[at:end], "dates": shown})
            if self.text.startswith(words, at):
                found.append(at + len(words))
        return list(dict.fromkeys(found))

    def snapshot(self, at: int) -> Found[Snapshot]:
        """上月末, the month end 3 months back."""
        found: Found[Snapshot] = []
        for unit in _SNAPSHOT_UNITS:
            end = self.says(f"window.snapshot_{unit}", at)
            if end is not None:
                found.append((Snapshot(unit=unit), end))
            for held, after in self.fill(f"window.snapshot_{unit}_n", at, {"n": lambda place, _: self.whole(place)}):
                if 1 <= held["n"] <= 60:
                    found.append((Snapshot(unit=unit, offset=-held["n"]), after))
        return [*found, *((one, after) for one, end in found for after in self.dated_snapshot(one, at, end))]

    def dated_snapshot(self, snapshot: Snapshot, at: int, end: int) -> list[int]:
        """The place behind a snapshot with its own date in brackets."""
        meant = snapshot_day(snapshot.unit, snapshot.offset, self.as_of, self.today).isoformat()
        words = self.templates["window.snapshot_with_date"].filled({"words": self.text[at:end], "date": meant})
        return [at + len(words)] if self.text.startswith(words, at) else []


def _built(data: Mapping[str, object]) -> list[TimeWindow]:
    try:
        return [_WINDOW.validate_python(data)]
    except ValidationError:
        return []
