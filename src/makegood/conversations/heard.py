"""The message that an event tells of, for those who react to it: read once, or not at all."""

from makegood.conversations.models import Message
from makegood.ledger.models import Event


def message_heard(event: Event) -> Message:
    """As whoever wrote it brought it along; else from the table."""
    pk = event.facts["message"]
    brought = event.brought.get(f"message:{pk}")
    if isinstance(brought, Message):
        return brought
    messages = Message.objects.select_related(
        "arrival", "handle__customer", "inbox", "conversation__customer", "conversation__inbox"
    )
    return messages.get(pk=pk)
