"""Everywhere one can go and everything one can do, by typing a few letters; and every key."""

__all__ = ["commands", "finding", "keys", "places"]
