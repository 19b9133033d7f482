"""Every role × tag × branch × operation × face against the table written by hand, over the small bank."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.identity import Desk
from assistant.app.permitted import open_faces
from assistant.catalog.load import data_room
from assistant.evaluate.permissions import TABLE, Matrix, faces, gate, load_expected, tools
from assistant.pipeline import Assistant
from assistant.store.open import open_store


def test_there_is_no_difference_at_any_face(assistant: Assistant) -> None:
    store, table, found = open_store(), load_expected(data_room("eval") / TABLE), Matrix()
    people, through, called = open_faces(Desk(replace(assistant, kept=store), store))
    gate(table, assistant, found)
    faces(table, through, people, found)
    tools(table, assistant.catalog, called, found)
    store.close()
    assert found.differences == []
    assert {face.name for face in through} == {"python", "command", "page", "mcp"}
    assert found.cells["faces"] > 400
    assert found.cells["tools"] > 5000
