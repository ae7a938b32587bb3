"""What we write by machine: once for each occasion, within budgets, and never to a machine."""

__all__ = ["actions", "events", "models", "queries", "refusing"]
