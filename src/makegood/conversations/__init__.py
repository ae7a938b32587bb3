"""What was said with one customer about one matter, and whose turn it is."""

__all__ = [
    "actions",
    "confirming",
    "drafting",
    "events",
    "intake",
    "listing",
    "models",
    "queries",
    "receiving",
    "replying",
    "searching",
    "tokens",
]
