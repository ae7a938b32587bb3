"""The mail with which a chat goes on: our own answers, and a private link. Nothing else."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Inbox
from makegood.channels.queries import shop_name
from makegood.chat.models import GoneOn, Visitor
from makegood.conversations.models import Attachment, Conversation, Message, Token
from makegood.conversations.replying import reply_address
from makegood.conversations.signing import signature_of
from makegood.conversations.tokens import make_token
from makegood.conversations.writing import letter
from makegood.customers.models import Handle
from makegood.kit.text import one_line

EARLIER = 8


def letter_of(
    visitor: Visitor, place: Conversation, answers: Sequence[Message]
) -> tuple[Outgoing, Inbox]:
    """One mail with these answers, and the mailbox that it leaves from."""
    sender, to = visitor.inbox.mail_inbox, visitor.mail
    assert sender is not None
    assert to is not None
    shop = shop_name(visitor.inbox)
    link = settings.URL + reverse("portal:conversation", args=[_link(place, to)])
    domain = sender.address.partition("@")[2] or "localhost"
    last, earlier = answers[-1], _earlier_mails(place, to.address)
    with translation.override(visitor.language or visitor.inbox.language or None):
        subject = _("Your chat with %(shop)s") % {"shop": shop}
        words = "\n\n".join([*_said(answers), _how_to_go_on(link)])
        leaves = letter(
            words,
            signature=signature_of(last.agent, sender) if last.agent else "",
            language=visitor.language or visitor.inbox.language,
            files=_files(answers, sender),
            domain=domain,
        )
    name = f"{last.author_name} · {shop}" if last.agent else shop
    outgoing = Outgoing(
        key=f"<m.{make_token(place, to, Token.Purpose.MESSAGE)}@{domain}>",
        to=[Address(address=to.address)],
        subject=f"Re: {subject}" if earlier else subject,
        text=leaves.text,
        html=leaves.html,
        sender=Address(address=sender.address, name=one_line(name, 100)),
        reply_to=reply_address(sender, make_token(place, to, Token.Purpose.REPLY)),
        in_reply_to=earlier[-1] if earlier else "",
        references=earlier,
        files=leaves.files,
    )
    return outgoing, sender


def _link(place: Conversation, to: Handle) -> str:
    return make_token(place, to, Token.Purpose.LINK)


def _said(answers: Sequence[Message]) -> list[str]:
    """The answers, each with its writer where several wrote."""
    if len({one.author_name for one in answers}) == 1:
        return [one.text for one in answers]
    return [f"{one.author_name}:\n\n{one.text}" for one in answers]


def _how_to_go_on(link: str) -> str:
    return _(
        "You left the chat before you read this. Answer this mail, or go on with the chat "
        "here:\n%(link)s\n\nIf it was not you who wrote to us, say so behind the same link, "
        "and you hear no more of it."
    ) % {"link": link}


def _files(answers: Sequence[Message], sender: Inbox) -> Sequence[Attachment]:
    """Their files, as long as a mail can carry them; the others lie behind the link."""
    limits, carried, size = sender.limits, list[Attachment](), 0
    found = Attachment.objects.filter(message__in=answers).select_related("file").order_by("pk")
    for one in found:
        size += one.file.size
        if size > limits.attachment_bytes or len(carried) >= limits.attachments:
            break
        carried.append(one)
    return carried


def _earlier_mails(place: Conversation, address: str) -> list[str]:
    """What went to this address before, so that its mail program shows them together."""
    went = GoneOn.objects.filter(conversation=place, to__address=address).order_by("-pk")
    numbers = list(went.values_list("newest", flat=True)[:EARLIER])
    known = Message.objects.filter(pk__in=numbers).exclude(external_id="").order_by("pk")
    return list(known.values_list("external_id", flat=True))
