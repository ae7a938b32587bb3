from makegood.chat.going_on import wait_to_be_read
from makegood.conversations.events import Replied
from makegood.conversations.models import Message
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to


@reacts_to(Replied)
def see_whether_it_is_read(event: Event) -> None:
    """An answer in a chat waits to be read; after a while it goes on by mail."""
    message = Message.objects.filter(pk=event.facts["message"]).first()
    if message is not None:
        wait_to_be_read(message)
