"""A figure of a segment, in words. Law: its denominator is part of the sentence, or that it may not be told, and its date where the customers are those of another one."""

from __future__ import annotations

from assistant.insight.metric import Metric
from assistant.narrate.messages import message
from assistant.narrate.writer import Writer
from assistant.rule.tree import TagCondition, walk


def sentences(found: Metric, writer: Writer) -> list[str]:
    """The figure over how many, then over those alone who have any of what it measures. Nothing where it is over nobody."""
    if found.value is None:
        return []
    tag = writer.rule.catalog.tags[found.tag].name.get(writer.language)
    identifier = f"metric.{found.tag}.{found.kind}"
    name = writer.name(identifier, message(writer.language, f"narrative.metric_{found.kind}", {"tag": tag}))
    ids = {"name": name, "value": identifier, "known": f"{identifier}.known"}
    hidden = not writer.hidden(identifier) and writer.hidden(ids["known"])
    if hidden:
        del ids["known"]
    held = {"held": f"{identifier}.held", "of_held": f"{identifier}.of_held"}
    apart = [writer.say("metric_held", **held)] if found.apart and not any(map(writer.hidden, (*held.values(), identifier))) else []
    if any(isinstance(node, TagCondition) and node.snapshot is not None for _, node in walk(writer.rule.rule.node)):
        return [writer.say("metric_dated_among_known" if hidden else "metric_dated", as_of="as_of", **ids), *apart]
    return [writer.say("metric_among_known" if hidden else "metric", **ids), *apart]
