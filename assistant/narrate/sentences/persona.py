"""Who they are, in words. Law: a trait is named with both shares."""

from __future__ import annotations

from assistant.insight.breakdown import cut_points
from assistant.insight.persona import Persona
from assistant.narrate.readback import trait_phrase
from assistant.narrate.writer import Writer

_MOST_TRAITS = 2


def sentences(found: Persona, writer: Writer) -> list[str]:
    """The strongest traits against the rest; that there are none, when there are none. Nothing of an empty segment."""
    if not found.n:
        return []
    said: list[str] = []
    for trait in found.traits[:_MOST_TRAITS]:
        tag = writer.rule.catalog.tags[trait.tag]
        words = trait_phrase(tag, trait.bucket, cut_points(tag), writer.rule.catalog, writer.language)
        name = writer.name(trait.id, words)
        share, rest = f"{trait.id}.share", f"{trait.id}.rest_share"
        if said:
            said.append(writer.say("trait_next", trait=name, share=share, rest=rest))
        else:
            said.append(writer.say("trait", stands_out=writer.word("stands_out"), trait=name, share=share, rest=rest))
    return said or [writer.say("no_traits")]


def caution(found: Persona, writer: Writer) -> list[str]:
    """That few customers make uncertain shares."""
    return [writer.say("caution_small")] if found.n and found.small else []


def next_step(writer: Writer) -> str:
    """To keep those who have the trait."""
    return writer.say("next_refine")
