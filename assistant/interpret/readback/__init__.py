"""Conditions in a read-back's own words: the inverse of `narrate/readback.py`, by the same templates."""
