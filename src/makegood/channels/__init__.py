"""Ways in and ways out: inboxes, arrivals, deliveries, and one folder per channel."""

__all__ = [
    "actions",
    "chat",
    "connecting",
    "email",
    "events",
    "interface",
    "models",
    "queries",
    "registry",
    "troubles",
]
