"""Which number to move for a number of customers, in words. Law: a proposal is named by what it changes, as on its button; what is out of reach is said."""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.sizing import Proposal, Sizing, Target
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.render import plain, with_unit
from assistant.narrate.writer import Writer
from assistant.rule.edits import AddCondition, RuleChange, apply
from assistant.rule.tree import Path, SegmentRule, TagCondition, at


def change_phrase(proposal: Proposal, rule: SegmentRule, catalog: TagCatalog, language: Language) -> str:
    """What a proposal changes: the condition as it is and as it would be."""
    path = proposal.path
    if isinstance(proposal.edit, AddCondition):
        return message(language, "answer.size_add", {"new": condition_phrase(proposal.edit.node, catalog, language)})
    parts = {"old": at(rule.node, path), "new": at(apply(rule, proposal.edit).node, path)}
    return message(language, "answer.size_change", {name: condition_phrase(node, catalog, language) for name, node in parts.items()})


def target_phrase(wanted: Target, language: Language) -> str:
    """How many customers are wanted: about so many, at most, at least, or between two numbers."""
    ends = {name: _customers(end, language) for name, end in (("low", wanted.low), ("high", wanted.high)) if end is not None}
    if wanted.about:
        return message(language, "answer.size_about", {"aim": _customers(wanted.aim, language)})
    return message(language, f"answer.size_{'between' if len(ends) > 1 else 'at_most' if 'high' in ends else 'at_least'}", ends)


def _customers(number: int, language: Language) -> str:
    return with_unit(plain(Decimal(number)), "customers", language, one=number == 1)


def sentences(found: Sizing, writer: Writer) -> list[str]:
    """The closest proposal with its customers and what it does to who they are; the one that keeps them most as they are, where that is another."""
    wanted = found.target
    shown = [place for place in range(len(found.proposals)) if not writer.hidden(f"size.proposal.{place}.n")]
    if found.tried:
        return [_proposal("size_tried", place, found, writer) for place in shown] or [writer.say("size_untold")]
    if wanted is None:
        return [_proposal("size_relax", place, found, writer) for place in shown[:2]] or (
            [writer.say("size_untold")] if found.untold else []
        )
    asked = any(curve.threshold.added for curve in found.curves)  # the number itself was asked for, not only so many customers
    now = not asked and not writer.sheet["count"].suppressed and wanted.reached(found.present)
    said = [writer.say("size_within" if now else "size_wanted", target=writer.name("size.target", target_phrase(wanted, writer.language)))]
    if not shown and now:
        return said
    if not shown and found.proposals:
        return [*said, writer.say("size_hidden")]
    if not shown and asked and wanted.low is not None and wanted.low > found.present:
        return [*said, writer.say("size_beyond", n="count")]
    if not shown and found.untold:
        return [*said, writer.say("size_untold")]
    if not shown:
        return [*said, writer.say("size_nothing" if found.curves else "size_no_number")]
    closest, keeps = shown[0], found.keeps_value
    near = "size_nearest_told" if found.untold else "size_nearest"
    said.append(_proposal("size_move" if found.reached else near, closest, found, writer, nearest=writer.word("nearest")))
    average = f"size.proposal.{closest}.average"
    if found.tag is not None and not writer.hidden("size.average") and not writer.hidden(average):
        tag = writer.name(f"tag.{found.tag}", writer.rule.catalog.tags[found.tag].name.get(writer.language))
        said.append(writer.say("size_average", tag=tag, before="size.average", after=average))
    if keeps is not None and keeps != closest and keeps in shown:
        said.append(_proposal("size_keeps", keeps, found, writer, keeps=writer.word("keeps_value")))
    elif len(shown) > 1:
        said.append(_proposal("size_or", shown[1], found, writer))
    return said


def _proposal(key: str, place: int, found: Sizing, writer: Writer, **words: str) -> str:
    name = f"size.proposal.{place}"
    if key == "size_move" and isinstance(found.proposals[place].edit, AddCondition):
        key = "size_relax"  # who is left was in it before
    change = writer.name(name, change_phrase(found.proposals[place], writer.rule.rule, writer.rule.catalog, writer.language))
    return writer.say(key, change=change, n=f"{name}.n", kept=f"{name}.kept", **words)


def next_step(found: Sizing, writer: Writer) -> str | None:
    """To take the first proposal, by its button or by the sentence that says the same; nothing without one."""
    if not found.proposals or found.tried:
        return None
    return changed_step(found.proposals[0].edit, found.proposals[0].path, writer)


def changed_step(edit: RuleChange, path: Path, writer: Writer) -> str:
    """A condition of a tag put in another's place, as a sentence; of others only the button, whose words are longer than anybody types."""
    node = at(apply(writer.rule.rule, edit).node, path)
    if not isinstance(node, TagCondition):
        return writer.say("next_size")
    condition = condition_phrase(node, writer.rule.catalog, writer.language)
    if isinstance(edit, AddCondition):
        return writer.say("next_keep", sentence=writer.suggest("keep", condition=condition))
    return writer.say("next_change", sentence=writer.suggest("change", condition=condition))
