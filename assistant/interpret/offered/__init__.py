"""What is offered where words could not be read: nearest known words, and a drafted tag."""
