"""What a shop's stated times promise of every order, and what the parcels' scans say of it."""

__all__ = [
    "actions",
    "causes",
    "due",
    "events",
    "explaining",
    "facts",
    "letters",
    "models",
    "overdue",
    "previewing",
    "queries",
    "reckoning",
    "rereading",
]
