"""Whose mail is put aside without a word: addresses whose mail an agent called spam."""

__all__ = ["actions", "events", "models", "queries"]
