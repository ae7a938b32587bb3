from makegood.chat.going_on import wait_to_be_read
from makegood.chat.reading import read_theirs
from makegood.conversations.events import Replied
from makegood.conversations.models import Message
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to


@reacts_to(Replied)
def see_whether_it_is_read(event: Event) -> None:
    """An answer in a chat waits to be read; and whoever gave it has read what it answers."""
    found = Message.objects.filter(pk=event.facts["message"])
    message = found.select_related("agent", "conversation__inbox").first()
    if message is None or len(message.to) != 1 or "@" in message.to[0]:
        return
    wait_to_be_read(message)
    if message.agent is not None:
        read_theirs(message.conversation, message.pk, by=message.agent)
