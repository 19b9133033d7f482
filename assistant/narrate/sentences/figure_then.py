"""A figure of a segment at two dates, in words. Law: each with its date and its customers; which way it went only from the very figures that are written."""

from __future__ import annotations

from assistant.insight.figure_then import FigureThen
from assistant.narrate.messages import message
from assistant.narrate.render import render
from assistant.narrate.writer import Writer


def sentences(found: FigureThen, writer: Writer) -> list[str]:
    """The figure then and now, then that of the same customers; what may not be shown of it is said to be left out."""
    if found.was.value is None or found.is_now.value is None:
        return [writer.say("figure_then_nobody", then=f"{found.id}.then", now=f"{found.id}.now")]
    ids = {name: f"{found.id}.{name}" for name in ("then", "now", "was", "is_now")}
    if writer.hidden(ids["was"]) or writer.hidden(ids["is_now"]):
        return [writer.say("figure_then_withheld")]
    tag = writer.rule.catalog.tags[found.tag].name.get(writer.language)
    ids["name"] = writer.name(found.id, message(writer.language, f"narrative.metric_{found.kind}", {"tag": tag}))
    ids["way"] = _way(ids["was"], ids["is_now"], writer)
    over = {"over_was": f"{found.id}.was.known", "over_now": f"{found.id}.is_now.known"}
    known = {} if any(map(writer.hidden, over.values())) else over
    said = writer.say("figure_then" if known else "figure_then_among_known", **ids, **known)
    same = {name: f"{found.id}.{name}" for name in ("same", "same_was", "same_now")}
    if found.same_was is None or found.same_now is None or any(map(writer.hidden, same.values())):
        return [said]
    way = _way(same["same_was"], same["same_now"], writer)
    return [writer.together(said, writer.say("figure_then_same", then=ids["then"], now=ids["now"], way=way, **same))]


def _way(before: str, after: str, writer: Writer) -> str:
    """Which way a figure went, as it is written: two that are written alike are not told apart."""
    alike = render(writer.sheet[before], writer.language) == render(writer.sheet[after], writer.language)
    turn = "same" if alike else writer.turn(before, after)
    return writer.word({"up": "rise", "down": "fall", "same": "unmoved"}[turn])
