"""Who a visitor is, where the shop says so: the same person in every browser (security.md T81).

What a browser said before comes along. Two people whom the desk knows already are never made
one here: an agent is told that they may be the same, and decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.chat.actions import name_visitor, refuse_blocked
from makegood.chat.models import SIGNED, Visitor
from makegood.chat.queries import conversation_of, visitor_with
from makegood.conversations.addressing import let_take_part
from makegood.conversations.resolving import goes_on
from makegood.customers.actions import add_handle, meet, verify_handle
from makegood.customers.likeness import suggests
from makegood.customers.merging import merge_customers
from makegood.customers.models import Customer, Handle
from makegood.customers.queries import handle_at
from makegood.kit.ids import digest, new_token
from makegood.ledger.actors import System


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who it is, as the shop signed it."""

    subject: str
    name: str = ""
    email: str = ""
    is_email_proven: bool = False
    language: str = ""


def address_of(inbox: Inbox, subject: str) -> str:
    """The address of a shop's customer in a chat: tells nobody which account it is."""
    return f"{SIGNED}{digest(f'{inbox.public_id} {subject}')[:40]}"


@transaction.atomic
def recognise(inbox: Inbox, secret: str, person: Person, *, origin: str = "") -> Visitor:
    """This browser is that person's from now on. Raises `Blocked` where it is not heard."""
    inbox = Inbox.objects.select_for_update().get(pk=inbox.pk)  # two tabs at once are one
    now = timezone.now()
    visitor = visitor_with(inbox, secret, now)
    if visitor is not None:
        refuse_blocked(visitor)
    if visitor is not None and visitor.is_signed():
        if visitor.handle.address == address_of(inbox, person.subject):
            Visitor.objects.filter(pk=visitor.pk).update(signed_at=now)
            visitor.signed_at = now
            return visitor
        retire(visitor)
        visitor = None
    handle = _handle_of(inbox, person, visitor)
    if visitor is None:
        visitor = Visitor(
            inbox=inbox, secret_hash=digest(secret), origin=origin, first_seen_at=now, seen_at=now
        )
    else:
        _bring_along(visitor, handle)
        visitor.stranger = visitor.handle
    visitor.handle, visitor.signed_at = handle, now
    visitor.language = visitor.language or person.language
    visitor.mail = _mail_of(person) or visitor.mail
    visitor.save()
    return visitor


def forget_who(inbox: Inbox, secret: str) -> None:
    """Somebody signed out: whoever sits at this browser now is a stranger."""
    visitor = visitor_with(inbox, secret, timezone.now())
    if visitor is not None and visitor.is_signed():
        retire(visitor)


def retire(visitor: Visitor) -> None:
    """No secret opens this any more; what was said stays with whoever said it."""
    Visitor.objects.filter(pk=visitor.pk).update(
        secret_hash=digest(new_token()), former_hash="", former_until=None, signed_at=None
    )


def _handle_of(inbox: Inbox, person: Person, visitor: Visitor | None) -> Handle:
    """The person's handle in this chat: the same for all of their browsers."""
    now, address, house = timezone.now(), address_of(inbox, person.subject), System("chat")
    if handle_at("chat", address) is not None:
        return meet("chat", address, name=person.name, at=now, by=house)
    mail = _mail_of(person)
    if mail is not None:
        handle = add_handle(mail.customer, "chat", address, name=person.name, by=house)
    elif visitor is not None and is_mere_browser(visitor.handle.customer):
        handle = add_handle(visitor.handle.customer, "chat", address, name=person.name, by=house)
        name_visitor(visitor, person.name)
    else:
        handle = meet("chat", address, name=person.name, at=now, by=house)
    if person.email and person.is_email_proven:
        mail = mail or add_handle(handle.customer, "email", person.email, by=house)
        verify_handle(mail, by=house)
    return handle


def _mail_of(person: Person) -> Handle | None:
    """The mailbox that the shop says is theirs, where we know it."""
    if not person.email or not person.is_email_proven:
        return None
    return handle_at("email", person.email)


def _bring_along(visitor: Visitor, handle: Handle) -> None:
    """What this browser said before is the person's; so is who said it, where nobody knew more."""
    place = conversation_of(visitor)
    if place is not None and goes_on(place):
        let_take_part(place, handle, at=timezone.now())
    before = visitor.handle.customer
    if before.pk != handle.customer_id and is_mere_browser(before):
        reason = _("Signed in to the shop in the same browser")
        merge_customers(handle.customer, before, reason=reason, by=System("chat"))


def is_mere_browser(customer: Customer) -> bool:
    """Whether we know nothing of somebody but that they sat at a browser."""
    others = customer.handles.exclude(kind="chat", address__startswith="v.")
    known = (others, customer.notes.all(), customer.tags.all(), customer.consents.all(),
             customer.merges.all())  # fmt: skip
    return customer.forgotten_at is None and not any(rows.exists() for rows in known)


@suggests
def same_browser(customer: Customer) -> Iterator[tuple[int, str]]:
    """Who sat at the same browser, a stranger then, and is known to the desk as somebody else."""
    apart = Visitor.objects.exclude(stranger=None).exclude(stranger__customer=F("handle__customer"))
    reason = _("Both wrote in the same browser, and one of them signed in to the shop")
    either = Q(handle__customer=customer) | Q(stranger__customer=customer)
    for pair in apart.filter(either).values_list("handle__customer", "stranger__customer"):
        yield next(pk for pk in pair if pk != customer.pk), reason
