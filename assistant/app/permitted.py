"""The faces as the permission matrix asks them: Python, command line, batch, page and the tools of MCP, each by users of a store in memory. Law: a face is used as people use it, with a token or a name that
signed in; no identity is made here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pydantic import SecretStr

from assistant.app.batch import answered
from assistant.app.desk.deciding import reject
from assistant.app.desk.queue import open_review
from assistant.app.identity import CONSOLE, Desk, operator
from assistant.app.mcp.tools import TOOLS
from assistant.app.rim import ask
from assistant.app.session import Bank
from assistant.app.ui.session import Session
from assistant.errors import UserError
from assistant.evaluate.permissions import EVERYONE_WORDS, Face
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer
from assistant.policy import OPERATIONS, Operation, Owner, Purpose, Role
from assistant.rule.canonical import Json
from assistant.store.change import Share
from assistant.store.review import STATES

_ARGUMENTS: Mapping[str, Mapping[str, Json]] = {
    "ask": {"text": EVERYONE_WORDS},
    "validate_rule": {"node": {"kind": "all", "children": []}},
    "explain_count": {"text": EVERYONE_WORDS},
    "list_segments": {},
    "read_segment": {"name": "python的客群"},
    "find_tags": {"words": "年龄"},
    "read_tag": {"code": "age"},
    "list_strategies": {},
}
"""What each tool is called with; the segment is one that the matrix has saved, for whoever may."""


@dataclass(frozen=True)
class People:
    """The users of the matrix and their tokens, at a desk over the bank."""

    desk: Desk

    def make(self, user: str, role: Role, branches: Sequence[str], lines: Sequence[Owner]) -> None:
        users = self.desk.store.users
        users.add(user, role, "", CONSOLE)
        for branch in branches:
            users.grant(user, "branch", branch, None, CONSOLE)
        for line in lines:
            users.grant(user, "line", line, None, CONSOLE)

    def holding(self, user: str, scopes: Sequence[Operation] = OPERATIONS) -> Desk:
        """The desk with a token of a user in the settings."""
        _, token = self.desk.store.users.issue(user, scopes, timedelta(days=1), CONSOLE)
        return replace(self.desk, token=SecretStr(token))

    def tries(self, user: str, operation: Operation, scopes: Sequence[Operation]) -> bool:
        desk = self.holding(user, scopes)
        try:
            return operator(desk.assistant.catalog.policy, desk.store, desk.token, operation) == user
        except UserError:
            return False

    def shares(self, user: str) -> bool:
        assistant = self.desk.of(user)
        mine = self.desk.store.library(user).active
        try:
            assistant.change_segment(Share(mine[0].id if mine else "none"), "share")
        except UserError as error:
            return not error.code.startswith("forbidden_")
        return True

    def reviews(self, user: str, scopes: Sequence[Operation]) -> bool:
        desk = self.holding(user, scopes)
        try:
            return bool(open_review(desk, desk.bearing()).items(STATES))
        except UserError:
            return False

    def decides(self, user: str, asker: str) -> bool:
        """A rule that only the asker has come to is put in the queue, and rejected."""
        text = f"年龄大于{20 + len(self.desk.store.reviews.seen())}岁的客户"
        ask(self.desk.of(asker), text, Conversation(), language="zh")
        found = next(
            (one for one in self.desk.store.reviews.turns([one.seq for one in self.desk.store.reviews.seen()[-1:]]) if one.user == asker),
            None,
        )
        desk = open_review(self.desk, self.desk.of(user))
        try:
            reject(desk, desk.item("none" if found is None else found.understood.pair), "x")
        except UserError:
            return False
        return True


@dataclass(frozen=True)
class PythonFace:
    people: People
    name: str = "python"

    def ask(self, user: str, text: str) -> str:
        return _told(Bank(self.people.holding(user).bearing, "zh").ask(text).answer)

    def list(self, user: str, text: str) -> frozenset[int] | str | None:
        reply = Bank(self.people.holding(user).bearing, "zh").ask(text)
        try:
            return frozenset(reply.members()) if reply.outcome == "answered" else _told(reply.answer)
        except UserError as error:
            return error.code


@dataclass(frozen=True)
class CommandFace:
    people: People
    name: str = "command"

    def ask(self, user: str, text: str) -> str:
        return _told(ask(self.people.holding(user).bearing(), text, Conversation(), language="zh")[0])

    def list(self, user: str, text: str) -> frozenset[int] | str | None:
        """What `--batch --members` gives for the line."""
        line = json.dumps({"text": text, "lang": "zh"}, ensure_ascii=False)
        try:
            (found,) = answered(self.people.holding(user).bearing(), iter([line]), members=True)
        except UserError as error:
            return error.code
        members, issues = found["members"], found["issues"]
        if isinstance(members, list):
            return frozenset(int(str(one)) for one in members)
        return _first(issues)


@dataclass(frozen=True)
class PageFace:
    people: People
    name: str = "page"

    def ask(self, user: str, text: str) -> str:
        assistant = self.people.desk.of(user)
        session = Session(language="zh", fixed=True).of(assistant.identity.user).say(assistant, text)
        return "" if session.last is None else _told(session.last)

    def list(self, user: str, text: str) -> frozenset[int] | str | None:
        """The page hands out no lists; to ask after one customer is to list."""
        return None


@dataclass(frozen=True)
class ToolFace:
    """The tools of MCP: called by somebody who holds a token, as they stand at each call."""

    people: People
    name: str = "mcp"
    desks: dict[tuple[str, tuple[Operation, ...]], Desk] = field(default_factory=dict)

    @property
    def names(self) -> Sequence[str]:
        return tuple(TOOLS)

    def ask(self, user: str, text: str) -> str:
        return self._told(user, "ask", {"text": text, "language": "zh"})

    def list(self, user: str, text: str) -> frozenset[int] | str | None:
        """No tool hands out a list."""
        return None

    def calls(self, user: str, tool: str, scopes: Sequence[Operation]) -> bool:
        return not self._told(user, tool, _ARGUMENTS[tool], scopes).startswith("forbidden")

    def uses(self, user: str, tag: str, purpose: Purpose) -> bool:
        node: Json = {"kind": "tag", "tag": tag, "operator": "is_unknown", "value": None}
        return not self._told(user, "validate_rule", {"node": node, "purpose": purpose}).startswith("forbidden")

    def _told(self, user: str, tool: str, arguments: Mapping[str, Json], scopes: Sequence[Operation] = OPERATIONS) -> str:
        """The outcome of a call, or the code of what forbids it. UserError for any other reason but that the segment is none of theirs: a call that cannot work shows nothing."""
        key = (user, tuple(scopes))
        desk = self.desks.get(key) or self.desks.setdefault(key, self.people.holding(user, scopes))
        try:
            found = TOOLS[tool].call(arguments, desk.bearing(), desk.store)
        except UserError as error:
            if error.code.startswith("forbidden") or error.code == "segment_not_found":
                return error.code
            raise
        return _first(found["issues"]) if found.get("outcome") == "forbidden" else str(found.get("outcome"))


def open_faces(desk: Desk) -> tuple[People, tuple[Face, ...], ToolFace]:
    """The users' office, the faces over one desk, and the one of them that has tools."""
    people = People(desk)
    tools = ToolFace(people)
    return people, (PythonFace(people), CommandFace(people), PageFace(people), tools), tools


def _told(answer: Answer) -> str:
    return answer.issues[0].code if answer.outcome == "forbidden" else answer.outcome


def _first(issues: object) -> str:
    return str(issues[0]["code"]) if isinstance(issues, list) and issues and isinstance(issues[0], dict) else ""
