"""The first answer by itself: we have it. Once for each conversation, to proven senders alone.

Apps above may add a line of their own to the shop's words: how long it usually takes, say.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from makegood.automatic.actions import Occasion, write_by_machine
from makegood.automatic.models import AutomaticMail
from makegood.channels.interface import Address, Outgoing
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.replying import reply_address
from makegood.conversations.resolving import PROVEN
from makegood.conversations.signing import signature_of
from makegood.conversations.tokens import make_token
from makegood.conversations.writing import letter
from makegood.team.models import Agent

RULE = "acknowledgement"
BY_MAIL = ("smtp", "lmtp", "imap", "pipe")
Line = Callable[[Message], str]
_LINES: list[Line] = []


def adds_to_acknowledgements(line: Line) -> Line:
    """Register what is asked for one more line; it may say nothing. Asked only where one leaves."""
    if line not in _LINES:
        _LINES.append(line)
    return line


def acknowledge(message: Message) -> AutomaticMail | None:
    """Say that a mail came in, where its inbox says so; None where it does not."""
    conversation, handle = message.conversation, message.handle
    text = str(message.inbox.settings.get("acknowledgement") or "").strip()
    if not text or handle is None or message.arrival is None:
        return None
    if message.arrival.origin not in BY_MAIL or message.inbox.kind != "email":
        return None
    if conversation.messages.filter(pk__lt=message.pk).exists():
        return None
    occasion = Occasion(
        rule=RULE, about=conversation.ref, occurrence="opened", why_not=_why_not(message)
    )
    if not occasion.why_not:
        text = "\n\n".join(filter(None, [text, *(line(message) for line in _LINES)]))
    return write_by_machine(
        _answer(conversation, message, text), inbox=message.inbox, occasion=occasion
    )


def answer_by_machine(conversation: Conversation, text: str, rule: str, cause: str) -> str:
    """Answer what a customer said last, once for each cause; why it was not, or nothing."""
    heard = conversation.messages.filter(direction=Message.Direction.INCOMING, automatic="")
    known = heard.exclude(handle=None).select_related("inbox", "handle", "arrival")
    last = known.order_by("-pk").first()
    if last is None or last.arrival is None or last.inbox.kind != "email":
        return _("Nobody wrote here by mail, so a machine cannot answer by mail")
    occasion = Occasion(
        rule=rule, about=conversation.ref, occurrence=cause[:80], why_not=_why_not(last)
    )
    outgoing = _answer(conversation, last, text)
    return write_by_machine(outgoing, inbox=last.inbox, occasion=occasion).reason


def _why_not(message: Message) -> str:
    """What the mail itself says against an answer by machine."""
    envelope = message.arrival.envelope if message.arrival else {}
    if message.automatic:
        return _("A machine wrote")
    if "from" in envelope and not str(envelope["from"]).strip("<> "):
        return _("The mail has no return path")
    if message.trust not in PROVEN:
        return _("Nothing proves that the mail is from its sender")
    return ""


def _answer(conversation: Conversation, message: Message, text: str) -> Outgoing:
    inbox, handle = message.inbox, message.handle
    assert handle is not None
    domain = inbox.address.partition("@")[2] or "localhost"
    leaves = letter(text, signature=signature_of(Agent(), inbox), language=inbox.language)
    reply_to = reply_address(inbox, make_token(conversation, handle, Token.Purpose.REPLY))
    return Outgoing(
        key=f"<m.{make_token(conversation, handle, Token.Purpose.MESSAGE)}@{domain}>",
        to=[Address(address=handle.address, name=conversation.customer.name)],
        subject=f"Re: {conversation.subject}"[:250],
        text=leaves.text,
        html=leaves.html,
        sender=Address(address=inbox.address, name=inbox.sender_name or inbox.name),
        reply_to=reply_to,
        in_reply_to=message.external_id,
        references=[message.external_id] if message.external_id else [],
        is_automatic=True,
    )
