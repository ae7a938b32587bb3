"""The sample shop Lantern & Loom, and a desk of any size: for newcomers and for measuring."""

__all__ = ["chats", "desk", "mails", "shop", "town", "trade", "writing"]
