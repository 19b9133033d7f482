"""The lifecycle of tags on the command line: how they stand, who uses one, and the next step. Law: who may take a step is the policy's to say, and whoever takes a tag out of use is shown
what stops before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from assistant.app.identity import CONSOLE, bearer, operator, stood_catalog
from assistant.app.options import AsJson, Lang, dump, tongue
from assistant.catalog.examples import Example, load_examples
from assistant.catalog.impact import Impact, impact
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language, Tag
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.policy import LINES, STATUSES, Identity, Status, may_move
from assistant.rule.canonical import Json
from assistant.rule.tree import AnyNode
from assistant.settings import Settings, load_settings
from assistant.store.open import Store, open_store
from assistant.store.tag_moves import Move

tags = typer.Typer(no_args_is_help=True, help="Lifecycle of tags · 标签生命周期")
Code = Annotated[str, typer.Argument(help="Code of a tag.")]
OUT_OF_USE: frozenset[Status] = frozenset({"deprecated", "offline"})


class Standing(StrEnum):
    draft = "draft"
    review = "review"
    online = "online"
    deprecated = "deprecated"
    offline = "offline"


@dataclass(frozen=True)
class Shelf:
    """The catalog as it stands, with the store its steps are kept in and the verified examples of the bank."""

    store: Store
    catalog: TagCatalog
    examples: tuple[Example, ...] = ()

    def tag(self, code: str) -> Tag:
        """A tag by code. UserError `element_unknown`."""
        found = self.catalog.tags.get(code)
        if found is None:
            raise UserError("element_unknown", element=code, nearest=("-",))
        return found

    def impact(self, code: str) -> Impact:
        """What uses a tag. Of segments that their owners do not share only the owner is told."""
        library = self.store.segments.everyones()
        named: dict[str, AnyNode] = {}
        for number, one in enumerate(library.segments, 1):
            named[f"{one.name} ({one.owner})" if one.shared else f"#{number} ({one.owner})"] = library.resolve(one.current.node)
        return impact(self.tag(code).code, self.catalog, self.examples, named)

    def check(self, who: Identity, code: str, after: Status, reason: str, replacement: str) -> Tag:
        """The tag, where nothing stands in the way of a step. UserError with what does, `tag_reason_missing`, `tag_replacement_unfit`."""
        tag = self.tag(code)
        last = self.store.tag_moves.latest().get(code)
        denial = may_move(self.catalog.policy, who, tag.asset, tag.status, after, "" if last is None else last.by)
        if denial is not None:
            raise UserError(denial.code, **dict(denial.params))
        if after in OUT_OF_USE and not reason.strip():
            raise UserError("tag_reason_missing", tag=code)
        other = self.catalog.tags.get(replacement)
        if replacement and (other is None or other.code == code or other.status != "online"):
            raise UserError("tag_replacement_unfit", tag=code, replacement=replacement[:80])
        return tag

    def move(self, who: Identity, code: str, after: Status, reason: str, replacement: str) -> Move:
        """Take a step. UserError as of `check`, or `tag_moved`."""
        tag = self.check(who, code, after, reason, replacement)
        kept = (replacement, reason.strip()) if after in OUT_OF_USE else ("", "")
        move = Move(code, tag.status, after, *kept, who.user)
        self.store.tag_moves.take(move)
        return move


def open_shelf(settings: Settings, store: Store) -> Shelf:
    """The tags of the settings as they stand in a store."""
    return Shelf(store, stood_catalog(TagCatalog.load(settings.catalog), store), load_examples(settings.catalog))


def whoever(settings: Settings, store: Store) -> Identity:
    """Who runs a command: the console, for every line, while there are no users. UserError `token_needed`, `token_refused`."""
    return bearer(store, settings.token) if store.users.any() else Identity(CONSOLE, "catalog_owner", lines=LINES)


def _shelf() -> tuple[Shelf, Settings]:
    settings = load_settings()
    return open_shelf(settings, open_store(settings.store_url)), settings


@tags.command("list")
def tags_list(
    status: Annotated[Standing | None, typer.Option("--status", help="Only those that stand there.", show_default=False)] = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
) -> None:
    """How the tags stand: 标签状态."""
    (shelf, _), language = _shelf(), tongue(lang)
    found = [tag for tag in shelf.catalog.tags.values() if status is None or tag.status == status.value]
    if as_json_object:
        typer.echo(dump([_tag_json(tag) for tag in found], indent=2))
    else:
        typer.echo("\n".join(_tag_line(tag, language) for tag in found) or message(language, "lifecycle.none"))


@tags.command("impact")
def tags_impact(code: Code, as_json_object: AsJson = False, lang: Lang = None) -> None:
    """What uses a tag: 影响范围."""
    shelf, settings = _shelf()
    operator(shelf.catalog.policy, shelf.store, settings.token, "ask")
    found = shelf.impact(code)
    typer.echo(dump(impact_json(found), indent=2) if as_json_object else impact_text(found, shelf.tag(code), tongue(lang)))


@tags.command("move")
def tags_move(
    code: Code,
    to: Annotated[Standing, typer.Argument(help="Where it stands from now on.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; shown to whoever uses it.")] = "",
    replacement: Annotated[str, typer.Option("--replacement", help="The tag to use instead (code).")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    lang: Lang = None,
) -> None:
    """Take the next step of a tag's lifecycle; taking it out of use shows first what stops: 改动标签状态."""
    (shelf, settings), language = _shelf(), tongue(lang)
    after = next(one for one in STATUSES if one == to.value)
    who = whoever(settings, shelf.store)
    shelf.check(who, code, after, reason, replacement)
    if after in OUT_OF_USE:
        typer.echo(impact_text(shelf.impact(code), shelf.tag(code), language))
        if not yes:
            typer.confirm(message(language, "lifecycle.sure"), abort=True, err=True)
    move = shelf.move(who, code, after, reason, replacement)
    typer.echo(moved_text(move, shelf.tag(code), language))


def moved_text(move: Move, tag: Tag, language: Language) -> str:
    """A step in words."""
    said = {
        "tag": tag.name.get(language),
        "before": message(language, f"status.{move.before}"),
        "after": message(language, f"status.{move.after}"),
    }
    return message(language, "lifecycle.moved", said)


def impact_text(found: Impact, tag: Tag, language: Language) -> str:
    """What uses a tag, one line a kind."""
    name = {"tag": tag.name.get(language)}
    lines = [message(language, "lifecycle.impact" if found.uses else "lifecycle.no_impact", {**name, "n": str(found.uses)})]
    join = message(language, "readback.list_join")
    for kind, names in _parts(found).items():
        if names:
            lines.append(message(language, f"lifecycle.{kind}", {"n": str(len(names)), "names": join.join(names)}))
    return "\n".join(lines)


def impact_json(found: Impact) -> Json:
    """The same as one object."""
    return {kind: list(names) for kind, names in _parts(found).items()}


def _parts(found: Impact) -> Mapping[str, tuple[str, ...]]:
    return {
        "segments": found.named, "strategies": found.strategies, "concepts": found.concepts, "tags": found.tags, "records": found.records,
        "examples": found.examples, "words": found.words,
    }  # fmt: skip


def _tag_line(tag: Tag, language: Language) -> str:
    said = {
        "code": tag.code,
        "tag": tag.name.get(language),
        "status": message(language, f"status.{tag.status}"),
        "owner": message(language, f"line.{tag.owner}"),
    }
    return message(language, "lifecycle.line", {**said, "layer": message(language, f"layer.{tag.layer}")})


def _tag_json(tag: Tag) -> Json:
    reason: Json = None if tag.status_reason is None else {"zh": tag.status_reason.zh, "en": tag.status_reason.en}
    return {
        "code": tag.code,
        "status": tag.status,
        "layer": tag.layer,
        "owner": tag.owner,
        "replaced_by": tag.replaced_by,
        "reason": reason,
    }
