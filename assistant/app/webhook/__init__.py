"""Refreshes of saved segments, told to the addresses in the settings."""
