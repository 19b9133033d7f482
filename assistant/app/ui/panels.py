"""The right side of the page as HTML. Law: every word that comes from a person, the catalog or the data is escaped; colour never stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType

from assistant.app.charts.bars import PALETTE
from assistant.app.insights.table import grids
from assistant.app.shown import Grid
from assistant.app.view import (
    asked_issues,
    assumptions,
    before_words,
    change_lines,
    count_words,
    doubt_lines,
    draft_lines,
    explained_lines,
    funnel_grid,
    grid_html,
    notes,
    outcome_title,
    reply,
    sentence,
    used_definitions,
)
from assistant.catalog.model import Language
from assistant.interpret.interpretation import LedgerEntry
from assistant.narrate.messages import message
from assistant.pipeline import Answer
from assistant.rule.canonical import canonical
from assistant.rule.order import in_order
from assistant.rule.tree import AllOf, AnyNode, walk

_NAMED = {"request": "request_words", "edit": "edit_words", "unread": "unread_words", "ambiguous": "ambiguous_words"}


def understanding(answer: Answer | None, language: Language, waiting: bool = False) -> str:
    """The card that says how the request was read: words, the sentence, and how many; its conditions stand below it (`chips.py`). `waiting`: a next question is being
    answered, and what stands here is said to be of the one before it."""
    if answer is None:
        return f"<div class='card empty'>{escape(message(language, 'page.working' if waiting else 'page.empty'))}</div>"
    parts = [_words(answer, language)]
    readback = sentence(answer, language)
    if readback is not None and answer.rule is not None:
        parts.append(f"<p class='readback'>{escape(readback)}</p>")
    title = "page.understood_first" if answer.questions else "page.understood"
    head = f"<h3>{escape(message(language, title))}</h3>"
    before = f"<p class='card before' role='status'>{escape(message(language, 'page.of_before'))}</p>" if waiting else ""
    kind = " class=past" if waiting else ""
    return f"<div lang={language}{kind}>{before}{_outcome(answer, language)}<section class='card'>{head}{''.join(parts)}</section></div>"


def _outcome(answer: Answer, language: Language) -> str:
    """The count, or why there is none."""
    counted = count_words(answer, language)
    if counted is None:
        if answer.outcome == "answered":
            lines: Sequence[str] = explained_lines(answer, language)
            return f"<section class='card'>{_paragraphs(lines)}</section>" if lines else ""
        title = escape(outcome_title(answer, language))
        said = asked_issues(answer, language) if answer.questions else reply(answer, language).split("\n")
        why = _paragraphs(said or [message(language, "page.choose_left")])
        return f"<section class='card outcome {answer.outcome}' role='status'><h3>{title}</h3>{why}</section>"
    n, share, dates = counted
    before = before_words(answer, language)
    title = escape(message(language, "page.count"))
    lines = change_lines(answer, language)
    changed = f"<p class='before'>{escape(before)}</p>{_list(lines) if lines else ''}" if before else ""
    return (
        f"<section class='card count' role='status'><h3>{title}</h3><p class='n'>{escape(n)}</p>{_doubt(answer, language)}{changed}"
        f"<p>{escape(share)}</p><p class='dates'>{escape(dates)}</p></section>"
    )


def _doubt(answer: Answer, language: Language) -> str:
    """How far the count can be relied on, where it matters."""
    lines = doubt_lines(answer, language)
    return "".join(f"<p class='doubt'>{escape(line)}</p>" for line in lines)


def taken_as_read(answer: Answer | None, language: Language) -> str:
    """What was taken as read, and what is to be noted."""
    if answer is None:
        return ""
    found = (("page.assumptions", assumptions(answer, language)), ("page.notes", notes(answer, language)))
    return "".join(
        f"<section class='card' lang={language}><h3>{escape(message(language, title))}</h3>{_list(lines)}</section>"
        for title, lines in found
        if lines
    )


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def conditions_in_order(answer: Answer) -> tuple[AnyNode, ...]:
    """The top-level conditions of the rule, in the order they were said: the numbers that words, list and funnel share."""
    return () if answer.rule is None or answer.rule.node == AllOf() else tuple(node for _, node in in_order(answer.rule.node))


def _words(answer: Answer, language: Language) -> str:
    """The request itself, every stretch marked with what became of it: a condition's number and colour, or a word for the rest."""
    if not answer.text.strip():
        return ""
    title = escape(message(language, "page.your_words"))
    pieces = _joined([(_place(entry, answer), entry) for entry in answer.ledger])
    marked = "".join(_piece(answer.text[first.start : last.end], place, first, language) for place, first, last in pieces)
    return f"<p class='words' aria-label='{title}'>{marked or escape(answer.text)}</p>"


def _joined(found: Sequence[tuple[int | None, LedgerEntry]]) -> list[tuple[int | None, LedgerEntry, LedgerEntry]]:
    """Neighbouring stretches of one condition, with the small words between them, as one."""
    pieces: list[tuple[int | None, LedgerEntry, LedgerEntry]] = []
    for place, entry in found:
        before = pieces[-1] if pieces else None
        same = before is not None and (before[0], before[1].kind, before[1].read_as, before[2].end) == (
            place,
            entry.kind,
            entry.read_as,
            entry.start,
        )
        if same:
            pieces[-1] = (place, pieces[-1][1], entry)
        else:
            pieces.append((place, entry, entry))
    return pieces


def _place(entry: LedgerEntry, answer: Answer) -> int | None:
    """The number of the condition that a stretch of the words made, or changed."""
    if entry.kind not in ("condition", "edit", "default"):
        return None
    found = conditions_in_order(answer)
    for place, node in enumerate(found):
        for _, one in walk(node):
            if any(quote.turn == answer.turn and quote.start < entry.end and entry.start < quote.end for quote in one.said):
                return place
    changed = [canonical(change.new) for change in answer.changes if change.new is not None]
    edited = [place for place, node in enumerate(found) if canonical(node) in changed]
    return edited[0] if len(edited) == 1 else None


def _piece(words: str, place: int | None, entry: LedgerEntry, language: Language) -> str:
    text = escape(words)
    if entry.read_as:
        text += f"<sup>{escape(message(language, 'page.read_as', {'words': entry.read_as}))}</sup>"
    if place is not None:
        return f"<mark class='condition' style='--c:{PALETTE[place % len(PALETTE)]}'>{text}<sup>{place + 1}</sup></mark>"
    name = _NAMED.get(entry.kind)
    if name is None:
        return f"<span class='plain'>{text}</span>"
    return f"<mark class='{entry.kind}'>{text}<sup>{escape(message(language, f'page.{name}'))}</sup></mark>"


def tables(answer: Answer | None, language: Language) -> str:
    """The funnel in figures."""
    grid = None if answer is None else funnel_grid(answer, language)
    return "" if grid is None else _card(grid, language)


def findings(answer: Answer | None, language: Language) -> str:
    """What each insight found, as tables."""
    if answer is None or answer.outcome != "answered":
        return ""
    return "".join(_card(grid, language) for grid in grids(answer, language))


def _card(grid: Grid, language: Language) -> str:
    return f"<section class='card' lang={language}>{grid_html(grid)}</section>"


def chat(
    answers: Sequence[Answer], language: Language, asked: str = "", pressed: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> str:
    """The conversation: what was said and what was answered, as plain words. `asked`: what was said last and is being answered; `pressed`: by answer, the options
    pressed to come to it."""
    if not answers and not asked:
        return f"<div class='chat empty' lang={language}>{escape(message(language, 'page.welcome'))}</div>"
    turns = []
    for answer in answers:
        turns.append(f"<div class='me'>{escape(answer.text.strip() or '…')}</div>")
        turns += [f"<div class='me'>{escape(words)}</div>" for words in pressed.get(answer.request_id, ())]
        turns.append(f"<div class='it' lang={language}>{escape(reply(answer, language))}</div>")
    if asked:
        turns.append(f"<div class='me'>{escape(asked.strip())}</div>")
        turns.append(f"<div class='wait' lang={language} aria-busy='true'>{escape(message(language, 'page.working'))}</div>")
    title = escape(message(language, "page.chat"))
    return f"<div class='chat' role='log' aria-live='polite' aria-label='{title}'><div class='turns'>{''.join(turns)}</div></div>"


def definitions(answer: Answer | None, language: Language) -> str:
    """口径: the definition of everything the rule names."""
    found = () if answer is None else used_definitions(answer, language)
    items = [f"<dt>{escape(one.name)} <code>{escape(one.code)}</code></dt><dd>{escape(one.text)}</dd>" for one in found]
    return f"<dl class='definitions' lang={language}>{''.join(items)}</dl>" if items else ""


def draft_card(answer: Answer, language: Language) -> str:
    """The tag request that could be submitted; empty when nothing is drafted."""
    lines = draft_lines(answer, language)
    title = escape(message(language, "page.draft_title"))
    return f"<section class='card draft' lang={language}><h3>{title}</h3>{_paragraphs(lines)}</section>" if lines else ""


def sql_text(answer: Answer | None) -> str:
    """The SQL that was run, each query under its purpose."""
    return "" if answer is None else "\n\n".join(f"-- {purpose}\n{text}" for purpose, text in answer.sql.items())
