"""json_schema: accepts every rule as it is written on the wire, refuses what is none. The checker reads the part of draft 2020-12 pydantic writes."""

import json
import re

import pytest
from hypothesis import given, settings

from assistant.rule.schema import json_schema
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, SegmentRule

from .test_canonical import nodes

SCHEMA = json_schema()
TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None), "integer": int, "number": (int, float)}


def _is(value: object, name: str) -> bool:
    return isinstance(value, TYPES[name]) and not (isinstance(value, bool) and name in ("integer", "number"))


def fits(value, schema) -> bool:  # type: ignore[no-untyped-def]
    if "$ref" in schema:
        return fits(value, SCHEMA["$defs"][schema["$ref"].rsplit("/")[-1]])
    if "anyOf" in schema and not any(fits(value, option) for option in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(fits(value, option) for option in schema["oneOf"]) != 1:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "type" in schema and not any(_is(value, name) for name in ([schema["type"]] if isinstance(schema["type"], str) else schema["type"])):
        return False
    if isinstance(value, dict):
        known, extra = schema.get("properties", {}), schema.get("additionalProperties", True)
        if any(name not in value for name in schema.get("required", ())):
            return False
        for name, item in value.items():
            allowed = known.get(name, extra)
            if allowed is False or (isinstance(allowed, dict) and not fits(item, allowed)):
                return False
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return False
        return all(fits(item, schema.get("items", {})) for item in value)
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if _is(value, "number"):
        return bool(
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
        )
    return True


@given(nodes)
@settings(max_examples=100, deadline=None)
def test_every_rule_on_the_wire_fits(node: AnyNode) -> None:
    assert fits(json.loads(SegmentRule(node=node).model_dump_json()), SCHEMA)


GOOD = json.loads(
    SegmentRule(
        node=node_from_short({"all": [{"tag": "a", "operator": ">", "value": 5}, {"records": "r", "window": "rolling 3 day"}]})
    ).model_dump_json()
)


def test_a_number_may_be_a_number() -> None:
    rule = json.loads(json.dumps(GOOD))
    rule["node"]["children"][0]["value"] = 5.5
    assert fits(rule, SCHEMA)
    assert SegmentRule.model_validate(rule)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["node", "kind"], "everything"),
        (["node", "children"], {}),
        (["node", "children", 0, "operator"], "=="),
        (["node", "children", 0, "tag"], 5),
        (["node", "children", 0, "column"], "x"),
        (["node", "children", 0, "value"], []),
        (["node", "children", 1, "window", "n"], 0),
        (["node", "children", 1, "window", "unit"], "fortnight"),
        (["node", "children", 1, "window", "kind"], "sliding"),
        (["node", "children", 1, "aggregate"], "median"),
        (["sql"], "select 1"),
    ],
)
def test_what_is_no_rule_is_refused_by_schema_and_nodes(path: list[str | int], value: object) -> None:
    rule = json.loads(json.dumps(GOOD))
    place = rule
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not fits(rule, SCHEMA)
    with pytest.raises(ValueError, match="validation error"):
        SegmentRule.model_validate(rule)


def test_a_node_names_its_kind() -> None:
    assert not fits({"node": {"tag": "a", "operator": "is_absent"}}, SCHEMA)
    assert fits({"node": {"kind": "tag", "tag": "a", "operator": "is_absent"}}, SCHEMA)
