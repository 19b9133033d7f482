"""The analyst's desk: generated rules reviewed, words proposed to the owners of tags, and what came of both over time."""
