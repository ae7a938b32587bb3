"""The agent's workspace: inbox, conversation, the customer beside it, search."""

__all__ = ["asking", "rows", "showing", "standing", "story"]
