"""The permission matrix: every role, tag, branch, operation and face against a table written by hand. Law: what is expected is read from the table alone, what is found from gate 1, the
policy's functions and the faces; the policy's file is never asked what to expect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Literal, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.errors import UserError
from assistant.insight import persona
from assistant.pipeline import Assistant
from assistant.policy import (
    LINES,
    OPERATIONS,
    PURPOSES,
    ROLES,
    STATUSES,
    Identity,
    Layer,
    Operation,
    Owner,
    Purpose,
    Role,
    Status,
    may,
    may_move,
    may_name,
    may_review,
    protection,
)
from assistant.rule.tree import AllOf, SegmentRule, TagCondition
from assistant.validation.validate import validate
from assistant.validation.verdict import Refusal, ValidatedRule

TABLE = "permissions.yaml"
BRANCH, OUTSIDE = "3100", "1100"
"""The unit whose customers a bound user sees, and one outside it."""
INSIDE_WORDS, OUTSIDE_WORDS, EVERYONE_WORDS = "上海分行年龄大于0岁的客户", "北京分行的客户", "年龄大于0岁的客户"
_LETTERS: Mapping[Purpose, str] = {"analysis": "A", "service": "S", "marketing": "M"}
_OWN = "catalog_owner_own"
_SHOWN = 20
Bound = Literal["bound", "unbound"]
BOUNDS: tuple[Bound, ...] = ("bound", "unbound")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExpectedStep(_Data):
    """`step`: the status before and the one after; `by`: "own" or a line."""

    step: str
    by: str
    another_person: bool = False


class ExpectedDesk(_Data):
    """`reviews`: roles that decide on generated rules; `names`: roles that decide on words of their lines' elements."""

    reviews: tuple[Role, ...]
    names: tuple[Role, ...]


class Expected(_Data):
    """The table of eval/permissions.yaml."""

    lines_of_catalog_owner: tuple[Owner, ...]
    tags: Mapping[str, Mapping[str, str]]
    only_for: Mapping[str, str]
    customers: Mapping[Role, Mapping[Bound, Literal["bound", "bank", "none"]]]
    operations: Mapping[Role, tuple[Operation, ...]]
    desk: ExpectedDesk
    reads_only: tuple[str, ...]
    tools: Mapping[str, Operation]
    steps: Mapping[Layer, tuple[ExpectedStep, ...]]

    def sees(self, role: Role, bound: Bound) -> str:
        """Whose customers a role sees: bound, bank or none."""
        return self.customers[role][bound]

    def uses(self, role: Role, tag: Tag, purpose: Purpose) -> bool:
        """Whether a role may use a tag for a purpose."""
        own = role == "catalog_owner" and tag.owner in self.lines_of_catalog_owner
        kind = f"{tag.layer[0]}{tag.security.level}{'s' if tag.security.sensitive else ''}"
        letter = _LETTERS[purpose]
        return letter in self.tags[_OWN if own else role][kind] and letter in self.only_for.get(tag.code, "ASM")

    def does(self, role: Role, bound: Bound, operation: Operation) -> bool:
        """Whether a role may do something; what concerns customers needs customers to see."""
        about_customers = operation in ("ask", "list_members", "export", "save", "share", "make_calls", "write_result")
        return operation in self.operations[role] and not (about_customers and self.sees(role, bound) == "none")


def load_expected(path: Path) -> Expected:
    """The table. UserError `case_file`."""
    try:
        return Expected.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise UserError("case_file", file=path.name, fault=str(error)) from error


class Face(Protocol):
    """One way to the bank, for users of a store by their names."""

    @property
    def name(self) -> str: ...

    def ask(self, user: str, text: str) -> str:
        """The outcome, or the code of the first issue where it is forbidden."""
        ...

    def list(self, user: str, text: str) -> frozenset[int] | str | None:
        """The customers of a request, or the code of what stands in the way; None where this face hands out no lists."""
        ...


class Tools(Protocol):
    """The tools a language model may call, for users of a store by their names."""

    @property
    def names(self) -> Sequence[str]: ...

    def calls(self, user: str, tool: str, scopes: Sequence[Operation]) -> bool:
        """Whether a tool works for somebody, with a token of some scopes."""
        ...

    def uses(self, user: str, tag: str, purpose: Purpose) -> bool:
        """Whether a rule of a tag may be used for a purpose, as the tool that validates rules says."""
        ...


class Office(Protocol):
    """What the faces need besides asking: users made, and operations of the command line tried."""

    def make(self, user: str, role: Role, branches: Sequence[str], lines: Sequence[Owner]) -> None: ...

    def tries(self, user: str, operation: Operation, scopes: Sequence[Operation]) -> bool:
        """Whether a command that needs an operation is let through with a token of some scopes."""
        ...

    def shares(self, user: str) -> bool:
        """Whether they may share a segment they saved."""
        ...

    def reviews(self, user: str, scopes: Sequence[Operation]) -> bool:
        """Whether the review queue is shown to them, with a token of some scopes."""
        ...

    def decides(self, user: str, asker: str) -> bool:
        """Whether they may reject a rule that was made for somebody."""
        ...


@dataclass(slots=True)
class Matrix:
    """How many cells were asked, by part, and every one that is not as the table says."""

    cells: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def cell(self, part: str, where: str, found: object, expected: object) -> None:
        self.cells[part] += 1
        if found != expected:
            self.differences.append(f"{part}: {where}: {_told(found)}, not {_told(expected)}")

    @property
    def first(self) -> Sequence[str]:
        """The differences that are printed."""
        return self.differences[:_SHOWN]


def identity_of(role: Role, bound: Bound, table: Expected) -> Identity:
    """Somebody of a role, bound to a unit or not."""
    return Identity(
        "somebody", role, (BRANCH,) if bound == "bound" else (), table.lines_of_catalog_owner if role == "catalog_owner" else ()
    )


def gate(table: Expected, assistant: Assistant, found: Matrix) -> None:
    """Gate 1, and what insights look at on their own account: role × branch × tag × purpose."""
    catalog, day = assistant.catalog, assistant.engine.as_of
    today = day + timedelta(days=1)
    for role, bound, purpose in product(ROLES, BOUNDS, PURPOSES):
        who = identity_of(role, bound, table)
        sees = table.sees(role, bound) != "none"
        everyone = validate(SegmentRule(node=AllOf()), catalog, who, day, today, assistant.snapshots, purpose)
        found.cell("everyone", f"{role} {bound} {purpose}", isinstance(everyone, ValidatedRule), sees)
        looked_at = {tag.code for tag in persona.usable_tags(everyone)} if isinstance(everyone, ValidatedRule) else set()
        for tag in catalog.tags.values():
            expected = sees and table.uses(role, tag, purpose)
            rule = SegmentRule(node=TagCondition(tag=tag.code, operator="is_unknown", value=None))
            verdict = validate(rule, catalog, who, day, today, assistant.snapshots, purpose)
            refused = isinstance(verdict, Refusal) and verdict.kind == "forbidden"
            found.cell("tags", f"{role} {bound} {purpose} {tag.code}", not refused, expected)
            own_account = expected and not tag.security.sensitive and tag.status == "online"
            found.cell("insights", f"{role} {bound} {purpose} {tag.code}", tag.code in looked_at, own_account)


def operations(table: Expected, catalog: TagCatalog, found: Matrix) -> None:
    """The policy's answer to role × branch × operation, by somebody and by tokens of each single scope, and the floor of small groups."""
    for role, bound in product(ROLES, BOUNDS):
        who = identity_of(role, bound, table)
        floor = 0 if table.does(role, bound, "list_members") else 20
        found.cell("floor", f"{role} {bound}", protection(catalog.policy, who).min_cell, floor)
        for operation in OPERATIONS:
            expected = table.does(role, bound, operation)
            found.cell("operations", f"{role} {bound} {operation}", may(catalog.policy, who, operation), expected)
            for scope in OPERATIONS:
                narrowed = replace(who, scopes=(scope,))
                found.cell(
                    "tokens",
                    f"{role} {bound} {operation} by {scope}",
                    may(catalog.policy, narrowed, operation),
                    expected and scope == operation,
                )


def lifecycle(table: Expected, catalog: TagCatalog, found: Matrix) -> None:
    """Every tag × step × person (each role, an owner of each line, somebody it was delegated to, and whoever took the step before)."""
    people = [Identity("somebody", role) for role in ROLES]
    people += [Identity("somebody", "catalog_owner", lines=(line,)) for line in LINES]
    for tag in catalog.tags.values():
        for who in (*people, Identity("somebody", "analyst", stewards=(tag.code,))):
            for before, after, same in product(STATUSES, STATUSES, (False, True)):
                moved = may_move(catalog.policy, who, tag.asset, before, after, "somebody" if same else "another") is None
                where = f"{who.role} {' '.join(who.lines) or ' '.join(who.stewards)} {tag.code} {before} {after} {'same' if same else 'another'}"
                found.cell("lifecycle", where, moved, _steps(table, tag, who, before, after, same))


def _steps(table: Expected, tag: Tag, who: Identity, before: Status, after: Status, same: bool) -> bool:
    step = next((one for one in table.steps[tag.layer] if one.step == f"{before} {after}"), None)
    if step is None or (step.another_person and same):
        return False
    line = tag.owner if step.by == "own" else step.by
    return line in who.lines or (tag.code in who.stewards and line == tag.owner)


def desk(table: Expected, catalog: TagCatalog, found: Matrix) -> None:
    """Every role × branch × asker at the review queue, and every element × person × asker at the words proposed for it."""
    askers = {"own": ("somebody",), "another's": ("another",), "both": ("somebody", "another")}
    for role, bound, (whose, asked) in product(ROLES, BOUNDS, askers.items()):
        who = identity_of(role, bound, table)
        expected = role in table.desk.reviews and whose != "own"
        found.cell("desk", f"review {role} {bound} {whose}", may_review(catalog.policy, who, asked) is None, expected)
        narrowed = replace(who, scopes=("ask",))
        found.cell("desk", f"review {role} {bound} {whose} by ask", may_review(catalog.policy, narrowed, asked) is None, False)
    people = [Identity("somebody", role, lines=LINES) for role in ROLES]
    people += [Identity("somebody", "catalog_owner", lines=(line,)) for line in LINES]
    for element in (*catalog.tags.values(), *catalog.records.values(), *catalog.concepts.values()):
        for who, (whose, asked) in product((*people, Identity("somebody", "analyst", stewards=(element.code,))), askers.items()):
            owns = element.code in who.stewards or (who.role in table.desk.names and element.owner in who.lines)
            where = f"name {element.code} {who.role} {' '.join(who.lines) or 'steward'} {whose}"
            found.cell("desk", where, may_name(catalog.policy, who, element.asset, asked) is None, owns and whose != "own")


def faces(table: Expected, through: Sequence[Face], office: Office, found: Matrix) -> None:
    """Every role × branch × operation × face, by users of a store: who is answered, of whom, who gets a list, who may keep and share."""
    for role in ROLES:
        office.make(f"{role}.bound", role, (BRANCH,) if table.customers[role]["unbound"] == "none" else (), _lines(role, table))
        office.make(f"{role}.unbound", role, (), _lines(role, table))
    reader = "head_office_analyst.unbound"
    inside, everybody = (_ids(through[0].list(reader, words)) for words in (INSIDE_WORDS, EVERYONE_WORDS))
    for (place, face), role, bound in product(enumerate(through, 1), ROLES, BOUNDS):
        user = f"{role}.{bound}"
        sees = table.sees(role, bound)
        if sees == "bound" and table.customers[role]["unbound"] != "none":
            sees = "bank"  # who sees the whole bank cannot be bound by a grant
        where = f"{face.name} {user}"
        found.cell("faces", f"{where} ask", face.ask(user, EVERYONE_WORDS), "answered" if sees != "none" else _refusal(table, role))
        outside = {"bank": "answered", "bound": "forbidden_branch", "none": _refusal(table, role)}[sees]
        found.cell("faces", f"{where} another branch", face.ask(user, OUTSIDE_WORDS), outside)
        listed = face.list(user, EVERYONE_WORDS)
        if listed is not None:
            may_list = table.does(role, bound, "list_members")
            whose = {"bank": everybody, "bound": inside, "none": frozenset()}[sees]
            refusal = "forbidden_list" if sees != "none" else _refusal(table, role)
            found.cell("faces", f"{where} list", listed if may_list else str(listed), whose if may_list else refusal)
        kept = face.ask(user, f"年龄大于{20 * place}岁的客户，保存为{face.name}的客群")
        keeps = _refusal(table, role) if sees == "none" else "answered" if table.does(role, bound, "save") else "forbidden_operation"
        if keeps == "answered" and face.name in table.reads_only:
            keeps = "forbidden_token"
        found.cell("faces", f"{where} save", kept, keeps)
    for role, bound in product(ROLES, BOUNDS):
        user = f"{role}.{bound}"
        found.cell("faces", f"segments {user} share", office.shares(user), table.does(role, bound, "share"))
        reviews = role in table.desk.reviews
        found.cell("faces", f"desk {user} queue", office.reviews(user, OPERATIONS), reviews)
        found.cell("faces", f"desk {user} queue by another scope", office.reviews(user, _others("approve")), False)
        found.cell("faces", f"desk {user} decides on another's", office.decides(user, _asked_by(role)), reviews)
        found.cell("faces", f"desk {user} decides on their own", office.decides(user, user), False)
        for operation in OPERATIONS:
            expected = table.does(role, bound, operation)
            found.cell("faces", f"commands {user} {operation}", office.tries(user, operation, OPERATIONS), expected)
            found.cell("faces", f"commands {user} {operation} by another scope", office.tries(user, operation, _others(operation)), False)


def tools(table: Expected, catalog: TagCatalog, through: Tools, found: Matrix) -> None:
    """Every role × branch × tool, with tokens that may and that may not, and every role × branch × tag × purpose at the tool that validates rules; by the users that `faces` made."""
    found.cell("tools", "names", sorted(through.names), sorted(table.tools))
    for role, bound in product(ROLES, BOUNDS):
        user, sees = f"{role}.{bound}", table.sees(role, bound) != "none"
        for tool, needed in table.tools.items():
            expected = table.does(role, bound, needed)
            for scopes, may_call in ((OPERATIONS, expected), ((needed,), expected), (_others(needed), False)):
                found.cell("tools", f"{user} {tool} by {' '.join(scopes)}", through.calls(user, tool, scopes), may_call)
        for tag, purpose in product(catalog.tags.values(), PURPOSES):
            expected = sees and table.uses(role, tag, purpose)
            found.cell("tools", f"{user} {tag.code} {purpose}", through.uses(user, tag.code, purpose), expected)


def run_matrix(table: Expected, assistant: Assistant, through: Sequence[Face], office: Office, called: Tools) -> Matrix:
    """Every cell there is."""
    found = Matrix()
    gate(table, assistant, found)
    operations(table, assistant.catalog, found)
    lifecycle(table, assistant.catalog, found)
    desk(table, assistant.catalog, found)
    faces(table, through, office, found)
    tools(table, assistant.catalog, called, found)
    return found


def _told(value: object) -> object:
    """A cell in words: of a list how many customers."""
    return f"{len(value)} customers" if isinstance(value, frozenset) else value


def _refusal(table: Expected, role: Role) -> str:
    return "forbidden_no_unit" if "ask" in table.operations[role] else "forbidden_operation"


def _asked_by(role: Role) -> str:
    """Somebody else whose requests were answered."""
    return f"{'head_office_analyst' if role != 'head_office_analyst' else 'analyst'}.unbound"


def _lines(role: Role, table: Expected) -> tuple[Owner, ...]:
    return table.lines_of_catalog_owner if role == "catalog_owner" else ()


def _others(operation: Operation) -> tuple[Operation, ...]:
    return tuple(one for one in OPERATIONS if one != operation)


def _ids(listed: frozenset[int] | str | None) -> frozenset[int]:
    assert isinstance(listed, frozenset), "the reader may list"
    return listed
