"""What is asked of others about a conversation, beside it: the customer never hears of it."""

__all__ = [
    "actions",
    "answering",
    "copying",
    "drafting",
    "events",
    "forgetting",
    "keys",
    "models",
    "queries",
    "quoting",
    "recipients",
    "saying",
    "searching",
]
