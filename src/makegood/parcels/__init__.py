"""Carriers' own word: scans of parcels, how long parcels take, and which orders came late."""

__all__ = [
    "actions",
    "eta",
    "events",
    "histories",
    "journeys",
    "lanes",
    "lateness",
    "lengths",
    "models",
    "naming",
    "polling",
    "queries",
    "rates",
    "rebuilding",
    "stated",
    "telling",
    "weighing",
]
