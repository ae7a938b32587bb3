"""One act on many conversations: chosen or matched, tried first, run in small steps, undone."""

__all__ = ["actions", "events", "models", "queries", "working"]
