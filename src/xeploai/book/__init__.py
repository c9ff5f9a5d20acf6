"""The rule book: its parts, the whole, and how it is loaded from YAML."""
