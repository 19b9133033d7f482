"""Lists of customers as files: their formats, the manifest beside each, and what is told of them."""
