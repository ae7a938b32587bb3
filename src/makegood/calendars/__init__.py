"""When somebody is there: weeks of opening hours, holidays, closures; and time counted in them."""

__all__ = ["actions", "events", "free_days", "hours", "models", "queries", "reading", "telling"]
