"""Two segments compared, in words. Law: how many each has and how many both share first; a trait is named with both shares and the interval of their difference."""

from __future__ import annotations

from assistant.insight.contrast import Contrast
from assistant.insight.definition import spoken_of
from assistant.narrate.readback import condition_phrase
from assistant.narrate.sentences.persona import MOST_TRAITS, doubtful, left_out, trait_ids
from assistant.narrate.writer import Writer
from assistant.rule.tree import TagCondition, walk


def sentences(found: Contrast, writer: Writer) -> list[str]:
    """Sizes and overlap (of two versions of one segment they are told already), then the strongest traits."""
    said = [] if found.before else [_overlap(found, writer) + _described(found, writer)]
    if not found.n or not found.other_n or not (found.only or found.other_only):
        return said
    others = writer.word("contrast_before" if found.before else "others_segment")
    for trait in found.traits[:MOST_TRAITS]:
        ids = trait_ids(trait, others, writer)
        if trait is found.traits[0]:
            ends = {name: f"{trait.id}.{name}" for name in ("difference", "low", "high")}
            said.append(writer.say("contrast_trait", stands_out=writer.word("stands_out"), **ids, **ends))
        else:
            said.append(writer.say("trait_next", **ids))
    if not found.traits:
        said.append(writer.say("no_traits", others=others, size="contrast.other_n") if found.tested else writer.say("contrast_few"))
    return [*said[:-1], writer.together(said[-1], _left_out(found, writer))]


def _left_out(found: Contrast, writer: Writer) -> str:
    """What would be told first, did the conditions of either side not settle it: that it was left out. What a side itself speaks of goes without saying."""
    said = frozenset(tag for side in (found.own, found.other) for tag in spoken_of(writer.rule.catalog.expand_all(side)))
    first = found.traits[0].effect if found.traits else 0.0
    stronger = (trait.tag for trait in found.by_definition if trait.effect > first and trait.low > 0 and trait.tag not in said)
    return left_out(tuple(dict.fromkeys(stronger)), writer)


def caution(found: Contrast, writer: Writer) -> list[str]:
    """That few customers make uncertain shares; else that a trait told goes the other way within strata, or is gone there."""
    if found.n and found.other_n and found.small:
        return [writer.say("caution_small")]
    return doubtful(found.traits, writer)


def next_step(found: Contrast, writer: Writer) -> str | None:
    """To open one of the parts, or the other segment where they share nobody; nothing where one is empty or both are the same."""
    if not found.n or not found.other_n or not (found.only or found.other_only):
        return None
    return writer.say("next_contrast" if found.both else "next_contrast_apart")


def _described(found: Contrast, writer: Writer) -> str:
    """Where a side is picked by what customers were earlier: that both are those still in the base, described by the tags of now."""
    if not any(isinstance(node, TagCondition) and node.snapshot is not None for side in (found.own, found.other) for _, node in walk(side)):
        return ""
    return writer.say("contrast_as_of", tags=writer.sheet.given("contrast.tags", writer.rule.snapshot, "date").id)


def _overlap(found: Contrast, writer: Writer) -> str:
    other = writer.name("contrast.other", condition_phrase(found.other, writer.rule.catalog, writer.language))
    if not found.other_n:
        return writer.say("contrast_empty", other=other)
    if writer.hidden("contrast.both") or writer.hidden("contrast.only") or writer.hidden("contrast.other_only"):
        return writer.say("contrast_hidden", other=other, other_n="contrast.other_n")
    if not found.only and not found.other_only:
        return writer.say("contrast_same", other=other)
    if not found.both:
        return writer.say("contrast_apart", other=other, other_n="contrast.other_n")
    if not found.only:
        return writer.say("contrast_inside", other=other, other_n="contrast.other_n", other_only="contrast.other_only")
    if not found.other_only:
        return writer.say("contrast_around", other=other, other_n="contrast.other_n", only="contrast.only")
    parts = {name: f"contrast.{name}" for name in ("other_n", "both", "only", "other_only")}
    return writer.say("contrast", other=other, **parts)
