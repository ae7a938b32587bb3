"""One full-text index over references, on SQLite or PostgreSQL, filled by followers."""

__all__ = [
    "actions",
    "cleaning",
    "conditions",
    "documents",
    "index",
    "language",
    "models",
    "queries",
    "rebuilding",
    "snippets",
    "words",
]
