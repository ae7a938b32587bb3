"""What a shop's stated times promise of every order, and what the parcels' scans say of it."""

__all__ = [
    "actions",
    "causes",
    "confirming",
    "due",
    "events",
    "explaining",
    "facts",
    "forgetting",
    "letters",
    "models",
    "overdue",
    "previewing",
    "queries",
    "reckoning",
    "rereading",
]
