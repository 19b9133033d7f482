"""What an edit did to the conditions, in words. Law: from the typed differences alone; one line a difference."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.narrate.readback import Dates, condition_phrase
from assistant.rule.diff import Change


def difference_words(changes: Sequence[Change], catalog: TagCatalog, language: Language, dates: Dates | None = None) -> tuple[str, ...]:
    """One phrase a difference: a condition taken away, put in another's place, or added. With `dates` the windows carry their dates."""
    found = []
    for change in changes:
        nodes = {"old": change.old, "new": change.new}
        said = {name: condition_phrase(node, catalog, language, dates) for name, node in nodes.items() if node is not None}
        found.append(message(language, f"change.{change.kind}", said))
    return tuple(found)
