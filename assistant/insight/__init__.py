"""What a segment shows: each file plans its queries and reads their tables into a result that gives Facts."""
