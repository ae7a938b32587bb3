"""Conversations that have to do with each other, and stay apart: linked, for either to be seen."""

__all__ = ["actions", "events", "models", "queries"]
