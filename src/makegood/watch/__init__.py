"""Whether every way in and out works: test messages, domain records, servers, and alarms."""

__all__ = [
    "actions",
    "alarms",
    "consent",
    "events",
    "keeping",
    "models",
    "probing",
    "queries",
    "recognising",
    "tokens",
]
