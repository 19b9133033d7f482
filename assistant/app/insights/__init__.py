"""What the faces show of each insight: one file each, `wire` (JSON) and `grid` (a table), told apart in `table`."""
