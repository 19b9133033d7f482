"""What a segment is: nodes, relative windows, canonical form, edits and diff."""
