"""Why one customer is in or out, in words. Law: of a customer who is not the asker's, or not counted, only what may be the case is said; nothing is named that the asker may not see."""

from __future__ import annotations

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.why import Clause, Figure, Remedy, WhyIn
from assistant.narrate.difference import difference_words
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase, trait_phrase, value_phrase
from assistant.narrate.writer import Writer
from assistant.rule.diff import diff
from assistant.rule.edits import apply
from assistant.rule.tree import SegmentRule, TagCondition


def remedy_phrase(remedy: Remedy, rule: SegmentRule, catalog: TagCatalog, language: Language) -> str:
    """What a remedy changes, as its button says."""
    words = difference_words(diff(rule.node, apply(rule, remedy.edit).node), catalog, language)
    return message(language, "readback.difference_join").join(words)


def what_phrase(figure: Figure, catalog: TagCatalog, language: Language) -> str:
    """What a figure is of: the tag, or the records."""
    node = figure.node
    found = catalog.tags[node.tag] if isinstance(node, TagCondition) else catalog.records[node.records]
    return found.name.get(language)


def value_words(figure: Figure, catalog: TagCatalog, language: Language) -> str | None:
    """A code by its name, a yes or no as the rule would say it; None for numbers and dates, which are facts."""
    if not isinstance(figure.value, str | bool) or not isinstance(figure.node, TagCondition):
        return None
    tag = catalog.tags[figure.node.tag]
    if isinstance(figure.value, bool):
        return trait_phrase(tag, str(figure.value).lower(), (), catalog, language)
    listed = tag.values_from is not None or any(value.code == figure.value for value in catalog.values(tag))
    return value_phrase(tag, figure.value, catalog, language, subtree=False) if listed else figure.value


def sentences(found: WhyIn, writer: Writer) -> list[str]:
    """In or out and by which conditions; what the customer has of the first of them; the change that would let them in."""
    customer = writer.name("customer", str(found.customer))
    if not found.known:
        catalog = writer.rule.catalog
        base = writer.name("why.base", condition_phrase(catalog.base_rule, catalog, writer.language))
        return [writer.say("why_not_yours" if writer.rule.scope else "why_not_counted", customer=customer, base=base)]
    if found.inside:
        return [writer.say("why_inside" if found.clauses else "why_everyone", customer=customer)]
    failing = [(number, clause) for number, clause in enumerate(found.clauses) if clause.held != "held"]
    phrases = {number: condition_phrase(clause.node, writer.rule.catalog, writer.language) for number, clause in failing}
    quoted = [message(writer.language, "answer.quoted", {"words": phrase}) for phrase in phrases.values()]
    conditions = writer.name("why.conditions", message(writer.language, "readback.list_join").join(quoted))
    said = [writer.say("why_outside", customer=customer, conditions=conditions)]
    said.extend(line for number, clause in failing[:1] for line in _clause(number, clause, phrases[number], writer))
    if found.remedies and not writer.hidden("why.remedy.0.n"):
        change = writer.name("why.remedy", remedy_phrase(found.remedies[0], writer.rule.rule, writer.rule.catalog, writer.language))
        said.append(writer.say("why_remedy", change=change, n="why.remedy.0.n"))
    return said


def _clause(number: int, clause: Clause, phrase: str, writer: Writer) -> list[str]:
    condition = writer.name(f"why.{number}", phrase)
    if clause.held == "unknown":
        return [writer.say("why_unknown", condition=condition)]
    if len(clause.figures) != 1:
        return []
    (figure,) = clause.figures
    words = value_words(figure, writer.rule.catalog, writer.language)
    value = f"why.{number}.0.value" if words is None else writer.name(f"why.{number}.0", words)
    if figure.gap is None:
        return [writer.say("why_value", condition=condition, value=value)]
    return [writer.say("why_gap", condition=condition, value=value, gap=f"why.{number}.0.gap")]


def next_step(found: WhyIn, writer: Writer) -> str | None:
    """That a change is taken by its button; nothing without one."""
    return writer.say("next_size") if found.remedies else None
