"""The mail by which a customer hears that their order, or their money, is here."""

from email.utils import make_msgid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Inbox
from makegood.channels.queries import shop_name
from makegood.customers.queries import handle_at
from makegood.kit.html import paragraphs
from makegood.kit.text import one_line
from makegood.promises.models import Promise
from makegood.shop.models import Order

Kind = Promise.Kind
MOST_LINES = 50


def letter_of(order: Order, kind: str, inbox: Inbox) -> Outgoing:
    """What it says, in the customer's language. An answer to it begins a conversation."""
    handle = handle_at("email", order.email)
    language = (handle.customer.language if handle else "") or inbox.language
    shop = shop_name(inbox)
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = {
            Kind.ACKNOWLEDGED: _("We have your order %(number)s"),
            Kind.PAID_CONFIRMED: _("Your payment for order %(number)s is here"),
        }[Kind(kind)] % {"number": order.number}
        text = _text(order, kind, shop)
    domain = inbox.address.partition("@")[2] or "localhost"
    return Outgoing(
        key=make_msgid(domain=domain),
        to=[Address(address=order.email, name=order.name)],
        subject=one_line(subject, 250),
        text=text,
        html=str(paragraphs(text)),
        sender=Address(address=inbox.address, name=shop),
        is_automatic=True,
    )


def _text(order: Order, kind: str, shop: str) -> str:
    hello = _("Hello %(name)s,") % {"name": order.name} if order.name else _("Hello,")
    first = {
        Kind.ACKNOWLEDGED: _("thank you: your order %(number)s has come in."),
        Kind.PAID_CONFIRMED: _("thank you: your payment for order %(number)s has come in."),
    }[Kind(kind)]  # fmt: skip
    blocks = [hello, first % {"number": order.number}]
    if kind == Kind.ACKNOWLEDGED:
        blocks.append(_articles(order))
    blocks += ["\n".join(_promised(order))]
    blocks += [_("If anything of it is not right, just answer this mail."), shop]
    return "\n\n".join(filter(None, blocks))


def _articles(order: Order) -> str:
    lines = [
        f"{one.quantity} × {one_line(one.title, 120)}" for one in order.lines.all()[:MOST_LINES]
    ]
    return "\n".join([*lines, _("Total: %(sum)s") % {"sum": order.total}])


def _promised(order: Order) -> list[str]:
    """What is promised of it and not done yet, by days as the shop's clock shows them."""
    words = {
        Kind.SHIPPED: _("We send it by %(day)s at the latest."),
        Kind.DELIVERED: _("It is to be with you by %(day)s at the latest."),
    }
    rows = Promise.objects.filter(
        order=order, conversation=None, kind__in=words, state=Promise.State.OPEN
    )
    zone = ZoneInfo(order.shop.time_zone)
    return [
        words[Kind(one.kind)] % {"day": formats.date_format(one.due_at.astimezone(zone), _("j F"))}
        for one in rows.order_by("due_at", "pk")
    ]
