from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from makegood.customers.events import CustomerSeen, HandleVerified
from makegood.customers.models import Customer, Handle
from makegood.kit.text import fit_for_storage, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor


class CustomerActor:
    """A customer as the one who acts: the name as it was at the time."""

    def __init__(self, handle: Handle) -> None:
        self.ref = handle.customer.ref
        self.name = handle.customer.name or handle.address


def canonical_address(kind: str, address: str) -> str:
    """One form for comparing: an e-mail's domain in IDNA, ASCII letters in lower case."""
    address = fit_for_storage(address).strip()[:320]
    if kind != "email" or "@" not in address:
        return address.lower()
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    return f"{_lower_ascii(local)}@{_lower_ascii(domain)}"[:320]


def _lower_ascii(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


@transaction.atomic
def meet(kind: str, address: str, *, name: str = "", at: datetime, by: Actor) -> Handle:
    """The handle for an address, with its customer; both are made where they are new."""
    canonical = canonical_address(kind, address)
    handle = Handle.objects.select_related("customer").filter(kind=kind, address=canonical).first()
    if handle is not None:
        _greet_again(handle, name, at)
        return handle
    try:
        with transaction.atomic():
            return _first_meeting(kind, canonical, name=plain_name(name), at=at, by=by)
    except IntegrityError:
        # Somebody else met them in the same moment, on PostgreSQL alone.
        return Handle.objects.select_related("customer").get(kind=kind, address=canonical)


def _first_meeting(kind: str, canonical: str, *, name: str, at: datetime, by: Actor) -> Handle:
    customer = Customer.objects.create(name=name, first_seen_at=at, last_seen_at=at)
    handle = Handle.objects.create(customer=customer, kind=kind, address=canonical, name=name)
    record(CustomerSeen(name=name, address=canonical), about=[customer, handle], by=by, at=at)
    return handle


def _greet_again(handle: Handle, name: str, at: datetime) -> None:
    customer, changed = handle.customer, []
    if at > customer.last_seen_at:
        customer.last_seen_at = at
        changed.append("last_seen_at")
    if name and not customer.name:
        customer.name = plain_name(name)
        changed.append("name")
    if changed:
        customer.save(update_fields=changed)


@transaction.atomic
def verify_handle(handle: Handle, *, by: Actor) -> None:
    """The customer proved that this address is theirs. Asked twice, says it once."""
    now = timezone.now()
    if Handle.objects.filter(pk=handle.pk, verified_at=None).update(verified_at=now):
        handle.verified_at = now
        about = [handle.customer, handle]
        record(HandleVerified(address=handle.address), about=about, by=by)
