"""One person over everything they said: found, told in order, handed over, forgotten."""

__all__ = ["copying", "events", "finding", "forgetting", "models", "queries", "segments", "telling"]
