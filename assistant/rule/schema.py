"""The JSON schema of a rule, for models and for whoever writes rules by program. Law: derived from the nodes, never written beside them."""

from __future__ import annotations

from assistant.rule.canonical import Json
from assistant.rule.tree import SegmentRule

_PARAMETERS: dict[str, Json] = {"type": "object", "additionalProperties": {"type": ["number", "string"]}, "default": {}}


def json_schema() -> dict[str, Json]:
    """The schema (draft 2020-12) of a SegmentRule as it is written on the wire: `kind` always named, a concept's parameters a mapping.

    What a schema cannot say (which value an operator takes, the order of a range's ends) pydantic still checks.
    """
    schema: dict[str, Json] = SegmentRule.model_json_schema(mode="validation")
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    for definition in definitions.values():
        assert isinstance(definition, dict)
        properties, required = definition["properties"], definition.setdefault("required", [])
        assert isinstance(properties, dict)
        assert isinstance(required, list)
        if "kind" in properties:
            required.append("kind")
        if "parameters" in properties:
            properties["parameters"] = _PARAMETERS
    return schema
