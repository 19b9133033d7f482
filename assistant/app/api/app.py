"""`/api/v1` over a desk. Law: it asks as whoever the token speaks for at that moment, says what every face says, and hands out no customer the audit has not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.app.api.bodies import AskBody, ValidateBody
from assistant.app.api.calls import add_calls
from assistant.app.api.desk import desk_routes
from assistant.app.api.rate import Rate, within
from assistant.app.api.unfit import unfit
from assistant.app.elements import element_json, search_json
from assistant.app.identity import Desk, bearer
from assistant.app.kept import segment_json
from assistant.app.replayed import answer_to
from assistant.app.rim import logged
from assistant.app.segments import asked_of, segment_named, shown_json
from assistant.app.shown import both
from assistant.app.templates import strategies_json
from assistant.app.view import as_json, error_json
from assistant.errors import AssistantError, Fault, UserError
from assistant.pipeline import Assistant, HandOver, Outcome, Record
from assistant.policy import Purpose
from assistant.rule.canonical import Json
from assistant.rule.tree import SegmentRule

ROOT = "/api/v1"
MOST_BYTES = 1_000_000
MOST_PAGE = 1000
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
_STATUS: Mapping[Outcome, int] = {"answered": 200, "choice": 200, "inexpressible": 422, "forbidden": 403, "fault": 500}
_CODES: Mapping[str, int] = {
    "sign_in_needed": 401, "bearer_needed": 401, "token_refused": 401, "segment_not_found": 404, "segment_name_twice": 409, "calls_not_found": 404, "calls_name_twice": 409, "call_item_unknown": 404,
     "element_unknown": 404,
    "rate_limited": 429, "desk_unknown": 404, "alias_unknown": 404, "feedback_unknown": 404, "desk_decided": 409, "alias_decided": 409,
}  # fmt: skip
"""What is not here is 403 for what the policy forbids, 422 for what the caller can mend, and 500 for a fault."""
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def build_api(desk: Desk, a_minute: int, public: bool = False, clock: Callable[[], float] = time.monotonic) -> FastAPI:
    """The application. `a_minute`: requests each user may make; `public`: it is asked by other names than those of this machine."""
    api = FastAPI(
        title="Segment Assistant", version="1", openapi_url=f"{ROOT}/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False
    )
    api.add_middleware(_Bounded)
    if not public:
        api.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, "testserver"])
    asks, fails = Rate(a_minute, clock), Rate(a_minute, clock)

    def asker(request: Request, given: _Bearer) -> Assistant:
        """Whoever asks, as they stand now. Wrong tokens count against the address they come from."""
        peer = "" if request.client is None else request.client.host
        within(fails.wait(peer, cost=0))
        if not desk.signing_in:
            found = desk.today()
        else:
            if given is None:
                raise UserError("bearer_needed")
            try:
                found = desk.seen_by(bearer(desk.store, SecretStr(given.credentials)))
            except UserError:
                fails.wait(peer)
                raise
        within(asks.wait(found.identity.user))
        return found

    asking = Depends(asker)
    _outcomes(api)

    @api.post(f"{ROOT}/ask", summary="Answer a request")
    def ask(body: AskBody, assistant: Assistant = asking) -> JSONResponse:
        answer = answer_to(body, assistant)
        return JSONResponse(as_json(answer), _STATUS[answer.outcome])

    @api.post(f"{ROOT}/validate", summary="Whether a rule may be used, and how it reads; nothing is counted")
    def validate(body: ValidateBody, assistant: Assistant = asking) -> JSONResponse:
        answer = assistant.check(SegmentRule(node=body.node), body.purpose, body.as_of)
        return JSONResponse(as_json(answer), _STATUS[answer.outcome])

    @api.get(f"{ROOT}/segments", summary="The saved segments you may read")
    def segments(assistant: Assistant = asking) -> JSONResponse:
        assistant.allow("ask")
        found: list[Json] = [segment_json(one) for one in assistant.kept.library(assistant.identity.user).active]
        return JSONResponse({"segments": found})

    @api.get(f"{ROOT}/segments/{{name}}", summary="A saved segment with its versions and counts")
    def segment(name: Annotated[str, Path(max_length=200)], assistant: Assistant = asking) -> JSONResponse:
        assistant.allow("ask")
        library = assistant.kept.library(assistant.identity.user)
        return JSONResponse(shown_json(segment_named(library, name, archived=True), assistant, desk.store))

    @api.get(f"{ROOT}/segments/{{name}}/members", summary="A page of a saved segment's customers for a purpose, less those it leaves out")
    def members(
        name: Annotated[str, Path(max_length=200)],
        purpose: Purpose,
        assistant: Assistant = asking,
        channel: Annotated[tuple[str, ...], Query(max_length=10)] = (),
        offset: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_PAGE)] = 100,
    ) -> JSONResponse:
        asked = asked_of(segment_named(assistant.kept.library(assistant.identity.user), name))

        def page(found: HandOver, record: Record) -> dict[str, Json]:
            ids = found.ids[offset : offset + limit]
            record(f"page {offset}+{len(ids)} of {len(found.ids)}", last=offset + len(ids) >= len(found.ids))
            return _page(found, ids, offset)

        handed = assistant.hand_over(asked.rule, purpose, page, said=asked.said, segment=asked.segment, channels=channel)
        return JSONResponse({"segment": asked.segment, **handed})

    @api.get(f"{ROOT}/tags", summary="Elements of the catalog by words, in either language or pinyin")
    def tags(
        words: Annotated[str, Query(min_length=1, max_length=200)],
        assistant: Assistant = asking,
        limit: Annotated[int, Query(ge=1, le=200)] = 20,
    ) -> JSONResponse:
        assistant.allow("ask")
        return JSONResponse({"tags": search_json(words, limit, assistant.catalog)})

    @api.get(f"{ROOT}/tags/{{code}}", summary="One element of the catalog by its code")
    def tag(code: Annotated[str, Path(max_length=100)], assistant: Assistant = asking) -> JSONResponse:
        assistant.allow("ask")
        return JSONResponse(element_json(code, assistant.catalog))

    @api.get(f"{ROOT}/strategies", summary="The strategy templates")
    def strategies(assistant: Assistant = asking) -> JSONResponse:
        assistant.allow("ask")
        return JSONResponse({"strategies": strategies_json(assistant.catalog)})

    api.include_router(desk_routes(desk, asker), prefix=ROOT)
    add_calls(api, ROOT, asking)
    return api


class _Bounded:
    """Refuses a body before a byte of it is read, unless it says how long it is and that is not too long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" and scope["method"] != "GET" else "0"
        if length.isascii() and length.isdecimal() and len(length) < 10 and int(length) <= MOST_BYTES:
            await self._app(scope, receive, send)
        else:
            await JSONResponse(error_json(UserError("body_too_large", limit=MOST_BYTES)), 413)(scope, receive, send)


def _page(found: HandOver, ids: tuple[str, ...], offset: int) -> dict[str, Json]:
    """One page of a list, and whom it is of."""
    reach = found.reach
    left_out: list[Json] = [
        {"code": one.code, "name": both(one.name.get), "count": reach.lost(place)} for place, one in enumerate(reach.reasons)
    ]
    return {
        "as_of": found.rule.as_of.isoformat(),
        "purpose": found.rule.purpose,
        "selected": reach.selected,
        "left_out": left_out,
        "total": len(found.ids),
        "offset": offset,
        "ids": list(ids),
        "masked": found.masked,
    }


def _outcomes(api: FastAPI) -> None:
    """Whatever goes wrong in the one shape, with its status."""

    async def told(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, AssistantError):
            error = Fault("internal", reference=logged())
        forbidden = 403 if error.code.startswith("forbidden_") else 422
        status = _CODES.get(error.code, 500 if isinstance(error, Fault) else forbidden)
        headers = (
            {"Retry-After": str(error.params["seconds"])} if status == 429 else {"WWW-Authenticate": "Bearer"} if status == 401 else None
        )
        return JSONResponse(error_json(error), status, headers)

    async def misshapen(request: Request, error: Exception) -> JSONResponse:
        return await told(request, unfit(error.errors() if isinstance(error, RequestValidationError) else ()))

    async def nowhere(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 404
        unread = UserError("body_json")
        return JSONResponse(error_json(unread if status == 400 else UserError("not_found", path=request.url.path[:200])), status)

    api.add_exception_handler(AssistantError, told)
    api.add_exception_handler(RequestValidationError, misshapen)
    api.add_exception_handler(HTTPException, nowhere)
    api.add_exception_handler(Exception, told)
