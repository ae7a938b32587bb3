"""What was said with one customer about one matter, and whose turn it is."""

__all__ = [
    "acknowledging",
    "actions",
    "confirming",
    "deciding",
    "disguises",
    "drafting",
    "events",
    "forwarding",
    "guarding",
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
