"""One full-text index over references, on SQLite or PostgreSQL, filled by followers."""

__all__ = [
    "actions",
    "documents",
    "index",
    "language",
    "models",
    "queries",
    "rebuilding",
    "snippets",
]
