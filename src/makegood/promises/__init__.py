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
    "policies",
    "policy_pages",
    "policy_words",
    "preview_pages",
    "previewing",
    "queries",
    "recounting",
    "standing",
    "ticking",
]
