"""Who they are, in words. Law: a trait is named with both shares, and with what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.insight.breakdown import cut_points
from assistant.insight.definition import wholes
from assistant.insight.persona import Persona
from assistant.insight.traits import Trait
from assistant.narrate.messages import message
from assistant.narrate.readback import trait_phrase, unit_names
from assistant.narrate.writer import Writer

MOST_TRAITS = 2
"""How many traits an answer tells in sentences; the others stand in its table."""


def sentences(found: Persona, writer: Writer) -> list[str]:
    """The strongest traits against the rest; that there are none, when there are none. Nothing of an empty segment."""
    if not found.n:
        return []
    if not found.rest:
        return [writer.say("nobody_else")]
    said: list[str] = []
    others = _others(found, writer)
    size = {"everyone": "persona.everyone", "matched": "persona.alike"}.get(found.baseline.kind, "persona.rest")
    for trait in found.traits[:MOST_TRAITS]:
        ids = trait_ids(trait, others, writer)
        told = (
            writer.say("trait_next", **ids) if said else writer.say("trait_against", stands_out=writer.word("stands_out"), size=size, **ids)
        )
        said.append(told + _medians(trait, found, others, writer))
    return [*(said or [writer.say("no_traits", others=others, size=size)]), *_wholes(found, writer)]


def _wholes(found: Persona, writer: Writer) -> list[str]:
    """What would be told first, were it not in part what the rule says: that it was left out, and why."""
    made, first = wholes(writer.rule), max((trait.effect for trait in found.traits), default=0.0)
    left_out = dict.fromkeys(trait.tag for trait in found.by_definition if trait.tag in made and trait.effect > first)
    return [writer.say("trait_wholes", tags=writer.tags(tuple(left_out)[:MOST_TRAITS]))] if left_out else []


def _others(found: Persona, writer: Writer) -> str:
    """The id under which those compared with stand on the sheet: for matched ones, by the tags whose mix is the same."""
    kind = found.baseline.kind
    catalog, language, branches = writer.rule.catalog, writer.language, writer.rule.identity.branches
    if kind == "everyone" and branches:
        within = message(language, "narrative.word_others_everyone_of", {"units": unit_names(branches, catalog, language)})
        return writer.name("others_everyone", within)
    if kind != "matched":
        return writer.word(f"others_{kind}")
    names = [catalog.tags[code].name.get(language) for code in found.baseline.matched_on]
    tags = message(language, "narrative.tags_join").join(names)
    return writer.name("others_matched", message(language, "narrative.word_others_matched", {"tags": tags}))


def _medians(trait: Trait, found: Persona, others: str, writer: Writer) -> str:
    """What the one in the middle has, here and there, of a trait that is a number; nothing where either may not be shown or both are the same."""
    span = next((one for one in found.spans if one.tag == trait.tag), None)
    if span is None or span.own.middle == span.rest.middle or any(writer.hidden(f"{span.id}.{part}") for part in ("middle", "rest.middle")):
        return ""
    return writer.say(
        "trait_median", tag=writer.tags((trait.tag,)), median=f"{span.id}.middle", others=others, rest=f"{span.id}.rest.middle"
    )


def caution(found: Persona, writer: Writer) -> list[str]:
    """That few customers make uncertain shares, or that some have no like; else that a trait told goes the other way within strata, or is gone there."""
    if found.n and found.rest and found.small:
        return [writer.say("caution_small")]
    if found.unmatched and not writer.hidden("persona.unmatched"):
        return [writer.say("caution_unmatched", n="persona.unmatched", matched="persona.matched")]
    return doubtful(found.traits, writer)


def doubtful(traits: Sequence[Trait], writer: Writer) -> list[str]:
    """Of the traits that are told the first that goes the other way within strata, or is gone there."""
    for trait in traits[:MOST_TRAITS]:
        for key, tags in (("trait_reversed", trait.reversed_in), ("trait_explained", trait.explained_by)):
            if tags:
                return [writer.say(key, trait=trait_name(trait, trait.id, writer), tags=writer.tags(tags))]
    return []


def trait_ids(trait: Trait, others: str, writer: Writer) -> dict[str, str]:
    """The ids under which a trait, both its shares and those compared with stand on the sheet."""
    return {
        "trait": trait_name(trait, trait.id, writer),
        "others": others,
        "share": f"{trait.id}.share",
        "rest": f"{trait.id}.rest_share",
    }


def trait_name(trait: Trait, name: str, writer: Writer) -> str:
    """The id under which a trait's name stands on the sheet, by the `name` its figures stand under: a yes of a yes-no tag is the tag itself."""
    tag = writer.rule.catalog.tags[trait.tag]
    plain = tag.type == "flag" and trait.bucket == "true"
    words = (
        tag.name.get(writer.language) if plain else trait_phrase(tag, trait.bucket, cut_points(tag), writer.rule.catalog, writer.language)
    )
    return writer.name(name, message(writer.language, "trait.among_known", {"trait": words}) if trait.among_known else words)
