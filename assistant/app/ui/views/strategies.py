"""The strategy templates: what they cover, which serve a goal and how many customers each selects, one in full, and one applied. Law: a template is applied by words in the chat, where its numbers are
checked as any that are typed; sizes are those of a turn asked and kept in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape

import gradio as gr

from assistant.app.rim import ask
from assistant.app.shown import Grid
from assistant.app.templates import parts
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Place, row_button, told
from assistant.app.view import count_words, grid_html, option_lines
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import EnumValue, Language
from assistant.catalog.strategy import Strategy
from assistant.catalog.strategy_search import strategies_of
from assistant.insight.coverage import coverage
from assistant.interpret.interpretation import Conversation
from assistant.narrate.messages import message
from assistant.narrate.render import plain
from assistant.pipeline import Assistant
from assistant.policy import may

LONGEST_GOAL = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor has before them: a goal with the templates that serve it and what is said of each, or a line and a stage; and the template they opened."""

    goal: str = ""
    found: tuple[tuple[str, str], ...] = ()
    line: str = ""
    stage: str = ""
    chosen: str = ""


class Strategies:
    """For everybody who may ask."""

    name = "strategies"

    def allowed(self, assistant: Assistant) -> bool:
        return bool(assistant.catalog.strategies) and may(assistant.catalog.policy, assistant.identity, "ask")

    def build(self, place: Place) -> None:
        seen = gr.State(Seen())
        place.drawn(partial(self.draw, place, seen), seen)

    def draw(self, place: Place, state: gr.State, session: Session, assistant: Assistant, seen: Seen) -> None:
        language, catalog = session.language, assistant.catalog
        say = partial(message, language)
        with gr.Row(elem_classes="beside"):
            goal = gr.Textbox(
                label=say("strategies.goal"), placeholder=say("strategies.goal_example"), value=seen.goal, max_length=LONGEST_GOAL, interactive=True,
                scale=5, elem_id="strategy-goal", key="strategy-goal",
            )  # fmt: skip
            find = gr.Button(say("strategies.find"), variant="primary", min_width=80, elem_id="strategy-find")
            for listen in (goal.submit, find.click):
                place.on(listen, [goal, state], [state], self.sought)
            framework = catalog.framework
            line = gr.Dropdown(
                _choices(framework.lines, language),
                value=seen.line,
                label=say("page.strategy_line"),
                interactive=True,
                scale=2,
                elem_id="strategy-line",
            )
            stage = gr.Dropdown(
                _choices(framework.stages, language),
                value=seen.stage,
                label=say("page.strategy_stage"),
                interactive=True,
                scale=2,
                elem_id="strategy-stage",
            )
            for listen in (line.input, stage.input):
                place.on(listen, [line, stage, state], [state], self.filtered)
        with gr.Row():
            with gr.Column(scale=6, min_width=320):
                self._listed(place, state, language, catalog, seen)
            with gr.Column(scale=6, min_width=320, elem_id="strategy"):
                chosen = catalog.strategies.get(seen.chosen)
                if chosen is None:
                    told(say("strategies.choose"), lively=False)
                else:
                    self._one(place, language, catalog, chosen)

    def _listed(self, place: Place, state: gr.State, language: Language, catalog: TagCatalog, seen: Seen) -> None:
        if seen.goal or seen.line or seen.stage:
            found = seen.found if seen.goal else tuple((one.code, _name(one, language)) for one in _of(catalog, seen))
            if not found:
                told(message(language, "strategies.nothing"))
            for code, words in found:
                button = row_button(words, code == seen.chosen)
                place.on(button.click, [state], [state], partial(self.opened, code))
        gr.HTML(f"<section class='card' lang={language}>{grid_html(matrix(catalog, language))}</section>", padding=False)

    def _one(self, place: Place, language: Language, catalog: TagCatalog, strategy: Strategy) -> None:
        """A template in full, and the form that applies it."""
        say = partial(message, language)
        shown = "".join(
            f"<dt>{escape(part.title)}</dt>{''.join(f'<dd>{escape(line)}</dd>' for line in part.lines)}"
            for part in parts(strategy, catalog, language)
        )
        gr.HTML(
            f"<section class='card' lang={language}><h3>{escape(strategy.name.get(language))}</h3><dl class='definitions'>{shown}</dl></section>",
            padding=False,
        )
        boxes: list[gr.components.Component] = []
        with gr.Row():
            for name, one in strategy.parameters.items():
                unit = message(language, f"unit.{one.unit}", {"value": ""}).strip()
                label = (
                    message(language, "page.bracketed", {"text": one.name.get(language), "more": unit}) if unit else one.name.get(language)
                )
                boxes.append(
                    gr.Textbox(
                        value=plain(one.default), label=label, max_length=40, interactive=True, min_width=140, key=f"{strategy.code} {name}"
                    )
                )
        more = gr.Textbox(
            label=say("strategies.more"),
            placeholder=say("strategies.more_example"),
            max_length=LONGEST_GOAL,
            interactive=True,
            elem_id="strategy-more",
            key=f"{strategy.code} more",
        )
        button = gr.Button(say("strategies.apply"), variant="primary", elem_id="strategy-apply")
        place.says(button.click, [*boxes, more], partial(applying, strategy))

    def sought(self, goal: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """The templates that serve a goal, with what a turn says of each one's customers."""
        wanted = " ".join((goal or "").split())
        if not wanted:
            return [Seen(chosen=seen.chosen)]
        found = strategies_of(assistant.catalog).for_goal(wanted)
        answer, _ = ask(
            assistant, message(session.language, "strategies.say_goal", {"goal": wanted}), Conversation(), language=session.language
        )
        lines: Sequence[str] = ()
        if len(answer.questions) == 1 and len(answer.questions[0].options) == len(found):
            lines = option_lines(answer.questions[0], answer, session.language)
        elif len(found) == 1 and (counted := count_words(answer, session.language)) is not None:
            lines = (message(session.language, "option.counted", {"label": _name(found[0], session.language), "count": counted[0]}),)
        words = lines or tuple(_name(one, session.language) for one in found)
        return [
            Seen(wanted, tuple((one.code, line) for one, line in zip(found, words, strict=True)), chosen=found[0].code if found else "")
        ]

    def filtered(self, line: str, stage: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [Seen(line=line or "", stage=stage or "", chosen=seen.chosen)]

    def opened(self, code: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [replace(seen, chosen=code)]


def applying(strategy: Strategy, *given: object) -> str:
    """The words that apply a template: its name, the numbers that are not its own, and what else is wanted."""
    *numbers, more, session = given
    assert isinstance(session, Session), "the session is last"
    language = session.language
    said = [
        message(language, "strategies.say_number", {"name": one.name.get(language), "value": str(value).strip()})
        for one, value in zip(strategy.parameters.values(), numbers, strict=True)
        if str(value or "").strip() not in ("", plain(one.default))
    ]
    said += [str(more).strip()] if str(more or "").strip() else []
    comma = message(language, "strategies.say_join")
    return comma.join([message(language, "strategies.say_apply", {"name": strategy.name.get(language)}), *said])


def matrix(catalog: TagCatalog, language: Language) -> Grid:
    """How many templates there are of each line at each stage; a pair without any shows a dash."""
    framework, cells = catalog.framework, coverage(catalog, listed=False).cells
    header = (message(language, "page.strategy_line"), *(stage.label.get(language) for stage in framework.stages))
    rows = tuple(
        (line.label.get(language), *(str(len(cells[line.code, stage.code]) or "—") for stage in framework.stages))
        for line in framework.lines
    )
    return Grid(message(language, "page.strategy_coverage"), header, rows, frozenset(range(1, len(header))))


def _of(catalog: TagCatalog, seen: Seen) -> tuple[Strategy, ...]:
    """The templates of a line and a stage, either of which may be any."""
    return tuple(
        one
        for one in coverage(catalog, listed=True).strategies
        if one.line == (seen.line or one.line) and one.stage == (seen.stage or one.stage)
    )


def _name(one: Strategy, language: Language) -> str:
    return message(language, "page.bracketed", {"text": one.name.get(language), "more": one.goal.get(language)})


def _choices(values: Sequence[EnumValue], language: Language) -> list[tuple[str, str]]:
    return [(message(language, "strategies.any"), ""), *((one.label.get(language), one.code) for one in values)]
