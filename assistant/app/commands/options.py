"""What the commands have in common: languages, roles, JSON. Law: words of the command line only; no decision."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.app.identity import open_desk
from assistant.catalog.model import Language
from assistant.pipeline import Assistant
from assistant.policy import Role
from assistant.rule.canonical import Json
from assistant.settings import Settings, load_settings
from assistant.store.open import Store, open_store


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

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", show_default=False)]
RoleOption = Annotated[
    Who | None, typer.Option("--role", help="Who asks, where no users have been set up (default: head_office_analyst).", show_default=False)
]
Database = Annotated[Path | None, typer.Option("--database", help="The bank file (default: that of the settings).", show_default=False)]
Branches = Annotated[list[str] | None, typer.Option("--branch", help="Bind the answer to this unit (code or name); may be repeated.")]
SegmentName = Annotated[str, typer.Argument(help="Name or id of a saved segment.")]


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


def day_of(said: datetime | None) -> date | None:
    """The day an option names."""
    return None if said is None else said.date()


def settings_of(database: Path | None) -> Settings:
    """The settings in force, with another bank file where an option names one."""
    settings = load_settings()
    return settings if database is None else settings.model_copy(update={"database": database})


def desk_of(database: Path | None, role: Who | None = None, branches: Sequence[str] | None = None) -> tuple[Assistant, Store]:
    """The assistant as whoever runs the command sees it, and its store."""
    settings = settings_of(database)
    store = open_store(settings.store_url)
    return open_desk(settings, store, role_of(role), branches or ()).bearing(), store


def with_bar(work: Callable[[Callable[[str, float], None]], object]) -> None:
    """Run something that tells its share done, with a progress bar on standard error."""
    with typer.progressbar(length=1000, file=sys.stderr) as bar:

        def tell(step: str, share: float) -> None:
            del step
            bar.update(max(0, int(share * 1000) - bar.pos))

        work(tell)
