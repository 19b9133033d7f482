"""Gate 1: a tuple of small check functions -> Issues -> Verdict. The only room that makes a ValidatedRule."""
