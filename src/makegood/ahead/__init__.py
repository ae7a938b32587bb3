"""First to tell: orders that will be late or short, found before their customers ask."""

__all__ = [
    "actions",
    "causes",
    "events",
    "finding",
    "models",
    "queries",
    "recalling",
    "sending",
    "silence",
    "switching",
    "telling",
    "wording",
]
