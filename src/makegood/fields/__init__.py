"""What a shop wants to know besides: fields of its own on customers and on conversations."""

__all__ = ["actions", "events", "filtering", "models", "queries", "reading"]
