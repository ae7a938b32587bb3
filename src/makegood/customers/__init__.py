"""The people who ask: a customer has many handles, and a handle belongs to one customer."""

__all__ = [
    "actions",
    "blocking",
    "delivering",
    "events",
    "finding",
    "forgetting",
    "likeness",
    "merging",
    "models",
    "newcomers",
    "queries",
]
