"""What customers wait for until a shop has it again, and what we promised them of it."""

__all__ = ["actions", "events", "models", "queries", "ticking"]
