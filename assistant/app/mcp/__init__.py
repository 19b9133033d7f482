"""The MCP face: read-only tools for a language model that asks on somebody's behalf."""
