"""Answer -> what every face shows: one JSON shape, plain text, Markdown and HTML for a notebook. Law: no decision and no number of its own; every
number is a Fact, rendered, and every word a message, a catalog name or a read-back."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from html import escape

from assistant.app import calling
from assistant.app.calling import calls_json, made_lines
from assistant.app.insights import coverage
from assistant.app.insights.table import grids as insight_grids
from assistant.app.insights.table import wires as insights
from assistant.app.kept import kept_json, kept_lines
from assistant.app.offers import offers_json
from assistant.app.shown import Grid, both, fact_of, number, number_of, words_of
from assistant.app.words import assumption_text, error_words, issue_text, option_labels, question_text
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Element, Language
from assistant.errors import AssistantError, Fault, Issue, Severity
from assistant.insight import funnel
from assistant.insight.coverage import Coverage
from assistant.insight.requested import those
from assistant.interpret.interpretation import MENDING
from assistant.narrate.difference import difference_words
from assistant.narrate.messages import message
from assistant.narrate.readback import Dates, Definition, condition_phrase, definitions, read_back
from assistant.narrate.render import render
from assistant.narrate.template import unknown_tag
from assistant.pipeline import Answer, AskedQuestion, Outcome
from assistant.rule.canonical import Json, canonical
from assistant.rule.canonical import text as canonical_text
from assistant.rule.tree import AnyNode, SegmentRule
from assistant.store.tag_requests import TagRequest

SCHEMA_VERSION = 1
EXIT_CODES: Mapping[Outcome, int] = {"answered": 0, "choice": 3, "inexpressible": 4, "forbidden": 5, "fault": 6}
USAGE_EXIT = 2
_SAME_CUSTOMERS = frozenset(
    {"unread", "segment_overwrite", "segment_duplicate", "calls_purpose_asked", "strategy_goal", "strategy_unknown"}
)
"""Questions of whose options it says nothing how many customers they share."""


# --- JSON -----------------------------------------------------------------------------------------------------------------------------------


def as_json(answer: Answer) -> dict[str, Json]:
    """The one shape of the command line, batch lines and every later face. Numbers are those of the Facts: a hidden one is {"fewer_than": k} or
    {"withheld": true}. `issues`, `metrics`, `explained` and `reference` say why there is no count, what else was asked, and what to quote to support."""
    answered = answer.outcome == "answered"
    facts = answer.facts
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": answer.outcome,
        "as_of": answer.as_of.isoformat(),
        "today": answer.today.isoformat(),
        "tags_as_of": None if answer.tags_as_of is None else answer.tags_as_of.isoformat(),
        "catalog": answer.catalog.fingerprint,
        "rule": rule_json(answer.rule),
        "readback": None if answer.rule is None else both(lambda language: sentence(answer, language) or ""),
        "ledger": [
            {
                "start": one.start,
                "end": one.end,
                "kind": one.kind,
                "words": answer.text[one.start : one.end],
                "read_as": one.read_as or None,
            }
            for one in answer.ledger
        ],
        "assumptions": [
            {"code": one.code, "text": both(partial(assumption_text, one, answer)), "quote": _quote(one.quote)}
            for one in answer.assumptions
        ],
        "questions": [_question_json(asked, answer) for asked in answer.questions],
        "alternatives": [_question_json(asked, answer) for asked in answer.alternatives],
        "issues": [_issue_json(issue, answer) for issue in answer.issues],
        "count": number(facts["count"]) if answered and facts is not None and "count" in facts else None,
        "reliability": _reliability_json(answer),
        "base": number(facts["base"]) if answered and facts is not None and "base" in facts else None,
        "funnel": _funnel_json(answer),
        **insights(answer),
        "offers": offers_json(answer),
        "tag_request": _draft_json(answer),
        "saved": kept_json(answer),
        "calls": None if answer.calls is None else calls_json(answer.calls, answer.catalog),
        "explained": [_explained_json(code, answer.catalog) for code in answer.explained] or None,
        "change": None if answer.change is None else _change_json(answer),
        **({"compare": _change_json(answer)} if any(request.kind == "compare_before" for request in answer.requests) else {}),
        "sql": dict(answer.sql),
        "warnings": [_issue_json(issue, answer) for issue in answer.warnings],
        "narrative": {language: told.text for language, told in answer.narrative.items()} or None,
        "error": answer.error,
        "reference": answer.request_id,
        "by": answer.by,
        "ms": {step: round(spent, 1) for step, spent in answer.ms.items()},
    }


def error_json(error: AssistantError) -> dict[str, Json]:
    """A UserError or Fault in the same shape: what went wrong before there was an answer."""
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": "fault",
        "error": error.code,
        "text": both(lambda language: error_words(error.code, error.params, language)),
    }


def exit_code(outcome: Outcome) -> int:
    """What the command line ends with for an outcome."""
    return EXIT_CODES[outcome]


def error_exit(error: AssistantError) -> int:
    """What the command line ends with for an error: 6 for a fault, 2 for what the caller can mend."""
    return EXIT_CODES["fault"] if isinstance(error, Fault) else USAGE_EXIT


def rule_json(rule: SegmentRule | None) -> Json:
    """A rule in canonical form, without the words it came from, as `rule/schema.py` describes it."""
    if rule is None:
        return None
    node: Json = json.loads(canonical_text(canonical(rule.node)))
    return {"entity": rule.entity, "node": node} if rule.name is None else {"entity": rule.entity, "node": node, "name": rule.name}


def _quote(quote: object) -> Json:
    start, end = getattr(quote, "start", None), getattr(quote, "end", None)
    return [start, end] if isinstance(start, int) and isinstance(end, int) else None


def _issue_json(issue: Issue, answer: Answer) -> Json:
    return {
        "code": issue.code,
        "severity": str(issue.severity),
        "text": both(partial(issue_text, issue, answer)),
        "quote": list(issue.quote) if issue.quote is not None else None,
        "suggestions": list(issue.suggestions),
    }


def _question_json(asked: AskedQuestion, answer: Answer) -> Json:
    labels = {language: option_labels(asked, answer, language) for language in LANGUAGES}
    return {
        "code": asked.question.code,
        "key": asked.question.key,
        "text": both(partial(question_text, asked.question, answer)),
        "options": [
            {
                "label": {language: labels[language][place] for language in LANGUAGES},
                "rule": rule_json(option.reading.rule),
                "count": number(option.count),
                "overlap": None if option.shared is None else number(option.shared),
            }
            for place, option in enumerate(asked.options)
        ],
    }


def _funnel_json(answer: Answer) -> Json:
    if answer.funnel is None or answer.validated is None:
        return None
    steps: list[Json] = [
        {
            "condition": both(partial(_condition, one.node, answer)),
            **{name: number_of(answer, f"funnel.{place}.{name}") for name in ("remaining", "alone", "without")},
        }
        for place, one in enumerate(funnel.conditions(answer.validated))
    ]
    return {"base": number_of(answer, "funnel.base"), "steps": steps, "emptied_by": answer.funnel.emptied_by}


def _change_json(answer: Answer) -> Json:
    """Both counts of an edit or of two versions, who stayed, came and went, and what differs in the conditions."""
    if answer.change is None:
        return None
    conditions: list[Json] = [
        {
            "kind": one.kind,
            "old": None if one.old is None else both(partial(_condition, one.old, answer)),
            "new": None if one.new is None else both(partial(_condition, one.new, answer)),
        }
        for one in answer.changes
    ]
    figures = {name: number_of(answer, f"change.{name}") for name in ("before", "after", "both", "entered", "left", "share")}
    return {**figures, "conditions": conditions}


def element(code: str, catalog: TagCatalog) -> Element:
    """A tag, record set or concept by code. KeyError when there is none."""
    for room in (catalog.tags, catalog.records, catalog.concepts):
        if code in room:
            return room[code]
    raise KeyError(code)


def _draft_json(answer: Answer) -> Json:
    """The tag request that could be submitted, with its dry run. None when the catalog lacks nothing."""
    if answer.draft is None:
        return None
    draft = answer.draft.draft
    return {
        "words": draft.words,
        "definition": draft.definition,
        "kind": draft.kind,
        "record": draft.record,
        "property": draft.property,
        "nearest": list(answer.draft.nearest),
        "dry_run": [{"condition": both(partial(_condition, node, answer)), "count": number(fact)} for node, fact in answer.draft.spread],
    }


def tag_request(answer: Answer, at: datetime, user: str) -> TagRequest | None:
    """The drafted tag request as it is kept, dry run and all. None when nothing is drafted. `at`: when it is submitted, with its zone."""
    if answer.draft is None:
        return None
    draft = answer.draft.draft
    spread = tuple(
        (_condition(node, answer, "zh"), _condition(node, answer, "en"), render(fact, "zh")) for node, fact in answer.draft.spread
    )
    return TagRequest(
        words=draft.words,
        definition=draft.definition,
        kind=draft.kind,
        record=draft.record or "",
        of=draft.property or "",
        nearest=answer.draft.nearest,
        spread=spread,
        as_of=answer.as_of.isoformat(),
        at=at.isoformat(timespec="seconds"),
        user=user,
    )


def draft_lines(answer: Answer, language: Language) -> tuple[str, ...]:
    """What tag could be asked for: kind, what it would be built from, how it would spread, what is nearest. Empty when nothing is drafted."""
    if answer.draft is None:
        return ()
    draft, catalog = answer.draft.draft, answer.catalog
    kind = message(language, f"tag_kind.{draft.kind}")
    if draft.record is None:
        lines = [message(language, "page.draft", {"words": draft.words, "kind": kind})]
    else:
        record = catalog.records[draft.record]
        item = None if draft.property is None else record.property(draft.property)
        source = record.name.get(language)
        if item is not None:
            source = message(language, "page.bracketed", {"text": source, "more": item.name.get(language)})
        lines = [message(language, "page.draft_from", {"definition": draft.definition, "kind": kind, "source": source})]
        if item is None and draft.kind in ("preference", "distribution"):
            names = message(language, "readback.list_join").join(one.name.get(language) for one in record.properties if one.type == "enum")
            lines.append(message(language, "page.draft_properties" if names else "page.draft_no_properties", {"names": names}))
    for node, fact in answer.draft.spread:
        counted = message(language, "option.counted", {"label": _condition(node, answer, language), "count": render(fact, language)})
        lines.append(message(language, "page.draft_spread", {"line": counted}))
    if answer.draft.nearest:
        names = message(language, "readback.list_join").join(element(code, catalog).name.get(language) for code in answer.draft.nearest)
        lines.append(message(language, "page.draft_nearest", {"names": names}))
    return tuple(lines)


def _explained_json(code: str, catalog: TagCatalog) -> Json:
    found = element(code, catalog)
    return {"code": code, "name": both(found.name.get), "definition": both(found.definition.get), "owner": found.owner}


# --- words --------------------------------------------------------------------------------------------------------------------------------------


def _dates(answer: Answer) -> Dates:
    return Dates(answer.as_of, answer.today)


def _condition(node: AnyNode, answer: Answer, language: Language) -> str:
    return condition_phrase(node, answer.catalog, language, _dates(answer))


def sentence(answer: Answer, language: Language) -> str | None:
    """The read-back of the whole rule with its dates; None when it names something the catalog does not have, or there is no rule."""
    if answer.rule is None:
        return None
    if answer.validated is None and not _readable(answer.rule.node, answer.catalog):
        return None
    return read_back(answer.rule.node, answer.catalog, language, _dates(answer))


def _readable(node: AnyNode, catalog: TagCatalog) -> bool:
    """Whether every name of an unvalidated rule can be said: asked of the read-back itself, which raises KeyError for a code it does not know."""
    try:
        read_back(node, catalog, "zh")
    except KeyError:
        return False
    return True


def used_definitions(answer: Answer, language: Language) -> tuple[Definition, ...]:
    """口径: what every tag, record set and concept of the rule means."""
    if answer.validated is None or answer.rule is None:
        return ()
    return definitions(answer.rule.node, answer.catalog, language, _dates(answer))


def notes(answer: Answer, language: Language) -> tuple[str, ...]:
    """Warnings as sentences, each once."""
    return tuple(dict.fromkeys(issue_text(issue, answer, language) for issue in answer.warnings))


def assumptions(answer: Answer, language: Language) -> tuple[str, ...]:
    """Assumptions as sentences, each once."""
    return tuple(dict.fromkeys(assumption_text(one, answer, language) for one in answer.assumptions))


def asked_issues(answer: Answer, language: Language) -> tuple[str, ...]:
    """Why there is no count, as sentences; what a question with options says is left to it."""
    put = {asked.question.code for asked in answer.questions}
    put |= {"unread"} if put & MENDING else set()
    return tuple(dict.fromkeys(issue_text(issue, answer, language) for issue in answer.issues if issue.code not in put))


def reply(answer: Answer, language: Language) -> str:
    """What the assistant says to a turn, in plain words: the narrative, the questions, the reasons, or the reference of a fault."""
    match answer.outcome:
        case "fault":
            return error_words(answer.error or "", {}, language, answer.request_id)
        case "answered" if answer.explained and answer.count is None:
            return "\n".join(explained_lines(answer, language))
        case "answered":
            told = answer.narrative.get(language)
            listed = [line for one in those(answer.insights, Coverage) for line in coverage.lines(one, answer, language)]
            called = () if answer.calls is None else made_lines(answer.calls, answer.catalog, language)
            basis = [*explained_lines(answer, language), message(language, "page.where_sql")] if answer.explained else []
            return "\n".join([*kept_lines(answer, language), *called, *listed, *([] if told is None else [told.text]), *basis])
        case _:
            said = [*asked_issues(answer, language), *(question_text(asked.question, answer, language) for asked in answer.questions)]
            return "\n".join(said) or message(language, f"outcome.{answer.outcome}")


def explained_lines(answer: Answer, language: Language) -> tuple[str, ...]:
    """What was asked to be explained: name and definition, one line each."""
    found = [element(code, answer.catalog) for code in answer.explained]
    colon = message(language, "page.colon")
    return tuple(f"{one.name.get(language)}{colon}{one.definition.get(language)}" for one in found)


def option_lines(asked: AskedQuestion, answer: Answer, language: Language) -> tuple[str, ...]:
    """The options of a question with their counts, and the overlap with the first: the text of a button."""
    lines = []
    for label, option in zip(option_labels(asked, answer, language), asked.options, strict=True):
        line = message(
            language,
            "option.counted_within" if asked.within else "option.counted",
            {"label": label, "count": render(option.count, language)},
        )
        if option.shared is not None and asked.question.code not in MENDING | _SAME_CUSTOMERS:
            shared = message(language, "page.shared", {"count": render(option.shared, language)})
            line = message(language, "page.bracketed", {"text": line, "more": shared})
        lines.append(line)
    return tuple(lines)


def count_words(answer: Answer, language: Language) -> tuple[str, str, str] | None:
    """(customers, share of which base, dates) of an answer with a count; the share is empty for the whole base. None without a count."""
    facts = answer.facts
    if answer.outcome != "answered" or facts is None or "count" not in facts:
        return None
    base_name = answer.catalog.header.base_population.name.get(language)
    share = message(language, "page.base_total", {"base_name": base_name, "base": render(facts["base"], language)})
    if "share" in facts and not facts["share"].suppressed and facts["share"].value is not None:
        of_base = message(language, "page.of_base", {"base_name": base_name, "share": render(facts["share"], language)})
        share = message(language, "page.bracketed", {"text": of_base, "more": render(facts["base"], language)})
    tags = "" if answer.tags_as_of is None else answer.tags_as_of.isoformat()
    dates = message(language, "page.dates", {"as_of": answer.as_of.isoformat(), "today": answer.today.isoformat(), "tags": tags})
    return render(facts["count"], language), share, dates


def doubt_lines(answer: Answer, language: Language) -> tuple[str, ...]:
    """What stands beside a count that cannot be wholly relied on: from where to where it may go, and for which missing values; and which tags stand still. Empty where it can."""
    found, facts, tags = answer.reliability, answer.facts, answer.catalog.tags
    if facts is None:
        return ()
    lines = []
    if found.bounds is not None and found.told(facts):
        shares = (
            {"tag": unknown_tag(one, answer.catalog, language), "share": render(facts[f"missing.{one.tag}.share"], language)}
            for one in found.bounds.missing
            if not facts[f"missing.{one.tag}.share"].suppressed
        )
        missing = message(language, "readback.list_join").join(message(language, "page.bounds_missing", one) for one in shares)
        ends = {name: render(facts[f"bounds.{name}"], language) for name in ("low", "high")}
        lines.append(message(language, "page.bounds", {**ends, "missing": missing}))
    for code in found.stale:
        said = {"tag": tags[code].name.get(language), "before": render(facts["stale.before"], language)}
        lines.append(message(language, "page.stale", said))
    return tuple(lines)


def _reliability_json(answer: Answer) -> Json:
    """The bounds with the tags whose values are missing, and the tags that stand still. None where the count can be relied on."""
    found, facts = answer.reliability, answer.facts
    told = facts is not None and found.bounds is not None and found.told(facts)
    if not told and not found.stale:
        return None
    missing: list[Json] = [
        {"tag": one.tag, "count": number_of(answer, f"unknown.{one.tag}"), "share": number_of(answer, f"missing.{one.tag}.share")}
        for one in (found.bounds.missing if told and found.bounds is not None else ())
    ]
    ends = [number_of(answer, f"bounds.{name}") for name in ("low", "high")] if told else [None, None]
    return {
        "low": ends[0],
        "high": ends[1],
        "missing": missing,
        "stale": list(found.stale),
        "text": both(lambda language: "\n".join(doubt_lines(answer, language))),
    }


def before_words(answer: Answer, language: Language) -> str:
    """The counts before and after an edit; empty when the turn edited nothing."""
    if answer.change is None or answer.facts is None:
        return ""
    said = {name: render(answer.facts[f"change.{name}"], language) for name in ("before", "after")}
    share = fact_of(answer, "change.share")
    if share is None or share.suppressed:
        return message(language, "page.before", said)
    return message(language, "page.before_share", {**said, "share": render(share, language)})


def change_lines(answer: Answer, language: Language) -> tuple[str, ...]:
    """What an edit did to the conditions, one line each."""
    if answer.change is None:
        return ()
    return difference_words(answer.changes, answer.catalog, language, _dates(answer))


def outcome_title(answer: Answer, language: Language) -> str:
    """What stands over an answer without a count: what is wanted of the reader, or that it is only a notice."""
    only_told = bool(answer.issues) and all(issue.severity is Severity.WARN for issue in answer.issues) and not answer.questions
    return message(language, "page.notes" if only_told else f"outcome.{answer.outcome}")


def funnel_grid(answer: Answer, language: Language) -> Grid | None:
    """Each condition with what remains after it, alone and left out; the base first."""
    if answer.funnel is None or answer.validated is None:
        return None
    base_name = answer.catalog.header.base_population.name.get(language)
    rows: list[tuple[str, ...]] = [(base_name, words_of(answer, "funnel.base", language), "", "")]
    for place, one in enumerate(funnel.conditions(answer.validated)):
        figures = tuple(words_of(answer, f"funnel.{place}.{name}", language) for name in ("remaining", "alone", "without"))
        rows.append((condition_phrase(one.node, answer.catalog, language), *figures))
    header = tuple(message(language, f"page.{name}") for name in ("condition", "remaining", "alone", "without"))
    return Grid(message(language, "page.funnel"), header, tuple(rows), frozenset({1, 2, 3}), message(language, "page.alone_help"))


def grids(answer: Answer, language: Language) -> tuple[Grid, ...]:
    """All tables of an answer in reading order."""
    narrowing = funnel_grid(answer, language)
    called = () if answer.calls is None or not answer.calls.items else (calling.grid(answer.calls, answer.catalog, language),)
    return (*called, *(() if narrowing is None else (narrowing,)), *insight_grids(answer, language))


# --- plain text -------------------------------------------------------------------------------------------------------------------------------------


def as_text(answer: Answer, language: Language, sql: bool = False) -> str:
    """An answer for a terminal: what was understood, by what conventions, how many, the tables, the narrative; or the question with its options."""
    parts: list[str] = []
    readback = sentence(answer, language)
    if readback is not None:
        title = "page.understood_first" if answer.questions else "page.understood"
        parts.append(_headed(message(language, title), [readback]))
    for title, lines in (("page.assumptions", assumptions(answer, language)), ("page.notes", notes(answer, language))):
        if lines:
            parts.append(_headed(message(language, title), [f"· {line}" for line in lines]))
    counted = count_words(answer, language)
    if counted is not None:
        before = before_words(answer, language)
        first = counted[0] if not before else message(language, "page.bracketed", {"text": counted[0], "more": before})
        changed = [f"· {line}" for line in change_lines(answer, language)]
        parts.append(_headed(message(language, "page.count"), [first, *doubt_lines(answer, language), *changed, *counted[1:]]))
    if answer.outcome == "answered":
        parts.extend(grid_text(grid) for grid in grids(answer, language))
        parts.append(reply(answer, language))
    else:
        parts.append(_headed(outcome_title(answer, language), _reasons(answer, language)))
    drafted = draft_lines(answer, language)
    if drafted:
        parts.append(_headed(message(language, "page.draft_title"), [*drafted, message(language, "cli.how_to_request")]))
    if sql:
        parts.extend(f"-- {purpose}\n{text}" for purpose, text in answer.sql.items())
    return _printable("\n\n".join(part for part in parts if part))


def _printable(words: str) -> str:
    """What a terminal may be sent: control characters and those that turn the direction of text are shown as a mark."""
    return "".join(
        "\ufffd" if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Cs") else character for character in words
    )


def _reasons(answer: Answer, language: Language) -> list[str]:
    if answer.outcome == "fault" or not answer.questions:
        return reply(answer, language).split("\n")
    lines = list(asked_issues(answer, language))
    for asked in answer.questions:
        lines.append(question_text(asked.question, answer, language))
        lines.extend(f"  {place}. {line}" for place, line in enumerate(option_lines(asked, answer, language), 1))
    return [*lines, message(language, "cli.how_to_choose")]


def _headed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)])


def grid_text(grid: Grid) -> str:
    """Columns lined up by what the characters take on a screen, figures to the right."""
    rows = [grid.header, *grid.rows]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(grid.header))]
    lines = ["  ".join(_padded(cell, widths[column], column in grid.numeric) for column, cell in enumerate(row)).rstrip() for row in rows]
    return _headed(grid.title, [*lines, *([grid.note] if grid.note else [])])


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in words)


def _padded(words: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(words))
    return blanks + words if right else words + blanks


# --- notebook ---------------------------------------------------------------------------------------------------------------------------------------


def as_markdown(answer: Answer, language: Language) -> str:
    """An answer as Markdown; words of the request and of the data cannot become markup."""
    parts = []
    readback = sentence(answer, language)
    if readback is not None:
        parts.append(f"**{message(language, 'page.understood')}** {_plain_markdown(readback)}")
    parts.extend(f"- {_plain_markdown(line)}" for line in (*assumptions(answer, language), *notes(answer, language)))
    counted = count_words(answer, language)
    if counted is not None:
        before = before_words(answer, language)
        parts.append(f"**{counted[0]}** {_plain_markdown(' '.join([before, *counted[1:]]).strip())}")
        parts.extend(f"- {_plain_markdown(line)}" for line in (*doubt_lines(answer, language), *change_lines(answer, language)))
    if answer.outcome == "answered":
        parts.extend(_grid_markdown(grid) for grid in grids(answer, language))
        parts.append(_plain_markdown(reply(answer, language)))
    else:
        parts.extend(_plain_markdown(line.strip()) for line in _reasons(answer, language)[: None if not answer.questions else -1])
    return "\n\n".join(part for part in parts if part)


def as_html(answer: Answer, language: Language) -> str:
    """An answer as HTML without scripts or styles from elsewhere, everything escaped."""
    parts = (
        [f"<p><b>{escape(message(language, 'page.understood'))}</b> {escape(sentence(answer, language) or '')}</p>"]
        if answer.rule is not None
        else []
    )
    said = (*assumptions(answer, language), *notes(answer, language))
    if said:
        parts.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in said) + "</ul>")
    counted = count_words(answer, language)
    if counted is not None:
        rest = " · ".join(escape(words) for words in (before_words(answer, language), *counted[1:]) if words)
        parts.append(f"<p><b style='font-size:1.6em'>{escape(counted[0])}</b> {rest}</p>")
        told = (*doubt_lines(answer, language), *change_lines(answer, language))
        if told:
            parts.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in told) + "</ul>")
    if answer.outcome == "answered":
        parts.extend(grid_html(grid) for grid in grids(answer, language))
        parts.append(f"<p>{escape(reply(answer, language))}</p>")
    else:
        lines = _reasons(answer, language)[: None if not answer.questions else -1]
        parts.append("<p>" + "<br>".join(escape(line.strip()) for line in lines) + "</p>")
    return "".join(parts)


def grid_html(grid: Grid) -> str:
    """A table, everything escaped; figures carry the class `figure`."""

    def cells(row: tuple[str, ...], name: str) -> str:
        return "".join(
            f"<{name}{' class=figure' if column in grid.numeric else ''}>{escape(cell)}</{name}>" for column, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in grid.rows)
    note = f"<p class='help'>{escape(grid.note)}</p>" if grid.note else ""
    head = f"<caption>{escape(grid.title)}</caption><thead><tr>{cells(grid.header, 'th')}</tr></thead>"
    return f"<div class='scroll'><table>{head}<tbody>{body}</tbody></table></div>{note}"


def _grid_markdown(grid: Grid) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(_plain_markdown(cell) for cell in cells) + " |"

    ruler = ["---:" if column in grid.numeric else "---" for column in range(len(grid.header))]
    rows = [f"**{_plain_markdown(grid.title)}**", "", line(grid.header), "| " + " | ".join(ruler) + " |", *map(line, grid.rows)]
    return "\n".join([*rows, *(["", _plain_markdown(grid.note)] if grid.note else [])])


def _plain_markdown(words: str) -> str:
    """Words that Markdown shows as they are: every mark it reads is escaped, HTML too."""
    marked = "".join(f"\\{character}" if character in "\\`*_{}[]()#+!|~$" else character for character in words)
    return escape(marked, quote=False).replace("\n", "  \n")
