"""Visitors of the shop's pages: who sits at a browser, what they said there and have read."""

__all__ = [
    "actions",
    "asking",
    "attending",
    "barring",
    "calling",
    "ending",
    "events",
    "going_on",
    "identity",
    "keys",
    "letters",
    "models",
    "passes",
    "queries",
    "reactions",
    "reading",
    "secrets",
    "taking",
    "transcripts",
    "uploads",
]
