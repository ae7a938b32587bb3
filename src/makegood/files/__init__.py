"""Attachments by content hash: written once, fsynced, private, and served only through a gate."""

__all__ = ["actions", "leaving", "models", "room", "serving", "storage"]
