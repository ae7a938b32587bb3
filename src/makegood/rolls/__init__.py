"""Lists of people that are brought in from a file: read, matched, looked over, run, undone."""

__all__ = ["actions", "columns", "events", "models", "queries", "working"]
