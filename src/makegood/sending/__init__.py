"""How an answer leaves: at once, in a while, or after a lead's yes; and how it is taken back."""

__all__ = [
    "answering",
    "approving",
    "due",
    "events",
    "leaving",
    "models",
    "preparing",
    "queries",
    "rules",
    "stopping",
    "undoing",
]
