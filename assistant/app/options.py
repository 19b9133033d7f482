"""What the commands have in common: languages, roles, JSON. Law: words of the command line only; no decision."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from assistant.catalog.model import Language
from assistant.policy import Role
from assistant.rule.canonical import Json
from assistant.settings import load_settings


class Tongue(StrEnum):
    zh = "zh"
    en = "en"


class Who(StrEnum):
    branch_manager = "branch_manager"
    head_office_manager = "head_office_manager"
    head_office_analyst = "head_office_analyst"
    analyst = "analyst"
    catalog_owner = "catalog_owner"
    administrator = "administrator"


_ROLES: dict[Who, Role] = {
    Who.branch_manager: "branch_manager",
    Who.head_office_manager: "head_office_manager",
    Who.head_office_analyst: "head_office_analyst",
    Who.analyst: "analyst",
    Who.catalog_owner: "catalog_owner",
    Who.administrator: "administrator",
}
_LANGUAGES: dict[Tongue, Language] = {Tongue.zh: "zh", Tongue.en: "en"}

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Lang = Annotated[Tongue | None, typer.Option("--lang", help="Language of the answer (default: that of the request).", show_default=False)]


def role_of(said: Who | None) -> Role | None:
    """The role an option names."""
    return None if said is None else _ROLES[said]


def tongue_or_none(lang: Tongue | None) -> Language | None:
    """The language an option names."""
    return None if lang is None else _LANGUAGES[lang]


def tongue(lang: Tongue | None) -> Language:
    """The language an option names, else that of the settings."""
    return tongue_or_none(lang) or load_settings().language


def dump(value: Json, indent: int | None = None) -> str:
    """One JSON value as people can read it."""
    return json.dumps(value, ensure_ascii=False, indent=indent)
