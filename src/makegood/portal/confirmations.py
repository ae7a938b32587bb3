"""The mail that asks whether it was you: constant words, and one link (security.md D23).

Nothing that a stranger typed is in it: not the name, not the subject, not a word of the text.
Otherwise the form would carry anybody's words into anybody's mailbox in our name.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from makegood.automatic.actions import Occasion, write_by_machine
from makegood.automatic.refusing import mailbox_of, why_not_to
from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Inbox
from makegood.channels.queries import shop_name
from makegood.conversations.models import Conversation, Token
from makegood.conversations.replying import reply_address
from makegood.conversations.tokens import make_token
from makegood.customers.models import Handle
from makegood.kit.html import paragraphs
from makegood.portal.budgets import spend

RULE = "confirmation"


def ask_to_confirm(conversation: Conversation, handle: Handle, *, network: str) -> bool:
    """Put the mail into the outbox, where budgets allow; whether it was."""
    sender = conversation.inbox.mail_inbox
    if sender is None or handle.kind != "email" or why_not_to(handle.address):
        return False
    is_paid = (
        spend("confirmations-to-an-address", mailbox_of(handle.address))
        and spend("confirmations-for-a-network", network)
        and spend("confirmations")
    )
    if not is_paid:
        return False
    occasion = Occasion(rule=RULE, about=conversation.ref, occurrence=handle.ref)
    outgoing = confirmation(conversation, handle, sender)
    mail = write_by_machine(outgoing, inbox=sender, occasion=occasion)
    return mail.state == mail.State.QUEUED


def confirmation(conversation: Conversation, handle: Handle, sender: Inbox) -> Outgoing:
    shop = shop_name(conversation.inbox)
    domain = sender.address.partition("@")[2] or "localhost"
    link = make_token(conversation, handle, Token.Purpose.LINK)
    with translation.override(conversation.inbox.language):
        subject = _("Was it you who wrote to %(shop)s?") % {"shop": shop}
        text = _words(shop, f"{settings.URL}{reverse('portal:conversation', args=[link])}")
    return Outgoing(
        key=f"<m.{make_token(conversation, handle, Token.Purpose.MESSAGE)}@{domain}>",
        to=[Address(address=handle.address)],
        subject=subject,
        text=text,
        html=str(paragraphs(text)),
        sender=Address(address=sender.address, name=shop),
        reply_to=reply_address(sender, make_token(conversation, handle, Token.Purpose.REPLY)),
        is_automatic=True,
    )


def _words(shop: str, link: str) -> str:
    return _(
        "Hello,\n\n"
        "somebody wrote to %(shop)s by the form on our page and gave this address.\n\n"
        "If it was you, please say so behind this link. There you can also follow the "
        "conversation and answer:\n\n"
        "%(link)s\n\n"
        "If it was not you, you need do nothing, or tell us so behind the same link. "
        "The link is for you alone: please do not pass it on."
    ) % {"shop": shop, "link": link}
