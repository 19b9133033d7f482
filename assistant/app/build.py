"""Settings -> Assistant. Law: the only wiring; engine, interpreter and identity are made here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.catalog.examples import load_examples
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Text
from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import UserError
from assistant.interpret.ensemble import Ensemble
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Interpreter
from assistant.interpret.model import ModelLinker, approved_links
from assistant.llm.chat import Chat
from assistant.llm.egress import FileEgress
from assistant.llm.guarded import GuardedChat
from assistant.llm.prompts import load_prompts
from assistant.llm.remembered import RememberedChat
from assistant.narrate.messages import message
from assistant.narrate.phrasing import ModelPhraser, Phraser
from assistant.narrate.readback import unit_names
from assistant.pipeline import Assistant
from assistant.pipeline.verified import verified_examples
from assistant.policy import Identity, Role
from assistant.settings import Settings, load_settings
from assistant.store.open import Store, open_store

_MODEL = "assistant.llm.openai_chat"
"""Imported when a model is set, and not before: LangChain and OpenAI's client take seconds."""


class _OpensChat(Protocol):
    """What `_MODEL` gives."""

    def __call__(self, base_url: str, model: str, key: SecretStr | None, mode: str, output_tokens: int) -> Chat: ...


def open_engine(settings: Settings) -> DuckDBEngine:
    """The bank file of the settings. UserError `demo_missing` or `database_foreign`."""
    return DuckDBEngine(settings.database, settings.memory, settings.threads, settings.timeout)


def build_assistant(
    settings: Settings | None = None,
    role: Role = "head_office_analyst",
    branches: Sequence[str] = (),
    engine: DuckDBEngine | None = None,
    store: Store | None = None,
) -> Assistant:
    """An Assistant over the bank file of the settings (default: those in force). `branches`: codes or names of the units whose subtrees may be seen; `store`: another one
    than that of the settings.

    UserError: store_url, store_unreachable, store_newer, demo_missing, database_foreign, catalog_missing, catalog_file, setting_invalid, settings_file, branch_unknown.
    """
    chosen = settings or load_settings()
    catalog = TagCatalog.load(chosen.catalog)
    engine = engine or open_engine(chosen)
    chat = open_chat(chosen)
    who = identity(role, branches, catalog)
    return Assistant(
        catalog=within(catalog, who.branches),
        engine=engine,
        interpreter=interpreter_of(chosen, chat),
        snapshots=engine.snapshots(catalog.header.customer_table, catalog.header.snapshot_column),
        kept=store or open_store(chosen.store_url),
        identity=who,
        phraser=phraser_of(chosen, chat),
        examples=verified_examples(load_examples(chosen.catalog)),
    )


def interpreter_of(settings: Settings, chat: Chat | None = None) -> Interpreter:
    """The grammar by itself, or with the model of the settings (or `chat`) for the words it does not know. UserError prompt_file, catalog_file, and as `open_chat`."""
    model = chat or open_chat(settings)
    if model is None:
        return GrammarInterpreter()
    examples = load_examples(settings.catalog)
    linker = ModelLinker(model, load_prompts(), examples)
    return Ensemble(GrammarInterpreter(), linker, approved_links(examples), settings.model_use == "always", settings.model_deadline)


def phraser_of(settings: Settings, chat: Chat | None) -> Phraser | None:
    """Who puts findings into other words: nobody unless the settings say so and there is a model. UserError prompt_file."""
    if chat is None or not settings.model_phrases:
        return None
    return ModelPhraser(chat, load_prompts()["narrate"], settings.model_deadline)


def open_chat(settings: Settings) -> Chat | None:
    """The model of the settings behind its breaker and its egress log, its last replies at hand; None when there is none. UserError `setting_invalid` for an address without a model's name."""
    if settings.model_base_url is None or settings.model_use == "off":
        return None
    if not settings.model_name:
        raise UserError("setting_invalid", name="model_name", fault="missing")
    opened: _OpensChat = import_module(_MODEL).OpenAIChat
    chat = opened(settings.model_base_url, settings.model_name, settings.model_key, settings.model_mode, settings.model_output_tokens)
    host = urlsplit(settings.model_base_url).netloc
    return RememberedChat(GuardedChat(chat, host, settings.model_name, FileEgress(settings.egress_log)))


def identity(role: Role, branches: Sequence[str], catalog: TagCatalog) -> Identity:
    """Who asks: the demo's user in a role, bound to some units. UserError `branch_unknown`."""
    return Identity(role=role, branches=tuple(unit_code(catalog, one) for one in branches))


def within(catalog: TagCatalog, branches: Sequence[str]) -> TagCatalog:
    """The catalog with its base population called after the units an identity is bound to: every answer names the base it counts. As it is without units."""
    if not branches:
        return catalog
    base = catalog.header.base_population
    said = {
        language: message(
            language,
            "narrative.base_within",
            {"units": unit_names(branches, catalog, language), "base": base.name.get(language)},
        )
        for language in LANGUAGES
    }
    named = base.model_copy(update={"name": Text(zh=said["zh"], en=said["en"])})
    return replace(catalog, header=catalog.header.model_copy(update={"base_population": named}))


def unit_code(catalog: TagCatalog, said: str) -> str:
    """The code of a unit said by code or by a name that only one unit has."""
    if said in catalog.organisation:
        return said
    found = [unit.code for unit in catalog.header.organisation if said in (unit.name.zh, unit.name.en, *unit.aliases.all())]
    if len(found) != 1:
        raise UserError("branch_unknown", branch=said)
    return found[0]
