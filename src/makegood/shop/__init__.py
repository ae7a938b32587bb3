"""What was bought: orders, payments, refunds and parcels, mirrored from where they are kept."""

__all__ = [
    "actions",
    "applying",
    "columns",
    "connecting",
    "connectors",
    "doors",
    "events",
    "finding",
    "folding",
    "forgetting",
    "hearing",
    "importing",
    "models",
    "pulling",
    "queries",
    "runs",
    "seen",
    "signals",
    "working",
]
