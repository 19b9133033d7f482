"""The door to disk: what the bank's people have asked to be kept."""
