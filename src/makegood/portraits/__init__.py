"""The pictures of those who answer, as customers see them: made small and anew here."""

__all__ = ["actions", "events", "models", "queries"]
