"""Segment Assistant: from a sentence to a validated customer segment."""
