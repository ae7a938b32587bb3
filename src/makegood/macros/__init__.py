"""Saved replies and macros: words to start from, and several acts that an agent runs as one."""

__all__ = [
    "actions",
    "bringing",
    "events",
    "files",
    "languages",
    "models",
    "queries",
    "running",
]
