"""A passage is removed for good, everywhere it stands; that it stood there is kept and proved."""

__all__ = ["actions", "cleaning", "events", "models", "queries", "removing", "spotting"]
