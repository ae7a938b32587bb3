"""A lamp that is late, a carrier who may know why, and the way a mail goes between them."""

from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

from makegood.beside.actions import begin_thread
from makegood.beside.models import SideMessage
from makegood.beside.saying import Wish
from makegood.channels.email.sending import letter_of
from makegood.channels.interface import Address
from makegood.channels.models import Delivery, Inbox
from makegood.channels.outgoing import from_json
from makegood.conversations.models import Conversation
from tests.world import arrive, mail_bytes

CARRIER = "help@parcels.example"


def ask_the_carrier(lamp: Conversation, agent: Any, **wish: Any) -> SideMessage:
    """Nora asks the carrier where the parcel is."""
    usual: dict[str, Any] = {
        "to": [Address(address=CARRIER, name="Swift Parcels")],
        "subject": "Parcel 4417",
        "text": "Where is parcel 4417?",
    }
    return begin_thread(lamp, Wish(**usual | wish), by=agent)


def letter_about(message: SideMessage) -> Mail:
    """The mail as it leaves the house."""
    delivery = Delivery.objects.get(about=message.ref)
    letter = letter_of(from_json(delivery.outgoing), delivery.queued_at)
    return message_from_bytes(bytes(letter.content))


def answer_to(mail: Mail, inbox: Inbox, text: str, **headers: Any) -> str:
    """Answer a mail as a mail program does; returns what became of the answer."""
    to = str(mail["Reply-To"] or mail["From"])
    usual = {
        "sender": f"Swift Parcels <{CARRIER}>",
        "to": to,
        "subject": f"Re: {mail['Subject']}",
        "in_reply_to": str(mail["Message-ID"]),
    }
    return arrive(inbox, mail_bytes(text, **usual | headers))
