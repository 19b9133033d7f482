"""The short form in which people write rules in YAML (concepts, strategies, eval cases). Law: only spelling; the result is an ordinary node.

    {all: [...]}   {any: [...]}   {not: {...}}
    {tag: dep_demand_bal, operator: ">", value: 50000}          {tag: open_date, within: rolling 90 day}
    {tag: aum_bal, snapshot: month -1, operator: ">", value: 1} {tag: cust_tier, operator: in, value: [T3, T4]}
    {tag: age, range: [18, 35]}                                 range: "[18, 35)" for an open side
    {records: zone_view, where: {zone: [wealth]}, window: rolling 30 day, operator: ">=", value: 1}
    {records: wealth_buy, where: {amount: {operator: ">", value: 50000}}, aggregate: sum, of: amount, operator: ">", value: 100000}
    {concept: mobile_active, parameters: {logins: 5}, negated: true}
    {first: {records: ...}, then: {records: ...}, within_days: 7, negated: true}
    {left: aum_bal, right: aum_bal, right_snapshot: month -1, measure: relative_change, operator: "<=", value: -0.3}
    {rank: aum_bal, direction: top, percent: 10, within: {all: []}}

Windows: "rolling 30 day", "calendar month -1" (or "-3..-1", or "..-1": any time up to it), "future 7 day", "rest_of month", "ago 30 day" (or "30..60"), "2026-09-01..2026-09-15"
(a side may be empty), "yearly 09-01..09-30", or the full mapping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from assistant.rule.tree import AnyNode
from assistant.rule.window import EARLIEST, TimeWindow

_NODE: TypeAdapter[AnyNode] = TypeAdapter(AnyNode)
_WINDOW: TypeAdapter[TimeWindow] = TypeAdapter(TimeWindow)
_RANGE = re.compile(r"^([\[(])\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*([\])])$")
_PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")
_KIND_KEYS = (
    ("records", "record"),
    ("left", "tag_comparison"),
    ("first", "sequence"),
    ("concept", "concept"),
    ("segment", "segment"),
    ("tag", "tag"),
)


def window_from_short(text: str | Mapping[str, Any]) -> TimeWindow:
    """A window from its short spelling. ValueError when it is none."""
    if isinstance(text, Mapping):
        return _WINDOW.validate_python(text)
    words = text.split()
    head = words[0] if words else ""
    data: dict[str, Any]
    if ".." in head:
        start, _, end = head.partition("..")
        data = {"kind": "absolute", "start": start or None, "end": end or None}
    elif head in ("rolling", "future") and len(words) == 3:
        data = {"kind": head, "n": words[1], "unit": words[2]}
    elif head == "calendar" and len(words) in (2, 3):
        first, _, last = (words[2] if len(words) == 3 else "0").partition("..")
        data = {"kind": "calendar", "unit": words[1], "first": first or EARLIEST, "last": last or first}
    elif head == "rest_of" and len(words) in (2, 3):
        data = {"kind": "rest_of", "unit": words[1], "offset": words[2] if len(words) == 3 else 0}
    elif head == "ago" and len(words) == 3:
        near, dots, far = words[1].partition("..")
        data = {"kind": "ago", "unit": words[2], "nearest": near, "farthest": far if dots and far else None}
    elif head == "yearly" and len(words) == 2:
        start, _, end = words[1].partition("..")
        start_month, start_day = start.split("-")
        end_month, end_day = (end or start).split("-")
        data = {"kind": "yearly", "start_month": start_month, "start_day": start_day, "end_month": end_month, "end_day": end_day}
    else:
        raise ValueError(f"not a window: {text!r}")
    return _WINDOW.validate_python(data)


def _range(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        match = _RANGE.match(value.strip())
        if match is None:
            raise ValueError(f"not a range: {value!r}")
        left, low, high, right = match.groups()
        return {"kind": "range", "low": Decimal(low), "high": Decimal(high), "low_open": left == "(", "high_open": right == ")"}
    low, high = value
    return {"kind": "range", "low": Decimal(str(low)), "high": Decimal(str(high))}


def _comparison(data: dict[str, Any]) -> dict[str, Any]:
    """Resolve the spellings of operator and value: range:, within:, and a bare flag or code."""
    if "range" in data:
        data |= {"operator": "range", "value": _range(data.pop("range"))}
    elif "within" in data:
        data |= {"operator": "within", "value": window_from_short(data.pop("within"))}
    elif "operator" not in data and "value" in data:
        data["operator"] = "in" if isinstance(data["value"], str | list) else "="
    return data


def _snapshot(value: Any) -> Any:
    if isinstance(value, str):
        unit, _, offset = value.partition(" ")
        return {"unit": unit, "offset": offset or -1}
    return value


def _filters(where: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, value in where.items():
        data = dict(value) if isinstance(value, Mapping) else {"value": value}
        found.append({"property": name, **_comparison(data)})
    return found


def _spell_out(short: Mapping[str, Any], child: bool = False) -> dict[str, Any]:
    data = dict(short)
    if "all" in data:
        return {"kind": "all", "children": [_spell_out(item) for item in data["all"]]}
    if "any" in data:
        return {"kind": "any", "children": [_spell_out(item) for item in data["any"]]}
    if "not" in data:
        return {"kind": "not", "child": _spell_out(data["not"])}
    if "rank" in data:
        data = {"kind": "rank", "tag": data.pop("rank"), **data}
    if "kind" not in data:
        data["kind"] = "records" if child else next(kind for key, kind in _KIND_KEYS if key in data)
    if data["kind"] == "rank":
        data["within"] = _spell_out(data.get("within", {"all": []}))
        return data
    for name in ("children", "child", "first", "then"):
        if name in data:
            value = data[name]
            data[name] = (
                [_spell_out(item) for item in value] if isinstance(value, list) else _spell_out(value, child=data["kind"] == "sequence")
            )
    if "where" in data:
        data["filters"] = _filters(data.pop("where"))
    if isinstance(data.get("window"), str):
        data["window"] = window_from_short(data["window"])
    for name in ("snapshot", "left_snapshot", "right_snapshot"):
        if name in data:
            data[name] = _snapshot(data[name])
    if data["kind"] in ("tag", "tag_comparison", "record"):
        data = _comparison(data)
    return data


def node_from_short(short: Mapping[str, Any]) -> AnyNode:
    """The node a short form means. ValueError (pydantic's included) when it is none; StopIteration never leaves."""
    try:
        data = _spell_out(short)
    except (StopIteration, RuntimeError) as error:
        raise ValueError(f"not a rule: {short!r}") from error
    return _NODE.validate_python(data)


def parameters(short: object) -> frozenset[str]:
    """The names that stand in a short form as "$name": what `substitute` needs values of."""
    return frozenset(_PARAMETER.findall(str(short)))


def substitute(short: Any, values: Mapping[str, Any]) -> Any:
    """A short form with every "$name" replaced: a string that is only "$name" becomes the value itself, inside a longer string its text."""
    if isinstance(short, str):
        if short.startswith("$") and short[1:] in values:
            return values[short[1:]]
        return _PARAMETER.sub(lambda match: str(values.get(match[1], match[0])), short)
    if isinstance(short, Mapping):
        return {key: substitute(value, values) for key, value in short.items()}
    if isinstance(short, list | tuple):
        return [substitute(item, values) for item in short]
    return short
