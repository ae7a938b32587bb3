"""Ways in and ways out: inboxes, arrivals, deliveries, and one folder per channel."""

__all__ = [
    "actions",
    "connecting",
    "events",
    "interface",
    "models",
    "queries",
    "registry",
    "troubles",
]
