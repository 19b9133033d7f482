"""What is asked for besides the conditions: how many, by what, which figure, since when."""
