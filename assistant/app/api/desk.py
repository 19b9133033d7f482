"""The analyst's desk of `/api/v1`: feedback on answers, the review queue, words proposed, the flywheel. Law: as the rest of the API, and what is corrected is shown whether or not it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from assistant.app.api.bodies import CorrectBody, FeedbackBody, ReasonBody
from assistant.app.desk.deciding import approve, correct, reject, tried
from assistant.app.desk.flywheel import flywheel, flywheel_json
from assistant.app.desk.naming import accept, decline, proposal, proposals
from assistant.app.desk.queue import MOST_SHOWN, open_review
from assistant.app.desk.shown import decision_json, item_json, proposal_json
from assistant.app.identity import Desk
from assistant.app.view import as_json
from assistant.pipeline import Assistant
from assistant.rule.canonical import Json
from assistant.store.review import WAYS, State, Way

_Id = Annotated[str, Path(max_length=80)]


def desk_routes(desk: Desk, asker: Callable[..., Assistant]) -> APIRouter:
    """The routes; `asker`: who asks, resolved for each request."""
    routes = APIRouter()
    asking = Depends(asker)

    @routes.post("/feedback", summary="Say of an answer you were given whether it was understood rightly")
    def feedback(body: FeedbackBody, assistant: Assistant = asking) -> JSONResponse:
        assistant.allow("ask")
        said = desk.store.reviews.say(assistant.identity.user, body.reference, body.verdict, body.reason)
        return JSONResponse({"verdict": said.verdict, "at": said.at})

    @routes.get("/desk/items", summary="The review queue: requests with the rules made of them")
    def items(
        assistant: Assistant = asking,
        state: Annotated[tuple[State, ...], Query(max_length=4)] = ("waiting",),
        way: Annotated[tuple[Way, ...], Query(max_length=7)] = WAYS,
        limit: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = 50,
    ) -> JSONResponse:
        at = open_review(desk, assistant)
        found: list[Json] = [item_json(one, at) for one in at.items(state, way, limit)]
        return JSONResponse({"items": found})

    @routes.get("/desk/items/{item}", summary="One item of the review queue")
    def one(item: _Id, assistant: Assistant = asking) -> JSONResponse:
        at = open_review(desk, assistant)
        return JSONResponse(item_json(at.item(item), at))

    @routes.post("/desk/items/{item}/approve", summary="The rule is right: the same request is read so from now on")
    def approved(item: _Id, assistant: Assistant = asking) -> JSONResponse:
        at = open_review(desk, assistant)
        return JSONResponse(decision_json(approve(at, at.item(item)), at))

    @routes.post("/desk/items/{item}/reject", summary="The rule is not what the request says")
    def rejected(item: _Id, body: ReasonBody, assistant: Assistant = asking) -> JSONResponse:
        at = open_review(desk, assistant)
        return JSONResponse(decision_json(reject(at, at.item(item), body.reason), at))

    @routes.post("/desk/items/{item}/correct", summary="What a correction comes to, and, when asked to, keep it")
    def corrected(item: _Id, body: CorrectBody, assistant: Assistant = asking) -> JSONResponse:
        at = open_review(desk, assistant)
        found = at.item(item)
        answer = tried(at, found, body.text, edit=body.edit, choices=body.choices, language=body.language)
        kept = correct(at, found, answer, body.reason) if body.keep else None
        return JSONResponse({"answer": as_json(answer), "decision": None if kept is None else decision_json(kept, at)})

    @routes.get("/desk/proposals", summary="Words nobody knew, proposed to the owners of what they seem to mean")
    def words(assistant: Assistant = asking) -> JSONResponse:
        at = open_review(desk, assistant)
        found: list[Json] = [proposal_json(one, assistant.catalog) for one in proposals(at)]
        return JSONResponse({"proposals": found})

    @routes.post("/desk/proposals/{word}/accept", summary="A word becomes a name of its element")
    def accepted(word: _Id, assistant: Assistant = asking) -> JSONResponse:
        at = open_review(desk, assistant)
        accept(at, proposal(at, word))
        return JSONResponse(proposal_json(proposal(at, word), assistant.catalog))

    @routes.post("/desk/proposals/{word}/decline", summary="A word is no name of its element")
    def declined(word: _Id, body: ReasonBody, assistant: Assistant = asking) -> JSONResponse:
        at = open_review(desk, assistant)
        decline(at, proposal(at, word), body.reason)
        return JSONResponse(proposal_json(proposal(at, word), assistant.catalog))

    @routes.get("/desk/flywheel", summary="Requests by week, by how they were understood and what the review came to")
    def turned(assistant: Assistant = asking) -> JSONResponse:
        return JSONResponse({"weeks": flywheel_json(flywheel(open_review(desk, assistant)))})

    return routes
