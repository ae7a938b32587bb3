"""What we said would happen, by when, and whether it did."""

__all__ = ["events", "models"]
