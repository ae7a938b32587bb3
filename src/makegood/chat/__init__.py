"""Visitors of the shop's pages: who sits at a browser, what they said there and have read."""

__all__ = [
    "actions",
    "attending",
    "barring",
    "events",
    "identity",
    "keys",
    "models",
    "queries",
    "reading",
    "secrets",
    "taking",
    "uploads",
]
