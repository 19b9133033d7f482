"""Facts and rules -> words: messages, read-back, template narrative and the grounding gate."""
