"""Names and a definition that a model proposes for an entry of the catalog. Law: a draft is for a person to approve and changes nothing; a name that says more than the entry's name, or that names
something else already, is told apart with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.catalog.excerpt import excerpt
from assistant.catalog.model import Element, Language
from assistant.interpret.grammar import tokens_of
from assistant.interpret.interpretation import Context
from assistant.interpret.lexer import Token
from assistant.language.text import normalise
from assistant.llm.chat import Chat, Failure
from assistant.llm.prompts import PromptFile

MOST_NAMES = 8
SHORTEST, LONGEST = 2, 30
"""Characters of a name."""
LONGEST_DEFINITION = 300
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"aliases": {"type": "array", "maxItems": MOST_NAMES, "items": {"type": "string"}}, "definition": {"type": "string"}},
    "required": ["aliases", "definition"],
    "additionalProperties": False,
}
"""The shape of a reply."""
_LANGUAGE = {"zh": "Chinese", "en": "English"}

Unfit = Literal["known", "taken", "more_than_a_name", "length", "characters"]
"""Why a name is no use. known: the entry is called so already; taken: it names something else; more_than_a_name: it holds a number, time, comparison, denial or another word that limits; length, characters:
too short, too long, or with marks that are not seen."""


@dataclass(frozen=True, slots=True)
class WordDraft:
    """What a model proposes for an entry in one language: names fit to be approved, those that are not with the reason, and a definition ("" for none)."""

    code: str
    language: Language
    names: tuple[str, ...]
    unfit: tuple[tuple[str, Unfit], ...]
    definition: str


def draft_words(
    chat: Chat, file: PromptFile, element: Element, context: Context, language: Language, seconds: float
) -> WordDraft | Failure:
    """A model's proposal for an entry; nothing of a reply that is not of the shape asked for is used."""
    lines = [element.name.get(language), element.definition.get(language), excerpt(context.catalog, [element.code], language)]
    prompt = file.prompt({"language": _LANGUAGE[language], "element": "\n".join(lines)}, schema=SCHEMA, codes=(element.code,))
    outcome = chat.complete(prompt, seconds)
    if isinstance(outcome, Failure):
        return outcome
    said, definition = outcome.data.get("aliases"), outcome.data.get("definition")
    words = dict.fromkeys(" ".join(one.split()) for one in said if isinstance(one, str)) if isinstance(said, list) else {}
    judged = [(one, unfit(one, element, context)) for one in words]
    told = " ".join(definition.split()) if isinstance(definition, str) and definition.isprintable() else ""
    return WordDraft(
        element.code,
        language,
        tuple(one for one, why in judged if why is None)[:MOST_NAMES],
        tuple((one, why) for one, why in judged if why is not None),
        told if len(told) <= LONGEST_DEFINITION else "",
    )


def unfit(name: str, element: Element, context: Context) -> Unfit | None:
    """Why a name cannot be another name of an entry; None when it can."""
    if not name.isprintable() or any(mark in name for mark in "{}<>[]\"'`;"):
        return "characters"
    if not SHORTEST <= len(name) <= LONGEST:
        return "length"
    tokens = tokens_of(normalise(name), context)
    if any(_limits(token) for token in tokens) or any(character.isdigit() for character in name):
        return "more_than_a_name"
    named = [token for token in tokens if token.content]
    if not named or not all(token.read for token in tokens):
        return None
    return "known" if all(any(meaning.code == element.code for meaning in token.meanings) for token in named) else "taken"


def _limits(token: Token) -> bool:
    """Whether a word says a number, time or comparison, denies, or joins."""
    if token.window is not None or token.comparison is not None or token.rank is not None or token.of("value"):
        return True
    return not token.content and token.read and token.phrase("ignored", "people", "person", "have", "is", "those") is None
