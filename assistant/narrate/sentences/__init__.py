"""What is said of each insight: one file each, `sentences` (most telling first), `caution` and `next_step` where there is one."""
