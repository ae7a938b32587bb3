"""The people who answer: agents, their roles, their teams, and invitations."""

__all__ = ["actions", "events", "middleware", "models", "queries"]
