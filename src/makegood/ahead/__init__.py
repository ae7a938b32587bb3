"""First to tell: orders that will be late or short, found before their customers ask."""

__all__ = [
    "actions",
    "amends",
    "causes",
    "doubts",
    "events",
    "finding",
    "models",
    "preparing",
    "queries",
    "recalling",
    "sending",
    "silence",
    "switching",
    "telling",
    "together",
    "wording",
]
