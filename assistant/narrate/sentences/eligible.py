"""Those who could be in a segment, in words. Law: whom a segment is compared with is always said."""

from __future__ import annotations

from assistant.errors import Fault
from assistant.insight.persona import Baseline
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.writer import Writer


def eligible_others(baseline: Baseline, writer: Writer) -> str:
    """The id under which those who could be in it too stand on the sheet. Fault `eligible_unsaid` where everybody could."""
    could = baseline.eligible
    if could is None:
        raise Fault("eligible_unsaid")
    if could.why != "exposed":
        return writer.word(f"others_{could.why}")
    said = condition_phrase(could.node, writer.rule.catalog, writer.language)
    return writer.name("others_exposed", message(writer.language, "narrative.word_others_exposed", {"condition": said}))
