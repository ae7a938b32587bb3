"""By what and to whom an answer goes: to whoever wrote last, the way they wrote."""

from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.channels.registry import LIVE
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.resting import refuse_spam
from makegood.customers.models import Handle
from makegood.kit.errors import Refused


def sending_inbox(conversation: Conversation) -> Inbox:
    """The inbox that an answer leaves from. Raises `Refused` where there is none."""
    refuse_spam(conversation)
    live = _live_word(conversation)
    return live.inbox if live else mailbox_of(conversation)


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


def recipient(conversation: Conversation) -> Handle:
    """Whom an answer goes to: the one who wrote last among those who take part."""
    last = _last_word(conversation)
    if last is not None and last.handle is not None and last.handle.kind in LIVE:
        return last.handle
    active = Participant.objects.filter(
        conversation=conversation, state=Participant.State.ACTIVE
    ).select_related("handle")
    handles = [one.handle for one in active.order_by("pk") if one.handle.kind == "email"]
    if not handles:
        raise Refused(_("Nobody in this conversation has an address that we can write to."))
    wrote = last.handle_id if last else None
    return next((handle for handle in handles if handle.pk == wrote), handles[0])


def _live_word(conversation: Conversation) -> Message | None:
    """What was said last, where it came from somebody who reads our answer where they wrote."""
    last = _last_word(conversation)
    return last if last and last.handle and last.handle.kind in LIVE else None


def _last_word(conversation: Conversation) -> Message | None:
    """What a person said last."""
    said = conversation.messages.filter(direction=Message.Direction.INCOMING, automatic="")
    return said.select_related("handle", "inbox").order_by("-pk").first()
