"""Whose mail is it: the only code that says which conversation something belongs to.

Headers alone never attach. A message joins on proof: a reply token, a Message-ID token of
ours, or a sender whom we can trust and who already takes part. Everything else begins a new
conversation that says what it looks like (security.md D01 to D04).
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.channels.interface import Incoming, Trust
from makegood.conversations.models import Conversation, Message, Participant, Token
from makegood.conversations.tokens import message_id_token, token_row
from makegood.customers.models import Handle

BY_ADDRESS = gettext_lazy("Came to the reply address that only %(who)s was given")
BY_LINK = gettext_lazy("Written behind the private link that only %(who)s was given")
PROVEN = (Trust.VERIFIED, Trust.SAME)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The conversation that something joins, or None, and why in the agents' words."""

    conversation: Conversation | None
    reason: str
    looks_like: Conversation | None = None
    proven: Handle | None = None
    """Whose mailbox the proof was sent to: who holds it, reads that mailbox."""


def resolve(incoming: Incoming, sender: Handle) -> Decision:
    """Decide once. Fails closed: in doubt, a new conversation."""
    return (
        _by_reply_token(incoming)
        or _by_message_id(incoming)
        or _by_references(incoming, sender)
        or _a_new_one(incoming, sender)
    )


def _by_reply_token(incoming: Incoming) -> Decision | None:
    for token in incoming.reply_tokens:
        row = token_row(token, Token.Purpose.REPLY, Token.Purpose.LINK)
        if row is not None:
            reason = BY_LINK if row.purpose == Token.Purpose.LINK else BY_ADDRESS
            who = {"who": row.handle.address}
            return Decision(conversation=row.conversation, reason=reason % who, proven=row.handle)
    return None


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


def _a_new_one(incoming: Incoming, sender: Handle) -> Decision:
    for message in _referred_to(incoming):
        return Decision(
            conversation=None,
            reason=_("Refers to an earlier message, but the sender is not proven to take part"),
            looks_like=message.conversation,
        )
    same = _same_subject(incoming, sender)
    if same is not None:
        return Decision(
            conversation=None,
            reason=_("Nothing proves that it answers an earlier one"),
            looks_like=same,
        )
    return Decision(conversation=None, reason=_("Refers to nothing that we know"))


def _referred_to(incoming: Incoming) -> list[Message]:
    references = [reference for reference in incoming.references if reference][:50]
    if not references:
        return []
    known = Message.objects.filter(external_id__in=references).select_related("conversation")
    by_id = {message.external_id: message for message in known.order_by("pk")[:50]}
    return [by_id[reference] for reference in references if reference in by_id]


def _same_subject(incoming: Incoming, sender: Handle) -> Conversation | None:
    subject = bare_subject(incoming.subject)
    if not subject:
        return None
    recent = Conversation.objects.filter(customer=sender.customer_id).order_by("-last_at")[:5]
    return next((one for one in recent if bare_subject(one.subject) == subject), None)


ANSWER_MARKS = ("re:", "aw:", "sv:", "antw:", "fwd:", "fw:", "wg:", "rép:", "odp:", "rif:")


def bare_subject(subject: str) -> str:
    """A subject without its answer marks, for comparing only."""
    bare = " ".join(subject.lower().split())
    while True:
        mark = next((mark for mark in ANSWER_MARKS if bare.startswith(mark)), None)
        if mark is None:
            return bare
        bare = bare.removeprefix(mark).strip()
