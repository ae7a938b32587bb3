"""What concerns an agent: what they follow, where they are named, and the notices of it."""

__all__ = [
    "actions",
    "digest",
    "events",
    "following",
    "kinds",
    "mentioning",
    "models",
    "pushing",
    "queries",
    "telling",
    "wishes",
]
