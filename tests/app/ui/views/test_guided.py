"""The guided view without a browser: each step picks what the next one shows, edits and saving are turns of its own, and another language shows the same."""

from __future__ import annotations

from functools import partial

import pytest

from assistant.app.build import build_assistant
from assistant.app.guided import candidates, frame_of, stages, strategy_draft
from assistant.app.ui.session import Session
from assistant.app.ui.views.guided import STEPS, Guided, Seen, _edited, _saved, _steps
from assistant.catalog.model import LANGUAGES, Language
from assistant.interpret.by_hand import edited, handles
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.rule.canonical import canonical
from assistant.rule.order import in_order
from assistant.settings import Settings
from assistant.store.open import open_store


def walked(assistant: Assistant, template: str) -> Seen:
    """The view after a frame, a stage and a template were picked."""
    view, session = Guided(), Session(user=assistant.identity.user, language="zh")
    frame = frame_of("lifecycle", assistant.catalog)
    assert frame is not None
    (seen,) = view.framed(frame, session, assistant)
    assert seen.step == 1
    stage = stages(frame, assistant.catalog)[2]
    (seen,) = view.staged(stage, seen, session, assistant)
    assert seen.step == 2
    (seen,) = view.picked(stage, next(one for one in candidates(stage) if one.code == template), seen, session, assistant)
    assert seen.step == 3
    return seen


def test_a_segment_picked_adjusted_and_kept(settings: Settings) -> None:
    store = open_store()
    assistant = build_assistant(settings, store=store)
    assert Guided().allowed(assistant)
    seen = walked(assistant, "wealth_first_purchase")
    answer = seen.asked.last
    assert answer is not None
    assert answer.outcome == "answered"
    assert answer.rule is not None
    assert answer.count is not None
    assert seen.of_segments is not None
    assert seen.of_segments["size.wealth_first_purchase"].value == answer.count.n
    root = answer.rule.node
    (balance,) = [one for path, _ in in_order(root) for one in handles(root, path, assistant.catalog) if one.unit == "CNY"]
    changed = _edited(partial(edited, root, balance), "1万", ">", seen.asked, assistant)
    assert changed.last is not None
    assert changed.last.count is not None
    assert changed.last.count.n >= answer.count.n
    kept = _saved("成熟期首购", changed, assistant)
    assert kept.last is not None
    assert kept.last.kept is not None
    assert _saved("  ", changed, assistant) is changed
    base = assistant.catalog.strategies["wealth_first_purchase"]
    draft = strategy_draft(kept.last.kept.segments[0].id, base, assistant, store)
    assert (draft.code, draft.name.zh, draft.status) == ("wealth_first_purchase_2", "成熟期首购", "draft")
    assert (draft.goal, draft.playbook, draft.owner) == (base.goal, base.playbook, base.owner)
    assert changed.conversation.rule is not None
    assert canonical(draft.node()) == canonical(changed.conversation.rule.node)
    assistant.engine.close()
    store.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_done_and_the_one_at_hand(language: Language) -> None:
    found = _steps(Seen(frame="grid16"), language)
    assert found.count("class='done'") == 1
    assert found.count("aria-current='step'") == 1
    assert all(message(language, f"guided.step_{step}") in found for step in STEPS)
    assert Seen().step == 0
    assert Seen("f", stage="s", segment="", saved="id").step == len(STEPS)
