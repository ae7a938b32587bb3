from makegood.channels.interface import Trust
from makegood.conversations.events import MessageReceived
from makegood.conversations.heard import message_heard
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to
from makegood.portal.confirmations import ask_to_confirm


@reacts_to(MessageReceived)
def ask_whoever_wrote_by_form(event: Event) -> None:
    """What came by our own form is unproven: ask its address, in the same transaction."""
    if event.facts.get("trust") != Trust.UNVERIFIED:
        return
    message = message_heard(event)
    arrival, handle = message.arrival, message.handle
    if arrival is None or handle is None or not arrival.envelope.get("confirm"):
        return
    ask_to_confirm(message.conversation, handle, network=str(arrival.envelope.get("network")))
