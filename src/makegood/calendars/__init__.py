"""When somebody is there: weeks of opening hours, holidays, closures; and time counted in them."""

__all__ = [
    "actions",
    "bringing",
    "events",
    "free_days",
    "hours",
    "ical",
    "models",
    "queries",
    "reading",
    "telling",
]
