"""What was said in a chat, by mail: to an address that is proven to be theirs, and to no other.

An address that somebody typed may be anybody's: a whole conversation would be carried there in
our name (security.md T15).
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from makegood.automatic.actions import Occasion, write_by_machine
from makegood.automatic.models import AutomaticMail
from makegood.channels.interface import Address, Outgoing
from makegood.channels.queries import shop_name
from makegood.chat.models import Visitor
from makegood.chat.queries import conversation_of, said_to
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.replying import reply_address
from makegood.conversations.tokens import make_token
from makegood.customers.models import Handle
from makegood.kit.errors import Refused
from makegood.kit.html import paragraphs
from makegood.kit.markdown import plain

RULE = "transcript"
MOST_PAGES = 20


@transaction.atomic
def mail_transcript(visitor: Visitor) -> str:
    """Put what was said into the outbox; returns the address. Raises `Refused`, with a way out."""
    place, sender = conversation_of(visitor), visitor.inbox.mail_inbox
    if place is None:
        raise Refused(_("Nothing was said here yet."))
    if sender is None:
        raise Refused(_("This chat sends no mail. Copy what you need from the page."))
    to = verified_address(visitor)
    said = _all_said(visitor)
    occasion = Occasion(rule=RULE, about=place.ref, occurrence=f"{to.pk}:{said[-1].pk}")
    mail = write_by_machine(_letter(visitor, place, to, said), inbox=sender, occasion=occasion)
    if mail.state != AutomaticMail.State.QUEUED:
        words = _("We cannot send it now (%(why)s). Try again in an hour.")
        raise Refused(words % {"why": mail.reason})
    return to.address


def verified_address(visitor: Visitor) -> Handle:
    """The address of which it is proven that whoever sits there reads it. Raises `Refused`."""
    proven = visitor.proven
    if proven is not None and proven.kind == "email" and proven.verified_at is not None:
        return proven
    mail = visitor.mail
    is_one_person = mail is not None and mail.customer_id == visitor.handle.customer_id
    if mail is not None and mail.verified_at is not None and visitor.is_signed() and is_one_person:
        return mail  # the shop signed both
    raise Refused(
        _(
            "We send a conversation only to an address that is proven to be yours. Leave your "
            "address, open the link in the mail that you get with our answer, press “Chat about "
            "this” there, and ask again."
        )
    )


def _all_said(visitor: Visitor) -> Sequence[Message]:
    found: list[Message] = []
    before = 0
    for _page in range(MOST_PAGES):
        some = said_to(visitor, before=before)
        if not some:
            break
        found, before = [*some, *found], some[0].pk
    if not found:
        raise Refused(_("Nothing was said here yet."))
    return found


def _letter(visitor: Visitor, place: Conversation, to: Handle, said: Sequence[Message]) -> Outgoing:
    sender = visitor.inbox.mail_inbox
    assert sender is not None
    shop, domain = shop_name(visitor.inbox), sender.address.partition("@")[2] or "localhost"
    text = "\n\n".join(_line(one) for one in said)
    intro = _("You asked for what was said in your chat with %(shop)s. Here it is.")
    words = f"{intro % {'shop': shop}}\n\n{text}"
    return Outgoing(
        key=f"<m.{make_token(place, to, Token.Purpose.MESSAGE)}@{domain}>",
        to=[Address(address=to.address)],
        subject=_("What was said in your chat with %(shop)s") % {"shop": shop},
        text=words,
        html=str(paragraphs(words)),
        sender=Address(address=sender.address, name=shop),
        reply_to=reply_address(sender, make_token(place, to, Token.Purpose.REPLY)),
        is_automatic=True,
    )


def _line(message: Message) -> str:
    when = formats.date_format(timezone.localtime(message.at), "j M Y, H:i")
    who = _("You") if message.is_incoming() else message.author_name
    words = message.text if message.is_incoming() else plain(message.text)
    files = "".join(f"\n[{one.name}]" for one in message.attachments.all())
    return f"{who}, {when}\n{words}{files}"
