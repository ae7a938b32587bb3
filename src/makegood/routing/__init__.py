"""Who is best placed to answer: chosen by what they can do and hold, and always with reasons."""

__all__ = [
    "actions",
    "asking",
    "choosing",
    "events",
    "models",
    "queries",
    "scoring",
    "setting",
    "skill",
    "telling",
    "working",
]
