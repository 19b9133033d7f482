"""The lifecycle of tags: how they stand, who uses one, and the next step. Law: who may take a step is the policy's to say, and whoever takes a tag out of use is shown
what stops before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.app.identity import CONSOLE, bearer, stood_catalog
from assistant.catalog.examples import Example, load_examples
from assistant.catalog.impact import Impact, impact
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element, Language, Tag
from assistant.catalog.strategy import Strategy
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.policy import LINES, Identity, Status, may_move
from assistant.rule.canonical import Json
from assistant.rule.tree import AnyNode
from assistant.settings import Settings
from assistant.store.open import Store
from assistant.store.tag_moves import Move

OUT_OF_USE: frozenset[Status] = frozenset({"deprecated", "offline"})


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


def moved_text(move: Move, tag: Tag, language: Language) -> str:
    """A step in words."""
    said = {
        "tag": tag.name.get(language),
        "before": message(language, f"status.{move.before}"),
        "after": message(language, f"status.{move.after}"),
    }
    return message(language, "lifecycle.moved", said)


def impact_text(found: Impact, tag: Tag, catalog: TagCatalog, language: Language) -> str:
    """What uses a tag, one line a kind: by name, and the words of the reader's language."""
    name = {"tag": tag.name.get(language)}
    lines = [message(language, "lifecycle.impact" if found.uses else "lifecycle.no_impact", {**name, "n": str(found.uses)})]
    join = message(language, "readback.list_join")
    rooms: Mapping[str, Mapping[str, Element | Strategy]] = {
        "strategies": catalog.strategies, "concepts": catalog.concepts, "tags": catalog.tags, "records": catalog.records
    }  # fmt: skip
    for kind, codes in _parts(found, found.words.get(language)).items():
        names = [rooms[kind][code].name.get(language) for code in codes] if kind in rooms else codes
        if names:
            lines.append(message(language, f"lifecycle.{kind}", {"n": str(len(names)), "names": join.join(names)}))
    return "\n".join(lines)


def impact_json(found: Impact) -> Json:
    """The same as one object."""
    return {kind: list(names) for kind, names in _parts(found, found.words.all()).items()}


def _parts(found: Impact, words: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return {
        "segments": found.named, "strategies": found.strategies, "concepts": found.concepts, "tags": found.tags, "records": found.records,
        "examples": found.examples, "words": words,
    }  # fmt: skip
