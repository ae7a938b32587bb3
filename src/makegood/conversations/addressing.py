"""By what and to whom an answer goes: to whoever wrote last, the way they wrote."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.channels.registry import LIVE
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.resting import refuse_spam
from makegood.customers.models import Handle
from makegood.kit.errors import Refused


@dataclass(frozen=True)
class Way:
    """The inbox that an answer leaves from, and whom it goes to."""

    inbox: Inbox
    to: Handle


def way_of(conversation: Conversation) -> Way:
    """By what and to whom an answer goes. Raises `Refused` where it cannot."""
    refuse_spam(conversation)
    last = _last_word(conversation)
    if last is not None and last.handle is not None and last.handle.kind in LIVE:
        return Way(last.inbox, last.handle)
    return Way(mailbox_of(conversation), _by_mail_to(conversation, last))


def sending_inbox(conversation: Conversation) -> Inbox:
    """The inbox that an answer leaves from. Raises `Refused` where there is none."""
    refuse_spam(conversation)
    last = _last_word(conversation)
    is_live = last is not None and last.handle is not None and last.handle.kind in LIVE
    return last.inbox if last and is_live else mailbox_of(conversation)


def mailbox_of(conversation: Conversation) -> Inbox:
    """The mailbox that mail about this leaves from. Raises `Refused` where there is none."""
    refuse_spam(conversation)
    own = conversation.inbox
    inbox = own if own.kind == "email" else own.mail_inbox
    if inbox is None:
        raise Refused(
            _("This inbox cannot send. Connect a mailbox that answers for it in the office.")
        )
    return inbox


def _by_mail_to(conversation: Conversation, last: Message | None) -> Handle:
    """The one who wrote last among those who take part."""
    active = Participant.objects.filter(
        conversation=conversation, state=Participant.State.ACTIVE
    ).select_related("handle")
    handles = [one.handle for one in active.order_by("pk") if one.handle.kind == "email"]
    if not handles:
        raise Refused(_("Nobody in this conversation has an address that we can write to."))
    wrote = last.handle_id if last else None
    return next((handle for handle in handles if handle.pk == wrote), handles[0])


def _last_word(conversation: Conversation) -> Message | None:
    """What a person said last."""
    said = conversation.messages.filter(direction=Message.Direction.INCOMING, automatic="")
    return said.select_related("handle", "inbox").order_by("-pk").first()


def let_take_part(conversation: Conversation, handle: Handle, *, at: datetime) -> None:
    """Somebody is part of this from now on, as one of whom that is proven."""
    active = Participant.State.ACTIVE
    Participant.objects.update_or_create(
        conversation=conversation, handle=handle, defaults={"state": active, "joined_at": at}
    )
