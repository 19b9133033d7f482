"""What is wrong with the shape of what a program sent, said as any other error is: in both languages, by the name of the field and what to send instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.errors import UserError

_CODES: Mapping[str, str] = {
    "missing": "body_missing", "extra_forbidden": "body_extra", "json_invalid": "body_json", "literal_error": "body_choice", "enum": "body_choice",
}  # fmt: skip
"""pydantic's error types (https://docs.pydantic.dev/latest/errors/validation_errors/) that have words of their own; every other is `body_unfit`."""
_WHERE = ("body", "query", "path", "header")


def unfit(errors: Sequence[Mapping[str, object]]) -> UserError:
    """The first of pydantic's errors as a UserError: `body_missing`, `body_extra`, `body_json`, `body_choice` or `body_unfit`."""
    first = errors[0] if errors else {}
    location = first.get("loc", ())
    parts = [str(part) for part in location] if isinstance(location, Sequence) else []
    place = ".".join(parts[1:] if parts and parts[0] in _WHERE else parts) or "body"
    code = _CODES.get(str(first.get("type", "")), "body_unfit")
    context = first.get("ctx", {})
    expected = str(context.get("expected", "")) if isinstance(context, Mapping) else ""
    return UserError(code, place=place, choices=expected.replace("'", "").replace(" or ", ", "))
