"""Whom a strategy template reaches, in words. Law: what is left out is told with its reason, and nothing of it where a part may not be shown."""

from __future__ import annotations

from assistant.insight.reach import Reach
from assistant.narrate.writer import Writer


def sentences(found: Reach, writer: Writer) -> list[str]:
    """Those the template reaches, and the reason that leaves out most."""
    if not found.selected or writer.hidden("reach.reachable"):
        return []
    ids = {"strategy": writer.name("strategy", found.strategy.name.get(writer.language)), "reachable": "reach.reachable"}
    place = found.most
    if place is None or writer.hidden(f"reach.{place}.lost"):
        return [writer.say("strategy_reach", **ids)]
    reason = writer.name(f"reach.{place}", found.reasons[place].name.get(writer.language))
    return [writer.say("strategy_reach_most", **ids, lost=f"reach.{place}.lost", reason=reason, most=writer.word("leaves_out_most"))]
