"""Which orders a conversation is about: by address, named in words, attached, or proven."""

__all__ = ["actions", "events", "models", "naming", "proving", "queries"]
