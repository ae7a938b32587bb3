"""Proof that an order is theirs: a code that only the order's own mailbox was sent.

Six digits, five tries, half an hour. A code is sent to one order three times a day at most, and
by all conversations together: whoever guesses has fifteen tries of a million in a day.
"""

import secrets
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from makegood.automatic.refusing import why_not_to
from makegood.channels.actions import post
from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Inbox
from makegood.channels.queries import shop_name
from makegood.concerns.events import CodeSent, CodeWrong, OrderProven
from makegood.concerns.models import Proof
from makegood.concerns.queries import is_theirs
from makegood.conversations.addressing import mailbox_of
from makegood.conversations.models import Conversation
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.kit.html import paragraphs
from makegood.kit.secrets import is_signed, sign
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.shop.models import Order

DIGITS, TRIES = 6, 5
LASTS, DAY = timedelta(minutes=30), timedelta(days=1)
MOST_OF_ORDER, MOST_OF_TALK = 3, 6
"""Codes within a day."""


@transaction.atomic
def send_code(conversation: Conversation, order: Order, *, by: Actor) -> Proof:
    """Send a code to the order's own address; the one before is worth nothing any more."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    conversation = lock_standing(conversation.pk, "inbox", "inbox__mail_inbox")
    now = timezone.now()
    sender = _refuse_to_send(conversation, order, now)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    Proof.objects.filter(conversation=conversation, order=order, proven_at=None).update(
        expires_at=now
    )
    proof = Proof.objects.create(
        conversation=conversation, order=order, customer=conversation.customer_id,
        email=order.email, sent_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    proof.mark = sign("order-code", _place(proof, code))
    proof.save(update_fields=["mark"])
    record(CodeSent(number=order.number), about=[conversation, order], by=by)
    post(_mail(conversation, order, sender, code), inbox=sender, about=proof.ref)
    return proof


def _refuse_to_send(conversation: Conversation, order: Order, now: datetime) -> Inbox:
    if not order.email:
        raise Refused(_("The shop told no e-mail address of this order."))
    if is_theirs(conversation, order):
        raise Refused(_("This order is theirs already: there is nothing to prove."))
    sent = Proof.objects.filter(sent_at__gt=now - DAY)
    of_order, of_talk = sent.filter(order=order), sent.filter(conversation=conversation)
    if of_order.count() >= MOST_OF_ORDER or of_talk.count() >= MOST_OF_TALK:
        raise Refused(_("Enough codes were sent today. Nothing was sent; try again tomorrow."))
    if reason := why_not_to(order.email):
        raise Refused(reason)
    return mailbox_of(conversation)


@transaction.atomic
def check_code(conversation: Conversation, order: Order, said: str, *, by: Actor) -> bool:
    """Whether that is the code. What is wrong counts, and five times wrong ends it."""
    conversation = lock_standing(conversation.pk)
    waiting = Proof.objects.select_for_update(of=("self",)).filter(
        conversation=conversation, order=order, proven_at=None, expires_at__gt=timezone.now()
    )
    proof = waiting.order_by("-sent_at", "-pk").first()
    if proof is None or proof.customer != conversation.customer_id:
        raise Refused(_("No code is waiting for this order. Send a new one."))
    code = "".join(letter for letter in said if letter.isascii() and letter.isdigit())
    about = [conversation, order]
    if is_signed("order-code", _place(proof, code), proof.mark):
        proof.proven_at = timezone.now()
        proof.save(update_fields=["proven_at"])
        record(OrderProven(number=order.number), about=about, by=by)
        return True
    proof.wrong += 1
    if proof.wrong >= TRIES:
        proof.expires_at = timezone.now()
    proof.save(update_fields=["wrong", "expires_at"])
    record(CodeWrong(number=order.number, left=TRIES - proof.wrong), about=about, by=by)
    return False


def tries_left(proof: Proof) -> int:
    return TRIES - proof.wrong


def _place(proof: Proof, code: str) -> str:
    """A code is worth something for its own row only."""
    return f"{proof.pk} {proof.order_id} {proof.conversation_id} {code}"


def _mail(conversation: Conversation, order: Order, sender: Inbox, code: str) -> Outgoing:
    """Constant words: nothing that whoever writes typed gets into somebody else's mailbox.

    What is answered to it begins a conversation of its own: no word of this mail leads to theirs.
    """
    shop = shop_name(conversation.inbox)
    domain = sender.address.partition("@")[2] or "localhost"
    with translation.override(conversation.inbox.language):
        subject = _("Your code for order %(number)s") % {"number": order.number}
        text = _words(shop, order.number, code)
    return Outgoing(
        key=make_msgid(domain=domain),
        to=[Address(address=order.email)],
        subject=subject,
        text=text,
        html=str(paragraphs(text)),
        sender=Address(address=sender.address, name=shop),
        is_automatic=True,
        is_secret=True,
    )


def _words(shop: str, number: str, code: str) -> str:
    return _(
        "Hello,\n\n"
        "somebody is talking with %(shop)s about your order %(number)s from another address. "
        "If it is you, this code shows that the order is yours:\n\n"
        "%(code)s\n\n"
        "It holds for half an hour. If it is not you, you need do nothing: without the code nobody "
        "hears anything about your order. Please tell it to nobody but us."
    ) % {"shop": shop, "number": number, "code": code}
