"""How long people wait for us: written down for each time, foreseen from it, said, and checked."""

__all__ = [
    "calibrating",
    "curves",
    "expecting",
    "histories",
    "keeping",
    "models",
    "queries",
    "rebuilding",
    "replaying",
    "telling",
    "wording",
]
