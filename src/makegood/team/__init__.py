"""The people who answer: agents, their roles, their teams, and invitations."""

__all__ = [
    "actions", "events", "gates", "middleware", "models", "permissions", "queries", "roles",
]  # fmt: skip
