"""Whose mail is it: the only code that says which conversation something belongs to.

Headers alone never attach. A message joins on proof: a reply token, a Message-ID token of
ours, or a sender whom we can trust and who already takes part. Everything else begins a new
conversation that says what it looks like (security.md D01 to D04).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.channels.interface import Incoming, Trust
from makegood.channels.registry import LIVE
from makegood.conversations.likeness import likeness_of
from makegood.conversations.models import Conversation, Message, Participant, Token
from makegood.conversations.standing import standing_number
from makegood.conversations.tokens import message_id_token, token_row
from makegood.customers.models import Handle

CHAT_GOES_ON = timedelta(days=3)
"""So long after it was settled, what the same browser writes belongs to the same matter."""
BY_ADDRESS = gettext_lazy("Came to the reply address that only %(who)s was given")
BY_LINK = gettext_lazy("Written behind the private link that only %(who)s was given")
PROVEN = (Trust.VERIFIED, Trust.SAME)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The conversation that something joins, or None, and why in the agents' words."""

    conversation: Conversation | None
    reason: str
    looks_like: Conversation | None = None
    likeness: str = ""
    """Why it looks like that one."""
    proven: Handle | None = None
    """Whose mailbox the proof was sent to: who holds it, reads that mailbox."""


def resolve(incoming: Incoming, sender: Handle) -> Decision:
    """Decide once. Fails closed: in doubt, a new conversation."""
    return (
        _by_reply_token(incoming)
        or _by_message_id(incoming)
        or _by_references(incoming, sender)
        or _by_browser(sender)
        or _a_new_one(incoming, sender)
    )


def passed_on(agent: str) -> Decision:
    """What an agent forwards begins anew, whatever it refers to: an agent says whose it is."""
    return Decision(conversation=None, reason=_("Forwarded by %(agent)s") % {"agent": agent})


def _by_reply_token(incoming: Incoming) -> Decision | None:
    for token in incoming.reply_tokens:
        row = token_row(token, Token.Purpose.REPLY, Token.Purpose.LINK)
        if row is not None:
            reason = BY_LINK if row.purpose == Token.Purpose.LINK else BY_ADDRESS
            who = {"who": row.handle.address}
            return Decision(
                conversation=_where(incoming, row), reason=reason % who, proven=row.handle
            )
    return None


def _where(incoming: Incoming, row: Token) -> Conversation:
    """The answered message says it more closely than its reply address: it may be split off."""
    answered = _by_message_id(incoming)
    if answered is None or answered.conversation is None or answered.proven != row.handle:
        return row.conversation
    return answered.conversation


def _by_message_id(incoming: Incoming) -> Decision | None:
    for reference in incoming.references:
        row = token_row(message_id_token(reference), Token.Purpose.MESSAGE)
        if row is not None:
            return Decision(
                conversation=row.conversation,
                reason=_("Answers a message that we sent to %(who)s") % {"who": row.handle.address},
                proven=row.handle,
            )
    return None


def _by_references(incoming: Incoming, sender: Handle) -> Decision | None:
    if incoming.verdict.trust not in PROVEN:
        return None
    for message in _referred_to(incoming):
        taking_part = Participant.objects.filter(
            conversation=message.conversation_id, handle=sender, state=Participant.State.ACTIVE
        )
        if taking_part.exists():
            return Decision(
                conversation=message.conversation,
                reason=_("Answers an earlier message; the sender takes part and is verified"),
            )
    return None


def _by_browser(sender: Handle) -> Decision | None:
    """A chat goes on where the same browser wrote last, for a while after it was settled."""
    if sender.kind not in LIVE:
        return None
    home, place = _chat_of(sender)
    if home is None or place is None or not goes_on(place):
        return None
    return Decision(conversation=home, reason=_("Written in the same chat"))


def standing_chat(sender: Handle) -> Conversation | None:
    """The conversation that a visitor takes part in, where it stands now."""
    return _chat_of(sender)[1]


def _chat_of(sender: Handle) -> tuple[Conversation | None, Conversation | None]:
    """The one they joined last, and the one that it is part of now."""
    theirs = Participant.objects.filter(handle=sender, state=Participant.State.ACTIVE)
    newest = theirs.select_related("conversation").order_by("-joined_at", "-pk").first()
    if newest is None:
        return None, None
    home = newest.conversation
    if home.joined_into_id is None:
        return home, home
    return home, Conversation.objects.get(pk=standing_number(home.pk))


def goes_on(place: Conversation) -> bool:
    """Whether a chat that stands here takes in more; else what is written begins another."""
    if place.status == Conversation.Status.SPAM:
        return False
    return place.resolved_at is None or place.resolved_at > timezone.now() - CHAT_GOES_ON


def _a_new_one(incoming: Incoming, sender: Handle) -> Decision:
    for message in _referred_to(incoming):
        return Decision(
            conversation=None,
            reason=_("Refers to an earlier message, but the sender is not proven to take part"),
            looks_like=message.conversation,
            likeness=_(
                "It refers to a message there, but nothing proves that its sender takes part"
            ),
        )
    found = likeness_of(incoming, sender.customer_id)
    if found is not None:
        return Decision(
            conversation=None,
            reason=_("Nothing proves that it answers an earlier one"),
            looks_like=found.conversation,
            likeness=found.reason,
        )
    return Decision(conversation=None, reason=_("Refers to nothing that we know"))


def _referred_to(incoming: Incoming) -> list[Message]:
    references = [reference for reference in incoming.references if reference][:50]
    if not references:
        return []
    known = Message.objects.filter(external_id__in=references).select_related("conversation")
    by_id = {message.external_id: message for message in known.order_by("pk")[:50]}
    return [by_id[reference] for reference in references if reference in by_id]
