"""Strategy templates on the command line: listed, sought, applied, promoted and published. Law: what is asked goes through `Assistant.ask`, what is changed through the audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.app.commands.options import (
    AsJson,
    Database,
    Lang,
    RoleOption,
    SegmentName,
    Tongue,
    desk_of,
    dump,
    settings_of,
    tongue,
)  # fmt: skip
from assistant.app.guided import guide_lines
from assistant.app.promoting import Told, as_yaml, promoted, published
from assistant.app.rim import ask as ask_safely
from assistant.app.segments import segment_named
from assistant.app.view import as_json, as_text, exit_code
from assistant.catalog.model import Language
from assistant.interpret.interpretation import Conversation
from assistant.narrate.messages import message

strategies = typer.Typer(no_args_is_help=True, help="Strategy templates · 策略模板")


@strategies.command("list")
def strategies_list(as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """List the strategy templates: 策略模板一览."""
    _asked_of_strategies({"zh": "有哪些策略模板", "en": "list strategies"}, as_json_object, lang, database)


@strategies.command("matrix")
def strategies_matrix(as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """Business lines by stages, and which pairs have no template: 策略覆盖矩阵."""
    _asked_of_strategies({"zh": "策略覆盖矩阵", "en": "strategy coverage"}, as_json_object, lang, database)


@strategies.command("find")
def strategies_find(
    goal: Annotated[str, typer.Argument(help="What is to be achieved, in either language.")],
    as_json_object: AsJson = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """The templates that serve a goal, with their customers: 按目标找策略."""
    _asked_of_strategies({"zh": f"策略：{goal}", "en": f"strategies: {goal}"}, as_json_object, lang, database)


@strategies.command("apply")
def strategies_apply(
    said: Annotated[str, typer.Argument(help="The name of a template, and what is said for it: 理财首购,门槛3万,上海分行.")],
    as_json_object: AsJson = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Apply a template with numbers and conditions: 套用策略."""
    _asked_of_strategies({"zh": f"套用{said}", "en": f"apply the strategy {said}"}, as_json_object, lang, database)


@strategies.command("guide")
def strategies_guide(
    frame: Annotated[str, typer.Argument(help="A framework, by its code; without one they are listed.")] = "",
    stage: Annotated[str, typer.Argument(help="A stage of it, by its code; without one they are listed with their customers.")] = "",
    lang: Lang = None,
    database: Database = None,
) -> None:
    """From a framework to its stages and the segments there, each with its customers: 定框架、拆阶段、厘客群."""
    assistant, _ = desk_of(database)
    for line in guide_lines(assistant, frame, stage, tongue(lang)):
        typer.echo(line)


@strategies.command("promote")
def strategies_promote(
    segment: SegmentName,
    code: Annotated[str, typer.Option("--code", help="Code of the template: letters, digits and _.")],
    goal: Annotated[str, typer.Option("--goal", help="What it is to achieve. Texts are Chinese, or 中文|English.")],
    line: Annotated[str, typer.Option("--line", help="Business line of framework.yaml.")],
    stage: Annotated[str, typer.Option("--stage", help="Stage of framework.yaml.")],
    channel: Annotated[list[str], typer.Option("--channel", help="Channel, the best one first; may be repeated.")],
    playbook: Annotated[list[str], typer.Option("--playbook", help="What is said or done; may be repeated.")],
    measure: Annotated[str, typer.Option("--measure", help="How success is told.")],
    track: Annotated[str, typer.Option("--track")] = "aum",
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="Over how many days.")] = 30,
    owner: Annotated[str, typer.Option("--owner", help="Owning team.")] = "MKT",
    name: Annotated[str, typer.Option("--name", help="Its name (default: that of the segment).")] = "",
    service: Annotated[bool, typer.Option("--service", help="A service notice that sells nothing.")] = False,
    database: Database = None,
) -> None:
    """Print the draft of a template from a saved segment, its numbers made parameters: 客群转为策略模板."""
    assistant, store = desk_of(database)
    library = store.library(assistant.identity.user)
    told = Told(code, goal, track, line, stage, channel, playbook, owner, measure, days, name, service)
    typer.echo(as_yaml(promoted(segment_named(library, segment), library, told, assistant)), nl=False)


@strategies.command("publish")
def strategies_publish(
    path: Annotated[Path, typer.Argument(help="A template's YAML file.")],
    role: RoleOption = None,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Put a template into the bank's catalog, once lint finds no fault in it: 发布策略模板."""
    assistant, _ = desk_of(database, role)
    language = tongue(lang)
    strategy, place = published(path, settings_of(database).catalog, assistant, language)
    typer.echo(message(language, "cli.strategy_published", {"name": strategy.name.get(language), "path": str(place)}))


def _asked_of_strategies(texts: dict[Language, str], as_json_object: bool, lang: Tongue | None, database: Path | None) -> None:
    """Ask what a command means, as a person would; the language is that of the answer."""
    assistant, _ = desk_of(database)
    language = tongue(lang)
    answer, _ = ask_safely(assistant, texts[language], Conversation(), language=language)
    typer.echo(dump(as_json(answer), indent=2) if as_json_object else as_text(answer, language))
    raise typer.Exit(exit_code(answer.outcome))
