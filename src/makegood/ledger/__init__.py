"""What happened, in order; never edited. Reactions hear of an event at once, followers after."""

__all__ = [
    "actions",
    "actors",
    "bulk",
    "causes",
    "events",
    "facts",
    "followers",
    "gathering",
    "models",
    "queries",
    "reactions",
    "reading",
    "wakeup",
]
