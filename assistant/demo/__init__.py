"""A deterministic synthetic bank with planted stories."""
