"""What was said with one customer about one matter, and whose turn it is."""

__all__ = [
    "actions",
    "confirming",
    "deciding",
    "disguises",
    "drafting",
    "events",
    "forwarding",
    "hints",
    "intake",
    "listing",
    "merging",
    "models",
    "queries",
    "receiving",
    "replying",
    "searching",
    "standing",
    "tokens",
]
