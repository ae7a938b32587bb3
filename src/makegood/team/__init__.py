"""The people who answer: agents, their roles, their teams, and invitations."""

__all__ = [
    "absences", "actions", "capacity", "events", "gates", "middleware", "models", "permissions",
    "queries", "roles", "shifts",
]  # fmt: skip
