"""From words to an Answer: the only room that knows all the others below the faces."""

from assistant.pipeline.answer import Answer, AskedQuestion, DraftedTag, Outcome, PricedReading
from assistant.pipeline.assistant import Assistant
from assistant.pipeline.called import AskedCalls, Calls
from assistant.pipeline.hand_over import HandOver, Record

__all__ = [
    "Answer", "AskedCalls", "AskedQuestion", "Assistant", "Calls", "DraftedTag", "HandOver", "Outcome", "PricedReading", "Record",
]  # fmt: skip
