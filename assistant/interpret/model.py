"""A language model as a linker: the catalog's words and the request in, links out. Law: what it says is only read as links; it never sees a customer's value, and nothing it says is obeyed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.catalog.examples import Example, nearest
from assistant.catalog.excerpt import excerpt
from assistant.catalog.load import TagCatalog
from assistant.catalog.retrieval import Retriever, retriever_of
from assistant.interpret.ensemble import Ensemble, folded_link
from assistant.interpret.interpretation import Context, Interpreter
from assistant.interpret.links import MOST_CHARACTERS, MOST_LINKS, Link, Linked
from assistant.language.text import detect
from assistant.llm.chat import Chat, Failure, Prompt
from assistant.llm.prompts import PromptFile

SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "links": {
            "type": "array",
            "maxItems": MOST_LINKS,
            "items": {
                "type": "object",
                "properties": {
                    "quote": {"type": "string", "maxLength": MOST_CHARACTERS},
                    "means": {"type": "string", "maxLength": MOST_CHARACTERS},
                },
                "required": ["quote", "means"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["links"],
    "additionalProperties": False,
}
"""The shape of a reply."""


@dataclass(frozen=True, slots=True)
class ModelLinker:
    """A Linker over a Chat. `elements`: how many catalog elements are shown; `shown`: how many verified examples."""

    chat: Chat
    prompts: Mapping[str, PromptFile]
    examples: tuple[Example, ...] = ()
    retriever: Callable[[TagCatalog], Retriever] = retriever_of
    elements: int = 14
    shown: int = 4

    def links(
        self, request: str, unread: Sequence[str], context: Context, seconds: float, before: Linked | None = None
    ) -> tuple[Link, ...] | Failure:
        """What a model says the words mean; nothing of a reply that is not of the shape asked for is used."""
        outcome = self.chat.complete(self.prompt(request, unread, context, before), seconds, context.cancel)
        return outcome if isinstance(outcome, Failure) else read_links(outcome.data)

    def prompt(self, request: str, unread: Sequence[str], context: Context, before: Linked | None = None) -> Prompt:
        """The words of one call: the elements nearest to the request and the verified examples most like it; or, of a first try, what is wrong with it and the elements nearest to what it left open."""
        file = self.prompts["interpret" if before is None else "repair"]
        retriever, language = self.retriever(context.catalog), detect(request)
        about = () if before is None else retriever.ranked(" ".join(unread), self.elements)
        codes = tuple(dict.fromkeys((*about, *retriever.ranked(request, self.elements))))[: self.elements]
        inputs = _inputs(request, unread, excerpt(context.catalog, codes, language))
        if before is not None:
            return file.prompt({**inputs, "faults": _faults(before)}, schema=SCHEMA, codes=codes)
        pairs: list[tuple[str, str]] = []
        for example in nearest(self.examples, request, self.shown):
            links = tuple(Link(one.quote, one.means) for one in example.links)
            near = retriever.ranked(" ".join(link.means for link in links), len(links) + 1)
            words = excerpt(context.catalog, near, detect(example.request))
            pairs.append((file.said(_inputs(example.request, [link.quote for link in links], words)), written(links)))
            codes += near
        return file.prompt(inputs, tuple(pairs), SCHEMA, tuple(dict.fromkeys(codes)))


def taught(interpreter: Interpreter, more: Callable[[], tuple[Example, ...]]) -> Interpreter:
    """An interpreter whose model is shown more verified examples, and that takes their links as approved; the same one without a model, or without any."""
    if not isinstance(interpreter, Ensemble) or not isinstance(interpreter.linker, ModelLinker):
        return interpreter
    examples = more()
    if not examples:
        return interpreter
    linker = replace(interpreter.linker, examples=(*interpreter.linker.examples, *examples))
    return replace(interpreter, linker=linker, approved=interpreter.approved | approved_links(examples))


def approved_links(examples: Sequence[Example]) -> frozenset[Link]:
    """What words mean by examples that somebody verified, as links are compared."""
    return frozenset(folded_link(Link(one.quote, one.means)) for example in examples for one in example.links)


def _inputs(request: str, unread: Sequence[str], words: str) -> dict[str, str]:
    return {"words": words, "request": request, "unknown": " | ".join(unread) or request}


def _faults(before: Linked) -> str:
    """What was wrong with each link of a first try, as a model is shown it."""
    return "\n".join(f"- {refused.fault}: {refused.link.quote} → {refused.link.means}" for refused in before.refused)


def written(links: Sequence[Link]) -> str:
    """Links as a reply has them."""
    return json.dumps({"links": [{"quote": link.quote, "means": link.means} for link in links]}, ensure_ascii=False)


def read_links(data: Mapping[str, object]) -> tuple[Link, ...] | Failure:
    """The links of a reply; `not_json` for one that has no list of them. Whatever else is in it is left out."""
    found = data.get("links")
    if not isinstance(found, list):
        return Failure("not_json", "links")
    pairs = [(one.get("quote"), one.get("means")) for one in found[:MOST_LINKS] if isinstance(one, dict)]
    return tuple(
        Link(quote, means)
        for quote, means in pairs
        if isinstance(quote, str) and isinstance(means, str) and quote.strip() and means.strip()
    )
