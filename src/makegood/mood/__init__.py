"""How a customer's words sound: text in, one of four moods out, or nothing where it cannot tell."""

__all__ = ["reading"]
