"""Who is at the desk now, what they look at and write: kept for minutes, never recorded."""

__all__ = ["actions", "models", "queries"]
