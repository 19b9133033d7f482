"""A rule -> the rule of a strategy template: its numbers become parameters. Law: with every parameter at its default the template says exactly what the rule said.

Lifted are the numbers of orderings and ranges, the lengths of rolling windows and of those to come, and numbers handed to a concept. What stays: yes and no, codes, dates, an equality, and nothing
(over 0, none at all), which say what a thing is rather than how much of it. The range proposed is from a third to three times the number, within what the catalog holds plausible; whoever
publishes the template narrows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text, Unit, Valued
from assistant.catalog.strategy import StrategyParameter
from assistant.rule.tree import AnyNode

_ORDERINGS = ("<", "<=", ">", ">=")
_WIDER = Decimal(3)
_LONGEST: Mapping[str, Decimal] = {
    "day": Decimal(365),
    "week": Decimal(52),
    "month": Decimal(12),
    "quarter": Decimal(4),
    "half_year": Decimal(2),
    "year": Decimal(1),
}
_WHOLE: tuple[Unit, ...] = ("count", "times", "days", "months", "years", "points", "score")
_LENGTH = Text(zh="时间长度", en="length of time")
_ENDS: Mapping[str, Text] = {"low": Text(zh="下限", en="from"), "high": Text(zh="上限", en="up to")}


@dataclass
class _Lifted:
    """What has been lifted so far, and where it came from."""

    catalog: TagCatalog
    why: Text
    found: dict[str, StrategyParameter] = field(default_factory=dict)

    def put(self, stem: str, name: Text, value: Decimal, unit: Unit, least: Decimal | None = None, most: Decimal | None = None) -> str:
        """A parameter for one number; the string that stands for it. A number that leaves no room stays as it is."""
        near, far = sorted((value / _WIDER, value * _WIDER))
        low = near if least is None else max(near, least)
        high = far if most is None else min(far, most)
        if unit in _WHOLE:
            low, high = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
        if value == 0 or not low <= value <= high or low == high:
            return str(value)
        stem = "_".join(part for part in (_DIGIT.sub(lambda found: f"_{_DIGITS[int(found[0])]}_", stem)).split("_") if part).lower()
        code, number = stem, 2
        while code in self.found:
            code, number = f"{stem}_{_NUMBERS[number]}", number + 1
        taken = {(one.name.zh, one.name.en) for one in self.found.values()}
        shown = name
        for place in range(2, len(_NUMBERS)):
            if (shown.zh, shown.en) not in taken:
                break
            shown = Text(zh=f"{name.zh}{place}", en=f"{name.en} {place}")
        self.found[code] = StrategyParameter(default=value, low=_plain(low), high=_plain(high), unit=unit, name=shown, why=self.why)
        return f"${code}"


_DIGIT = re.compile(r"\d")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NUMBERS = ("", "", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def lifted(node: AnyNode, catalog: TagCatalog, why: Text) -> tuple[Mapping[str, Any], Mapping[str, StrategyParameter]]:
    """The rule of a template and its parameters, each with `why` its default is what it is. For a rule whose saved segments have been replaced by what they mean."""
    state = _Lifted(catalog, why)
    rule = _of(node.model_dump(mode="json", exclude={"said"}), state)
    return rule, state.found


def _of(data: Mapping[str, Any], state: _Lifted) -> dict[str, Any]:
    """One node as JSON, its numbers lifted."""
    made = {key: value for key, value in data.items() if key not in ("said", "name")}
    kind, catalog = made.get("kind"), state.catalog
    match kind:
        case "all" | "any":
            made["children"] = [_of(child, state) for child in made["children"]]
        case "not":
            made["child"] = _of(made["child"], state)
        case "rank":
            made["within"] = _of(made["within"], state)
        case "sequence":
            made |= {name: _records(made[name], state) for name in ("first", "then")}
        case "tag":
            tag = catalog.tags[made["tag"]]
            made["value"] = _value(made, tag.code, tag.name, tag, state)
        case "tag_comparison":
            tag = catalog.tags[made["left"]]
            if made["operator"] in _ORDERINGS and isinstance(made["value"], str):
                unit: Unit = tag.unit if made["measure"] == "difference" else "none"
                made["value"] = state.put(f"{tag.code}_change", tag.name, Decimal(made["value"]), unit)
        case "record":
            made |= _records(made, state)
            records = catalog.records[made["records"]]
            item = None if made["of"] is None else records.property(made["of"])
            if item is None:
                counted: Unit = "days" if made["aggregate"] == "days" else "times"
                if made["operator"] in _ORDERINGS and Decimal(made["value"]) > 1:
                    made["value"] = state.put(records.code, records.name, Decimal(made["value"]), counted, Decimal(1))
            else:
                made["value"] = _value(made, f"{records.code}_{item.code}", item.name, item, state)
        case "concept":
            concept = catalog.concepts[made["concept"]]
            given: dict[str, Any] = made["parameters"]
            for name, value in given.items():
                known = concept.parameters[name]
                label = Text(zh=f"{concept.name.zh}：{known.name.zh}", en=f"{concept.name.en}: {known.name.en}")
                given = {**given, name: state.put(f"{concept.code}_{name}", label, Decimal(str(value)), known.unit, known.low, known.high)}
            made["parameters"] = given
    return made


def _records(data: Mapping[str, Any], state: _Lifted) -> dict[str, Any]:
    """The filters and the window of records."""
    made, records = dict(data), state.catalog.records[data["records"]]
    made.pop("said", None)
    filters = []
    for one in made.get("filters", ()):
        item = records.property(one["property"])
        assert item is not None, "a rule that has passed gate 1 names properties that exist"
        filters.append({**one, "value": _value(one, f"{records.code}_{item.code}", item.name, item, state)})
    made["filters"] = filters
    made["window"] = _window(made.get("window"), records.code, records.name, state)
    return made


def _value(data: Mapping[str, Any], stem: str, name: Text, item: Valued, state: _Lifted) -> Any:
    """What a tag or a property is compared with."""
    value = data["value"]
    if isinstance(value, Mapping):
        if value.get("kind") != "range":
            return _window(value, stem, name, state)
        ends = {}
        for end, said in _ENDS.items():
            label = Text(zh=name.zh + said.zh, en=f"{name.en} {said.en}")
            ends[end] = _bounded(f"{stem}_{end}", label, Decimal(value[end]), item, state, (Decimal(value["low"]), Decimal(value["high"])))
        return {**value, **ends}
    if data["operator"] not in _ORDERINGS or not isinstance(value, str) or not item.numeric:
        return value
    return _bounded(stem, name, Decimal(value), item, state)


def _bounded(stem: str, name: Text, value: Decimal, item: Valued, state: _Lifted, ends: tuple[Decimal, Decimal] | None = None) -> str:
    """A number within what is plausible of its tag; of a range each end keeps to its side of the middle, so that they cannot cross."""
    least, most = item.plausible or (None, None)
    if ends is not None:
        middle = (ends[0] + ends[1]) / 2
        least, most = (least, middle) if value == ends[0] else (middle, most)
    return state.put(stem, name, value, item.unit, least, most)


def _window(window: Any, stem: str, name: Text, state: _Lifted) -> Any:
    """A window whose length is a parameter: rolling ones, and those to come."""
    if not isinstance(window, Mapping) or window.get("kind") not in ("rolling", "future"):
        return window
    unit = str(window["unit"])
    label = Text(zh=f"{name.zh}{_LENGTH.zh}", en=f"{name.en}: {_LENGTH.en}")
    shown: Unit = "days" if unit == "day" else "months" if unit == "month" else "count"
    return {**window, "n": state.put(f"{stem}_{unit}s", label, Decimal(window["n"]), shown, Decimal(1), _LONGEST[unit])}


def _plain(number: Decimal) -> Decimal:
    """Two digits after the point, or none."""
    rounded = number.quantize(Decimal("0.01"))
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded
