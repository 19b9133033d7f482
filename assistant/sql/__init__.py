"""Rule -> SQL: the query types, the compiler (the one place that defines NULL) and the guard (gate 2). The only room that imports sqlglot."""
