"""The analyst's desk on the command line. Law: it shows and hands on what is typed; who may decide what is the policy's to say."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from assistant.app.commands.options import AsJson, Database, Lang, dump, settings_of, tongue
from assistant.app.desk.cases import cases_yaml
from assistant.app.desk.deciding import approve, correct, done_text, reject, tried
from assistant.app.desk.flywheel import flywheel, flywheel_grid, flywheel_json
from assistant.app.desk.naming import accept, decline, proposal, proposals
from assistant.app.desk.queue import MOST_SHOWN, Item, ReviewDesk, open_review
from assistant.app.desk.shown import alias_text, item_json, item_text, items_text, proposal_json, proposals_text
from assistant.app.identity import open_desk
from assistant.app.view import as_json, as_text, exit_code, grid_text
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import Answer
from assistant.rule.edits import RuleChange
from assistant.store.open import open_store
from assistant.store.review import STATES, WAYS, State, Verdict

review = typer.Typer(no_args_is_help=True, help="The analyst's desk · 分析师工作台")
_EDIT: TypeAdapter[RuleChange] = TypeAdapter(RuleChange)

Number = Annotated[str, typer.Argument(help="Id of an item, as the list shows it.")]
Choices = Annotated[list[int] | None, typer.Option("--choose", min=1, help="Option number for the next question; may be repeated.")]


class Standing(StrEnum):
    waiting = "waiting"
    accepted = "accepted"
    edited = "edited"
    rejected = "rejected"


class Understanding(StrEnum):
    read = "read"
    agreed = "agreed"
    verified = "verified"
    assumed = "assumed"
    chosen = "chosen"
    model = "model"
    unread = "unread"


class Judgement(StrEnum):
    right = "right"
    wrong = "wrong"


@review.command("list")
def desk_list(
    state: Annotated[
        list[Standing] | None, typer.Option("--state", help="How they stand (default: waiting); may be repeated.", show_default=False)
    ] = None,
    way: Annotated[
        list[Understanding] | None, typer.Option("--way", help="How they were understood; may be repeated.", show_default=False)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST_SHOWN)] = 20,
    as_json_object: AsJson = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """The review queue: requests with the rules made of them: 待审规则."""  # fmt: skip
    desk, language = _desk(database), tongue(lang)
    standing: Sequence[State] = [one for one in STATES if one in {said.value for said in state or [Standing.waiting]}]
    ways = [one for one in WAYS if not way or one in {said.value for said in way}]
    found = desk.items(standing, ways, limit)
    typer.echo(dump([item_json(one, desk) for one in found], indent=2) if as_json_object else items_text(found, desk, language))


@review.command("show")
def desk_show(item: Number, as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """An item in full: what each word became, rule, SQL, size, who asked: 查看一条."""
    desk, language = _desk(database), tongue(lang)
    found = desk.item(item)
    typer.echo(dump(item_json(found, desk), indent=2) if as_json_object else item_text(found, desk, language))


@review.command("approve")
def desk_approve(item: Number, lang: Lang = None, database: Database = None) -> None:
    """The rule is right: the same request is read so from now on: 核定."""
    desk, language = _desk(database), tongue(lang)
    found = desk.item(item)
    typer.echo(done_text(approve(desk, found), found, language))


@review.command("correct")
def desk_correct(
    item: Number,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Changes in words, said upon the rule, or the request as it should have been said.", show_default=False),
    ] = None,
    edit: Annotated[
        list[str] | None,
        typer.Option("--edit", help="An edit of the rule as JSON (assistant/rule/edits.py); may be repeated.", show_default=False),
    ] = None,
    choose: Choices = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the correction.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """The request means something else: it is shown, and kept once it is confirmed: 改正."""  # fmt: skip
    desk, language = _desk(database), tongue(lang)
    found = desk.item(item)
    answer = _corrected(desk, found, words or [], edit or [], choose or [], language)
    typer.echo(as_text(answer, language))
    if answer.outcome != "answered":
        raise typer.Exit(exit_code(answer.outcome))
    if not yes:
        typer.confirm(message(language, "desk.sure"), abort=True, err=True)
    typer.echo(done_text(correct(desk, found, answer, reason), found, language))


@review.command("try")
def desk_try(
    item: Number,
    words: Annotated[list[str], typer.Argument(help="Changes in words.")],
    choose: Choices = None,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """What a correction would come to, as one JSON object; nothing is kept: 试改."""  # fmt: skip
    desk, language = _desk(database), tongue(lang)
    answer = _corrected(desk, desk.item(item), words, [], choose or [], language)
    typer.echo(dump(as_json(answer), indent=2))
    raise typer.Exit(exit_code(answer.outcome))


@review.command("reject")
def desk_reject(
    item: Number,
    reason: Annotated[str, typer.Option("--reason", help="What is wrong with it.")] = "",
    lang: Lang = None,
    database: Database = None,
) -> None:
    """The rule is not what the request says: 驳回."""
    desk, language = _desk(database), tongue(lang)
    found = desk.item(item)
    typer.echo(done_text(reject(desk, found, reason), found, language))


@review.command("proposals")
def desk_proposals(as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """Words nobody knew, proposed to the owners of what they seem to mean: 别名建议."""
    desk, language = _desk(database), tongue(lang)
    found, catalog = proposals(desk), desk.assistant.catalog
    typer.echo(
        dump([proposal_json(one, catalog) for one in found], indent=2) if as_json_object else proposals_text(found, catalog, language)
    )


@review.command("accept")
def desk_accept(
    word: Annotated[str, typer.Argument(help="Id of a proposal.")],
    lang: Lang = None,
    database: Database = None,
) -> None:
    """A word becomes a name of its element, read from the next request on: 接受别名."""
    desk, language = _desk(database, owning=True), tongue(lang)
    typer.echo(alias_text(accept(desk, proposal(desk, word)), desk.assistant.catalog, language))


@review.command("decline")
def desk_decline(
    word: Annotated[str, typer.Argument(help="Id of a proposal.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is no name of it.")] = "",
    lang: Lang = None,
    database: Database = None,
) -> None:
    """A word is no name of its element: 不接受别名."""
    desk, language = _desk(database, owning=True), tongue(lang)
    typer.echo(alias_text(decline(desk, proposal(desk, word), reason), desk.assistant.catalog, language))


@review.command("flywheel")
def desk_flywheel(as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """Requests by week, by how they were understood and what the review came to: 口径飞轮."""
    desk, language = _desk(database), tongue(lang)
    rows = flywheel(desk)
    if as_json_object:
        typer.echo(dump(flywheel_json(rows), indent=2))
    else:
        typer.echo(grid_text(flywheel_grid(rows, language)) if rows else message(language, "desk.none"))


@review.command("cases")
def desk_cases(
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    lang: Lang = None,
    database: Database = None,
) -> None:
    """What was approved and corrected, as cases for assistant eval run --cases: 导出用例."""
    desk, language = _desk(database), tongue(lang)
    written, count = cases_yaml(desk)
    try:
        out.write_text(written, encoding="utf-8")
    except OSError as error:
        raise UserError("export_unwritable", path=str(out), fault=error.strerror or type(error).__name__) from error
    typer.echo(message(language, "desk.cases", {"n": str(count), "path": str(out)}))


@review.command("feedback")
def desk_feedback(
    reference: Annotated[str, typer.Argument(help="The reference of an answer you were given.")],
    verdict: Annotated[Judgement, typer.Argument(help="Whether it was understood as you meant it.")],
    reason: Annotated[str, typer.Option("--reason", help="What is wrong with it.")] = "",
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Say of an answer whether it was understood rightly: 反馈."""
    desk, language = _desk(database), tongue(lang)
    given: Verdict = "right" if verdict is Judgement.right else "wrong"
    desk.assistant.allow("ask")
    desk.store.reviews.say(desk.assistant.identity.user, reference, given, reason)
    typer.echo(message(language, "desk.feedback_kept"))


def _corrected(
    desk: ReviewDesk, item: Item, words: Sequence[str], edits: Sequence[str], choose: Sequence[int], language: Language
) -> Answer:
    """The answer of the last change, each made upon what the one before came to. `choose`: for the questions of the last one. UserError `desk_edit` for an edit that is none."""
    answer: Answer | None = None
    try:
        changes: list[RuleChange | str] = [*(_EDIT.validate_json(one) for one in edits), *words]
    except ValidationError as error:
        raise UserError("desk_edit", fault=error.errors(include_url=False)[0]["msg"]) from error
    if not changes:
        raise UserError("desk_edit", fault="-")
    start = item.node
    for number, change in enumerate(changes, 1):
        said, edit = (change, None) if isinstance(change, str) else ("", change)
        answer = tried(desk, item, said, edit=edit, language=language, start=start)
        picked: dict[str, int] = {}
        for option in choose if number == len(changes) else ():
            question = next(iter(answer.questions), None)
            if question is None or option > len(question.options):
                raise UserError("choice_unknown", number=option, options=0 if question is None else len(question.options))
            picked[question.question.key] = question.options[option - 1].index
            answer = tried(desk, item, said, edit=edit, choices=picked, language=language, start=start)
        if answer.outcome != "answered" or answer.rule is None:
            break
        start = answer.rule.node
    assert answer is not None, "there is at least one change"
    return answer


def _desk(database: Path | None, owning: bool = False) -> ReviewDesk:
    """The desk of whoever runs a command. `owning`: while there are no users the console answers for every line."""
    settings = settings_of(database)
    desk = open_desk(settings, open_store(settings.store_url))
    found = open_review(desk, desk.bearing())
    return found.owning() if owning else found
