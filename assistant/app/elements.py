"""The catalog for people and programs: one element in full, or a search. Law: only the catalog's own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.app.shown import both
from assistant.app.view import element
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Concept, Element, Language, RecordSet, Tag
from assistant.catalog.search import search_of
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.rule.canonical import Json
from assistant.rule.tree import ConceptRef
from assistant.store.tag_requests import Asked

_MOST_VALUES = 20


def element_text(code: str, folder: Path | None, language: Language) -> str:
    """A tag, record set or concept in full. UserError `element_unknown` with the nearest codes."""
    catalog = TagCatalog.load(folder)
    found = element_named(code, catalog)
    colon = message(language, "page.colon")
    lines = [f"{found.code}  {found.name.zh} / {found.name.en}", found.definition.get(language)]
    return "\n".join([*lines, *(f"{title}{colon}{value}" for title, value in element_rows(found, catalog, language))])


def element_named(code: str, catalog: TagCatalog) -> Element:
    """A tag, record set or concept by its code. UserError `element_unknown` with the nearest codes."""
    try:
        return element(code, catalog)
    except KeyError as error:
        nearest = tuple(hit.code for hit in search_of(catalog).suggest(code))
        raise UserError("element_unknown", element=code, nearest=nearest or ("-",)) from error


def element_json(code: str, catalog: TagCatalog) -> dict[str, Json]:
    """An element for programs, in its own words. UserError as of `element_named`."""
    found = element_named(code, catalog)
    return {
        "code": found.code,
        "name": both(found.name.get),
        "definition": both(found.definition.get),
        "owner": found.owner,
        "status": found.status,
    }


def search_json(words: str, limit: int, catalog: TagCatalog) -> list[Json]:
    """The best hits for programs: each element with its kind, the value meant, and the word that fitted."""
    return [
        {**element_json(one.code.partition(".")[0], catalog), "kind": one.kind, "value": one.value, "matched": one.matched}
        for one in search_of(catalog).find(words, limit=limit)
    ]


def element_rows(found: Element, catalog: TagCatalog, language: Language) -> tuple[tuple[str, str], ...]:
    """What the catalog says of an element besides its name and definition: titles with their texts, none of them empty."""
    aliases = found.aliases.zh if language == "zh" else found.aliases.en
    join = message(language, "readback.list_join")
    rows = [("page.aliases", join.join(aliases)), ("page.owner_name", message(language, f"team.{found.owner}"))]
    match found:
        case Tag():
            unit = message(language, f"unit.{found.unit}", {"value": ""}).strip()
            values = [f"{value.code} {value.label.get(language)}" for value in catalog.values(found)]
            rows += [
                ("tags.status", message(language, f"status.{found.status}")),
                ("page.type", message(language, f"value_type.{found.type}")),
                ("page.unit", unit),
                ("page.null_means", message(language, f"null_means.{found.null_means}")),
                ("page.subject", _subject(found.subject, catalog, language)),
                ("tags.freshness", message(language, f"freshness.{found.freshness}")),
                ("page.values", join.join([*values[:_MOST_VALUES], *(["…"] if len(values) > _MOST_VALUES else [])])),
            ]
        case RecordSet():
            rows += [
                ("page.subject", _subject(found.subject, catalog, language)),
                ("page.properties", join.join(f"{one.code} {one.name.get(language)}" for one in found.properties)),
                ("page.history", "" if found.history_from is None else found.history_from.isoformat()),
            ]
        case Concept():
            rows.append(("page.means", condition_phrase(catalog.expand(ConceptRef(concept=found.code)), catalog, language)))
            negated = condition_phrase(catalog.expand(ConceptRef(concept=found.code, negated=True)), catalog, language)
            rows.append(("page.negation_means", negated))
    return tuple((message(language, key), value) for key, value in rows if value)


def _subject(code: str, catalog: TagCatalog, language: Language) -> str:
    return next((one.label.get(language) for one in catalog.header.subjects if one.code == code), code)


def search_text(words: str, limit: int, folder: Path | None, language: Language) -> str:
    """The best hits, one a line: kind, code, name and the word that fitted."""
    catalog = TagCatalog.load(folder)
    hits = search_of(catalog).find(words, limit=limit)
    if not hits:
        return message(language, "issue.no_tags_about", {"words": words})
    lines = []
    for hit in hits:
        name = element(hit.code.partition(".")[0], catalog).name.get(language)
        code = hit.code if hit.value is None else f"{hit.code}={hit.value}"
        lines.append(f"{message(language, f'page.kind_{hit.kind}')}  {code}  {name}  ({hit.matched})")
    return "\n".join(lines)


def requests_text(found: Sequence[Asked], folder: Path | None, language: Language) -> str:
    """The tag requests submitted, one a line with its dry run below."""
    if not found:
        return message(language, "cli.no_requests")
    catalog = TagCatalog.load(folder)
    lines: list[str] = []
    for one in found:
        request = one.request
        record = catalog.records.get(request.record)
        item = None if record is None else record.property(request.of)
        source = " / ".join(part.name.get(language) for part in (record, item) if part is not None)
        said = {
            "times": str(one.times), "words": request.words, "kind": message(language, f"tag_kind.{request.kind}"), "source": source,
            "definition": request.definition, "first": one.first_at[:10], "last": one.last_at[:10],
        }  # fmt: skip
        lines.append(message(language, "cli.request_line", said))
        for chinese, english, customers in request.spread:
            label = chinese if language == "zh" else english
            lines.append("    " + message(language, "option.counted", {"label": label, "count": customers}))
    return "\n".join(lines)


def requests_json(found: Sequence[Asked]) -> Json:
    """The tag requests submitted, as one object each."""
    return [
        {
            "words": one.request.words,
            "definition": one.request.definition,
            "kind": one.request.kind,
            "record": one.request.record or None,
            "property": one.request.of or None,
            "nearest": list(one.request.nearest),
            "dry_run": [{"condition": {"zh": zh, "en": en}, "customers": customers} for zh, en, customers in one.request.spread],
            "as_of": one.request.as_of,
            "user": one.request.user,
            "times": one.times,
            "first_at": one.first_at,
            "last_at": one.last_at,
        }
        for one in found
    ]
