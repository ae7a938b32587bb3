"""Whom something beside a conversation goes to: anybody but its customer and ourselves."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.beside.models import SideThread
from makegood.channels.email.addresses import addresses
from makegood.channels.interface import Address
from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.customers.actions import canonical_address
from makegood.customers.models import Handle
from makegood.kit.errors import Refused
from makegood.kit.text import plain_name

MOST = 10


def read_recipients(typed: str) -> Sequence[Address]:
    """`DHL <help@dhl.example>, depot@dhl.example`: each once; refused where one is no address."""
    words = typed.replace("\n", ",").replace(";", ",").encode("utf-8", "replace")
    found = {one.address: one for one in addresses(words)}
    if not found:
        raise Refused(_("Write to whom it goes: an e-mail address, or several."))
    if sum("@" in piece for piece in words.decode("utf-8", "replace").split(",")) > len(found):
        raise Refused(_("One of these is no e-mail address. Look at them once more."))
    if len(found) > MOST:
        raise Refused(_("That is more than %(n)s addresses.") % {"n": MOST})
    return [Address(address=a, name=plain_name(one.name)) for a, one in found.items()]


def is_customers(conversation: Conversation, address: str) -> bool:
    """Whether an address belongs to the customer, or to whoever else takes part."""
    wanted = canonical_address("email", address)
    taking_part = Q(pk__in=conversation.participants.values("handle"))
    theirs = Handle.objects.filter(taking_part | Q(customer=conversation.customer_id))
    return theirs.filter(kind="email", address=wanted).exists()


def refuse_wrong_recipients(conversation: Conversation, to: Sequence[Address]) -> None:
    """Raises `Refused` for the customer's own addresses, and for those that lead back to us."""
    ours = set(Inbox.objects.exclude(address="").values_list("address", flat=True))
    for one in to:
        if is_customers(conversation, one.address):
            words = _("%(address)s takes part in the conversation itself: answer there.")
            raise Refused(words % {"address": one.address})
        if one.address in {address.lower() for address in ours}:
            words = _("%(address)s is an address of ours: leave a note instead.")
            raise Refused(words % {"address": one.address})


def names_of(thread: SideThread) -> str:
    """Who is written to, in words."""
    return ", ".join(str(party) for party in thread.parties.order_by("pk") if party.address)
