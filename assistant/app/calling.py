"""Call lists in words and on the wire. Law: customers by masked numbers, figures by Facts; what is said to a customer is the catalog's own wording and nothing else."""

from __future__ import annotations

from datetime import date
from functools import partial

from assistant.app.shown import Grid, both, number
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.narrate.render import day, render
from assistant.pipeline import Calls
from assistant.policy import masked
from assistant.rule.canonical import Json
from assistant.store.call import CallItem, CallList, CallReason

_FIGURES = ("selected", "reachable", "before", "taken", "left")
WITHDRAWN = "withdrawn"


def made_lines(found: Calls, catalog: TagCatalog, language: Language) -> tuple[str, ...]:
    """What a run gave: who was selected and may be called, why the others may not, who came onto the list, and what it is ranked by."""
    made, facts, reach = found.made, found.facts, found.reach
    said = {name: render(facts[f"calls.{name}"], language) for name in _FIGURES}
    said |= {"name": made.name, "id": made.id, "number": str(made.last.number), "as_of": day(made.last.as_of)}
    said["purpose"] = message(language, f"purpose.{made.purpose}")
    lines = [
        message(language, "calls.made" if made.last.number == 1 else "calls.made_again", said),
        message(language, "export.reach", said),
    ]
    if reach is not None:
        for place, one in enumerate(reach.reasons):
            if reach.lost(place):
                lost = {"reason": one.name.get(language), "lost": render(facts[f"calls.{place}.lost"], language)}
                lines.append(message(language, "export.left_out", lost))
    if made.last.left:
        lines.append(message(language, "calls.left", said))
    return (*lines, ranked_words(made, catalog, language))


def ranked_words(made: CallList, catalog: TagCatalog, language: Language) -> str:
    """What a list is ranked by, and where that is from."""
    tag = catalog.tags.get(made.ranked_by.removeprefix("-"))
    if tag is None:
        return message(language, "calls.ranked_number")
    order = "coming" if tag.type == "date" else "largest" if made.ranked_by.startswith("-") else "smallest"
    return message(language, f"calls.ranked_{order}", {"tag": tag.name.get(language)})


def script_lines(made: CallList, found: Calls, catalog: TagCatalog, language: Language) -> tuple[str, ...]:
    """What whoever calls goes through: the template's playbook, else what the catalog has for the tags that are said; then what always holds."""
    strategy = catalog.strategies.get(made.strategy)
    if strategy is not None:
        head = message(language, "calls.script_strategy", {"name": strategy.name.get(language)})
        points = [one.get(language) for one in strategy.playbook]
    else:
        head = message(language, "calls.script_tags")
        codes = dict.fromkeys(reason.tag for item in found.items for reason in item.reasons)
        scripts = [sayable.script for code in codes if (tag := catalog.tags.get(code)) is not None and (sayable := tag.sayable) is not None]
        points = [one.get(language) for script in scripts for one in script]
    guard = [one.get(language) for one in catalog.framework.calls.guard]
    return (*((head, *(f"· {one}" for one in points)) if points else ()), message(language, "calls.guard"), *(f"· {one}" for one in guard))


def reason_words(item: CallItem, made: CallList, catalog: TagCatalog, language: Language) -> str:
    """What the customer may be told why she is called: of her own tags, else the bank's opening for the purpose."""
    said = [words for one in item.reasons if (words := _reason(one, catalog, language))]
    if said:
        return message(language, "calls.reason_join").join(said)
    openings = catalog.framework.calls.openings
    opening = openings.get("service" if made.purpose == "service" else "marketing")
    return "" if opening is None else opening.get(language)


def _reason(reason: CallReason, catalog: TagCatalog, language: Language) -> str:
    tag = catalog.tags.get(reason.tag)
    if tag is None or tag.sayable is None:
        return ""
    label = next((one.label.get(language) for one in tag.values if one.code == reason.value), reason.value)
    return tag.sayable.text.get(language).replace("{value}", label)


def grid(found: Calls, catalog: TagCatalog, language: Language) -> Grid:
    """The items, one a row: number, masked customer, reason, due day, who looks after her, last contact, result."""
    header = tuple(
        message(language, f"calls.head_{name}") for name in ("number", "customer", "reason", "due", "managed", "contacted", "result")
    )
    rows = tuple(
        (
            str(one.number),
            masked(one.customer),
            reason_words(one, found.made, catalog, language),
            due_words(one, language),
            managed_words(one, catalog, language),
            contacted_words(one.contacted, language),
            result_words(one, found, language),
        )
        for one in found.items
    )
    return Grid(message(language, "calls.title", {"name": found.made.name}), header, rows, frozenset({0}), hidden_words(found, language))


def hidden_words(found: Calls, language: Language) -> str:
    """That some of a list are their owner's no more; empty where none is."""
    return message(language, "calls.hidden", {"count": str(found.hidden)}) if found.hidden else ""


def due_words(item: CallItem, language: Language) -> str:
    """The day by which she is called; a day of hers that sets it is told."""
    return message(language, f"calls.due_{item.due_by}", {"day": day(item.due)})


def managed_words(item: CallItem, catalog: TagCatalog, language: Language) -> str:
    """Whether a manager looks after her, and in which unit."""
    unit = catalog.organisation.get(item.unit)
    known = "unknown" if item.managed is None else "yes" if item.managed else "no"
    words = message(language, f"calls.managed_{known}")
    return words if unit is None else message(language, "page.bracketed", {"text": unit.name.get(language), "more": words})


def contacted_words(last: date | None, language: Language) -> str:
    """When a manager last tried to reach her."""
    return message(language, "calls.never_contacted") if last is None else day(last)


def result_words(item: CallItem, found: Calls, language: Language) -> str:
    """What came of the call; that she is not to be called any more, where she declined elsewhere."""
    if item.number in found.withdrawn:
        return message(language, "call_result.withdrawn")
    return message(language, f"call_result.{item.result or 'open'}")


def list_line(made: CallList, language: Language) -> str:
    """A list in one line."""
    said = {
        "id": made.id,
        "name": made.name,
        "purpose": message(language, f"purpose.{made.purpose}"),
        "runs": str(len(made.runs)),
        "items": str(sum(one.taken for one in made.runs)),
        "as_of": day(made.last.as_of),
    }
    return message(language, "calls.line", said)


def list_json(made: CallList) -> dict[str, Json]:
    """A list without its items."""
    runs: list[Json] = [
        {"number": one.number, "as_of": one.as_of.isoformat(), "taken": one.taken, "branches": list(one.branches)} for one in made.runs
    ]
    return {
        "id": made.id,
        "name": made.name,
        "purpose": made.purpose,
        "strategy": made.strategy or None,
        "segment": made.segment or None,
        "asked": made.said,
        "ranked_by": made.ranked_by.removeprefix("-") or None,
        "runs": runs,
    }


def calls_json(found: Calls, catalog: TagCatalog) -> dict[str, Json]:
    """A list with its items: customers masked, results as they stand, and the figures of its last run."""
    reach, facts = found.reach, found.facts
    left_out: Json = None
    if reach is not None:
        left_out = [
            {"code": one.code, "name": both(one.name.get), "count": number(facts[f"calls.{place}.lost"])}
            for place, one in enumerate(reach.reasons)
        ]
    items: list[Json] = [
        {
            "item": one.number,
            "run": one.run,
            "customer": masked(one.customer),
            "reason": both(partial(reason_words, one, found.made, catalog)),
            "due": one.due.isoformat(),
            "unit": one.unit or None,
            "managed": one.managed,
            "last_contact": None if one.contacted is None else one.contacted.isoformat(),
            "result": WITHDRAWN if one.number in found.withdrawn else one.result,
            "result_at": one.at or None,
        }
        for one in found.items
    ]
    return {
        **list_json(found.made),
        "ranked": both(partial(ranked_words, found.made, catalog)),
        **{name: number(facts[f"calls.{name}"]) for name in _FIGURES},
        "left_out": left_out,
        "script": both(lambda language: "\n".join(script_lines(found.made, found, catalog, language))),
        "items": items,
        "hidden": found.hidden,
    }
