"""The HTTP face: `/api/v1` with OpenAPI, for programs that ask as somebody."""
