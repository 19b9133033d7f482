"""Who they are, in words. Law: a trait is named with both shares, and with what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.insight.breakdown import cut_points
from assistant.insight.definition import settled, spoken
from assistant.insight.persona import Persona
from assistant.insight.traits import Trait
from assistant.narrate.messages import message
from assistant.narrate.readback import trait_phrase, unit_names
from assistant.narrate.sentences.eligible import eligible_others
from assistant.narrate.writer import Writer

MOST_TRAITS = 2
"""How many traits an answer tells in sentences; the others stand in its table."""
MOST_LEFT_OUT = 3
"""How many tags are named of those that were left out as the conditions settle them."""


def sentences(found: Persona, writer: Writer) -> list[str]:
    """The strongest traits against the rest; that there are none, when there are none. Nothing of an empty segment."""
    if not found.n:
        return []
    if not found.rest:
        return [writer.say("nobody_eligible" if found.baseline.kind == "eligible" else "nobody_else")]
    said: list[str] = []
    others = _others(found, writer)
    again = writer.word("others_again") if found.baseline.kind == "eligible" else others
    size = {"everyone": "persona.everyone", "matched": "persona.alike"}.get(found.baseline.kind, "persona.rest")
    for trait in found.traits[:MOST_TRAITS]:
        ids = trait_ids(trait, again if said else others, writer)
        told = (
            writer.say("trait_next", **ids) if said else writer.say("trait_against", stands_out=writer.word("stands_out"), size=size, **ids)
        )
        said.append(told + _medians(trait, found, again, writer))
    said = said or [writer.say("no_traits", others=others, size=size)]
    return [*said[:-1], writer.together(said[-1], _wholes(found, writer))]


def _wholes(found: Persona, writer: Writer) -> str:
    """What would be told first, were it not what the rule says, or goes a long way to make: that it was left out, and why. What the rule itself speaks of goes without saying."""
    made = settled(writer.rule) - frozenset(spoken(writer.rule))
    first = max((trait.effect for trait in found.traits), default=0.0)
    stronger = (trait.tag for trait in found.by_definition if trait.tag in made and trait.effect > first and trait.low > 0)
    return left_out(tuple(dict.fromkeys(stronger)), writer)


def left_out(tags: Sequence[str], writer: Writer) -> str:
    """That some tags (strongest first) were left out as the conditions settle them, the first few by name; nothing of none."""
    if not tags:
        return ""
    return writer.say("trait_wholes" if len(tags) <= MOST_LEFT_OUT else "trait_wholes_more", tags=writer.tags(tags[:MOST_LEFT_OUT]))


def _others(found: Persona, writer: Writer) -> str:
    """The id under which those compared with stand on the sheet: for matched ones, by the tags whose mix is the same."""
    kind = found.baseline.kind
    if kind == "eligible":
        return eligible_others(found.baseline, writer)
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
    if found.baseline.beyond and found.n and found.rest:
        return [writer.say("caution_not_eligible", others=_others(found, writer))]
    if found.unmatched and not writer.hidden("persona.unmatched"):
        return [writer.say("caution_unmatched", n="persona.unmatched", matched="persona.matched")]
    return doubtful(found.traits, writer)


def doubtful(traits: Sequence[Trait], writer: Writer) -> list[str]:
    """Of the traits that are told, and of those that would be told first were they not set behind, the first that goes the other way within strata, or is gone there."""
    told, others = traits[:MOST_TRAITS], traits[MOST_TRAITS:]
    first = max((trait.effect for trait in told), default=0.0)
    for trait in (*told, *(trait for trait in others if trait.effect > first)):
        reversed_key, explained_key = (
            ("trait_reversed", "trait_explained") if trait in told else ("trait_reversed_behind", "trait_explained_behind")
        )
        for key, tags in ((reversed_key, trait.reversed_in), (explained_key, trait.explained_by)):
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
