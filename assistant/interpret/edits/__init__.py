"""What a turn does to the rule of the conversation: by words that add, remove, swap, set and point."""
