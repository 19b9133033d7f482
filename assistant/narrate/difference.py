"""What an edit did to the conditions, in words. Law: from the typed differences alone; one line a difference."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.catalog.population import gathered
from assistant.narrate.messages import message
from assistant.narrate.readback import Dates, condition_phrase
from assistant.rule.diff import Change


def difference_words(changes: Sequence[Change], catalog: TagCatalog, language: Language, dates: Dates | None = None) -> tuple[str, ...]:
    """One phrase a difference: a condition taken away, put in another's place, or added. With `dates` the windows carry their dates."""
    found = []
    for change in _gathered(changes, catalog):
        nodes = {"old": change.old, "new": change.new}
        said = {name: condition_phrase(node, catalog, language, dates) for name, node in nodes.items() if node is not None}
        found.append(message(language, f"change.{change.kind}", said))
    return tuple(found)


def _gathered(changes: Sequence[Change], catalog: TagCatalog) -> list[Change]:
    """The differences, with the conditions of a whole base population as one."""
    found = list(changes)
    removed = gathered([one.old for one in found if one.kind == "removed" and one.old is not None], catalog)
    added = gathered([one.new for one in found if one.kind == "added" and one.new is not None], catalog)
    return [
        *(Change("removed", (), node, None) for node in removed),
        *(one for one in found if one.kind == "changed"),
        *(Change("added", (), None, node) for node in added),
    ]
