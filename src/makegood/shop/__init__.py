"""What was bought: orders, payments, refunds and parcels, mirrored from where they are kept."""

__all__ = [
    "actions",
    "columns",
    "events",
    "folding",
    "forgetting",
    "hearing",
    "importing",
    "models",
    "queries",
    "runs",
    "seen",
    "working",
]
