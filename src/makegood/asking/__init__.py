"""One language for every question about a list: read, said again, completed, told in the docs."""

__all__ = [
    "completing",
    "fields",
    "folding",
    "moments",
    "pointing",
    "problems",
    "reading",
    "telling",
    "tree",
    "writing",
]
