"""Settings, addresses and the server: plugs the apps together."""

__all__ = ["asgi"]
