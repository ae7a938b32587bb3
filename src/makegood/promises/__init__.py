"""What we said would happen, by when, and whether it did."""

__all__ = [
    "actions",
    "choosing",
    "clocks",
    "events",
    "explaining",
    "forgetting",
    "keeping",
    "models",
    "personal",
    "queries",
    "recounting",
    "standing",
    "ticking",
]
