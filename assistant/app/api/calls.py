"""Call lists at `/api/v1/calls`. Law: as on every face: the asker's own customers, masked, what is written is in the audit first."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query
from fastapi.responses import JSONResponse

from assistant.app.api.bodies import CallsBody, ResultBody
from assistant.app.calling import calls_json, list_json
from assistant.app.segments import asked_by
from assistant.errors import UserError
from assistant.pipeline import AskedCalls, Assistant
from assistant.rule.canonical import Json

Name = Annotated[str, Path(max_length=200)]


def add_calls(api: FastAPI, root: str, asking: Any) -> None:
    """The routes of call lists. `asking`: the dependency that gives the Assistant of whoever asks."""

    @api.get(f"{root}/calls", summary="Your call lists")
    def lists(assistant: Assistant = asking) -> JSONResponse:
        found: list[Json] = [list_json(one) for one in assistant.call_lists()]
        return JSONResponse({"calls": found})

    @api.post(f"{root}/calls", summary="Make a call list of a saved segment or a rule, less those its purpose leaves out")
    def make(body: CallsBody, assistant: Assistant = asking) -> JSONResponse:
        asked = asked_by(assistant.kept.library(assistant.identity.user), body.segment, body.node, body.name or "api")
        purpose = body.purpose or assistant.calls_purpose(asked.rule)
        if purpose is None:
            raise UserError("calls_purpose")
        found = assistant.make_calls(asked.rule, purpose, AskedCalls(asked.said, body.name, asked.segment, body.most))
        return JSONResponse(calls_json(found, assistant.catalog))

    @api.get(f"{root}/calls/{{name}}", summary="A call list with its items, of one run or all")
    def show(name: Name, assistant: Assistant = asking, run: Annotated[int | None, Query(ge=1)] = None) -> JSONResponse:
        return JSONResponse(calls_json(assistant.show_calls(name, run), assistant.catalog))

    @api.post(f"{root}/calls/{{name}}/new", summary="The list made once more: only those who were never on it")
    def again(name: Name, assistant: Assistant = asking) -> JSONResponse:
        return JSONResponse(calls_json(assistant.make_calls_again(name), assistant.catalog))

    @api.post(f"{root}/calls/{{name}}/items/{{item}}/result", summary="What came of a call")
    def result(name: Name, item: Annotated[int, Path(ge=1)], body: ResultBody, assistant: Assistant = asking) -> JSONResponse:
        assistant.write_call_result(name, item, body.result)
        return JSONResponse({"item": item, "result": body.result})
