"""Money asked back over the bank: what is claimed, until when, and what we answer."""

__all__ = [
    "actions",
    "answering",
    "checklist",
    "events",
    "forgetting",
    "matching",
    "models",
    "packet",
    "polling",
    "queries",
    "seen",
    "sending",
]
