"""Conditions as people say them: one file a construction, each told by the parser where it may begin."""
