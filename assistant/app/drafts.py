"""Names and definitions drafted by a model, as the lines a data owner would put into the catalog. Law: printed for approval; nothing is changed by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import yaml

from assistant.app.build import open_chat
from assistant.app.view import element
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Element, Language
from assistant.catalog.search import Search
from assistant.errors import UserError
from assistant.interpret.interpretation import Context
from assistant.interpret.offered.word_drafts import WordDraft, draft_words
from assistant.llm.chat import Chat, Failure
from assistant.llm.prompts import load_prompts
from assistant.narrate.messages import message
from assistant.settings import Settings


def draft_lines(codes: Sequence[str], settings: Settings, day: date, language: Language, chat: Chat | None = None) -> list[str]:
    """The drafts of some entries as YAML with what is no use beside it, told in `language`; `chat`: another model than that of the settings. UserError `element_unknown` with the nearest codes, `setting_invalid`
    where no model is set, and as of the catalog and the prompts."""
    catalog = TagCatalog.load(settings.catalog)
    model = chat or open_chat(settings)
    if model is None:
        raise UserError("setting_invalid", name="model_base_url", fault="missing")
    found = [_element(code, catalog) for code in codes]
    context, file = Context(catalog, day, day + timedelta(days=1)), load_prompts()["draft"]
    lines = [f"# {message(language, 'draft.head', {'model': settings.model_name})}"]
    for one in found:
        drafts: list[WordDraft] = []
        for tongue in LANGUAGES:
            outcome = draft_words(model, file, one, context, tongue, settings.model_deadline)
            if isinstance(outcome, Failure):
                lines.append(
                    f"# {message(language, 'draft.failed', {'code': one.code, 'why': message(language, f'model_failure.{outcome.code}')})}"
                )
            else:
                drafts.append(outcome)
        lines += _entry(one.code, drafts)
        for draft in drafts:
            for name, why in draft.unfit:
                lines.append(f"  # {message(language, 'draft.unfit', {'name': name, 'why': message(language, f'draft.why_{why}')})}")
    return lines


def _element(code: str, catalog: TagCatalog) -> Element:
    try:
        return element(code, catalog)
    except KeyError as error:
        nearest = tuple(hit.code for hit in Search(catalog).suggest(code))
        raise UserError("element_unknown", element=code, nearest=nearest or ("-",)) from error


def _entry(code: str, drafts: Sequence[WordDraft]) -> list[str]:
    """An entry in the shape of a catalog file."""
    data: dict[str, object] = {"code": code}
    for key, said in (
        ("aliases", {one.language: list(one.names) for one in drafts if one.names}),
        ("definition", {one.language: one.definition for one in drafts if one.definition}),
    ):
        if said:
            data[key] = said
    return yaml.safe_dump([data], allow_unicode=True, sort_keys=False, width=160).rstrip().splitlines()
