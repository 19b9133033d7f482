"""Segment Assistant: from a sentence to a validated customer segment."""

from assistant.app.session import Bank, Reply, open_bank
from assistant.errors import AssistantError, Fault, UserError
from assistant.settings import Settings

__all__ = ["AssistantError", "Bank", "Fault", "Reply", "Settings", "UserError", "open_bank"]
