"""The words on conversations, looked after for everybody: renamed, coloured, merged, deleted."""

__all__ = ["actions", "events", "models", "queries"]
