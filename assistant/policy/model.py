"""The bank's policy as data: roles, grants of tags, and the lifecycle of a tag. Law: the file says what is allowed, and what it does not say is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import UserError
from assistant.policy.identity import ROLES, Operation, Owner, Purpose, Role

Layer = Literal["public", "business"]
Status = Literal["draft", "review", "online", "deprecated", "offline"]
STATUSES: tuple[Status, ...] = get_args(Status)
POLICY_FILE = "policy.yaml"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TagGrant(_Data):
    """Tags of some layers up to a security level (JR/T 0197), for some purposes. `sensitive`: also those that need a reason of their own; `lines`: of every business line, or
    only of the lines somebody answers for."""

    layers: tuple[Layer, ...] = Field(min_length=1)
    level: int = Field(ge=1, le=3)
    sensitive: bool = False
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    lines: Literal["any", "own"] = "any"


class RolePolicy(_Data):
    """What a role may. `scope`: the whole bank, or the units somebody is bound to (nothing while there is none); `ids`: how customers stand in a file it takes out."""

    scope: Literal["bank", "branches"]
    ids: Literal["whole", "masked"] = "masked"
    operations: tuple[Operation, ...]
    tags: tuple[TagGrant, ...] = ()


class Step(_Data):
    """One step of a tag's lifecycle and who takes it: the line that owns the tag, or the steward of its layer. `another_person`: not the one who took the step before."""

    before: Status
    after: Status
    by: Literal["owner", "steward"]
    another_person: bool = False


class Policy(_Data):
    """`minimum_cell`: the smallest group shown to those who may not list; `daily_counts`: how many different segments they are told of within a day; `daily_figures`: of how many sets of customers in all, those that an answer tells of beside its own among them; `remembered_days`: for how long a segment is
    held against those asked for after it; `export_approval`: the longest list that leaves for a purpose without somebody else's approval (a purpose that is not
    named: any); `stewards`: the line that answers for a layer, where it is not each tag's own."""

    minimum_cell: int = Field(ge=2, le=1000)
    daily_counts: int = Field(ge=1)
    daily_figures: int = Field(ge=1)
    remembered_days: int = Field(ge=1)
    export_approval: Mapping[Purpose, int] = Field(default_factory=dict)
    roles: Mapping[Role, RolePolicy]
    stewards: Mapping[Layer, Owner] = Field(default_factory=dict)
    lifecycle: tuple[Step, ...]

    @model_validator(mode="after")
    def _every_role(self) -> Self:
        missing = [role for role in ROLES if role not in self.roles]
        if missing:
            raise ValueError(f"roles without a policy: {missing}")
        return self


def load_policy(folder: Path) -> Policy:
    """The policy of a bank's folder. UserError `catalog_file` names the fault; without a file nobody could do anything, so its absence is one."""
    try:
        return Policy.model_validate(yaml.load((folder / POLICY_FILE).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise UserError("catalog_file", file=POLICY_FILE, fault=str(error)) from error
