"""What a shop was asked to do for an order: once, and with an answer."""

__all__ = ["actions", "doing", "events", "models", "queries", "saying", "stakes"]
