"""Text -> Interpretation: what is asked for, the rule or its readings, and a ledger of every character."""
