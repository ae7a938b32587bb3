"""What a lead looks after: which promises are to be kept next, at risk or broken, and the day."""

__all__ = ["counting", "forecast", "listing", "models", "strip", "today", "weeks"]
