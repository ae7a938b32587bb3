from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.customers.events import (
    ConsentNoted,
    CustomerChanged,
    CustomerNoted,
    CustomerSeen,
    CustomersTold,
    CustomerTagged,
    HandleAdded,
    HandleVerified,
    NoteRemoved,
)
from makegood.customers.finding import find_again, find_anew
from makegood.customers.models import (
    Consent,
    Customer,
    CustomerNote,
    CustomerTag,
    Different,
    Handle,
)
from makegood.fields.actions import fill_fields
from makegood.kit.compiled import Compiled
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage, one_line, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor

MOST_TAGS = 50


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
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    return f"{_lower_ascii(local)}@{_lower_ascii(domain)}"[:320]


def _lower_ascii(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


_AT: Compiled[Handle] = Compiled(
    lambda kind, address: Handle.objects.select_related("customer").filter(
        kind=kind, address=address
    ),
    CharField(),
    CharField(),
)


@transaction.atomic(savepoint=False)
def meet(kind: str, address: str, *, name: str = "", at: datetime, by: Actor) -> Handle:
    """The handle for an address, with its customer; both are made where they are new."""
    canonical = canonical_address(kind, address)
    handle = _AT.first(kind, canonical)
    if handle is not None:
        _greet_again(handle, name, at)
        return handle
    try:
        with transaction.atomic(savepoint=connection.vendor == "postgresql"):
            return _first_meeting(kind, canonical, name=plain_name(name), at=at, by=by)
    except IntegrityError:
        # Somebody else met them in the same moment, on PostgreSQL alone.
        return Handle.objects.select_related("customer").get(kind=kind, address=canonical)


def _first_meeting(kind: str, canonical: str, *, name: str, at: datetime, by: Actor) -> Handle:
    customer = Customer.objects.create(name=name, first_seen_at=at, last_seen_at=at)
    handle = Handle.objects.create(customer=customer, kind=kind, address=canonical, name=name)
    find_anew(customer, handle)
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
    if "name" in changed:
        find_again([customer.pk])


@transaction.atomic
def add_handle(customer: Customer, kind: str, address: str, *, name: str = "", by: Actor) -> Handle:
    """One more address of somebody whom we know. It must be nobody's yet."""
    customer, canonical = lock_customer(customer), canonical_address(kind, address)
    handle = Handle.objects.create(
        customer=customer, kind=kind, address=canonical, name=plain_name(name)
    )
    find_again([customer.pk])
    record(HandleAdded(address=canonical), about=[customer, handle], by=by)
    return handle


def with_whom_now(handle: Handle) -> Handle:
    """The handle with the customer whose it is at this moment, held until the transaction ends.

    A merge may have come between meeting somebody and opening their conversation; not on SQLite,
    where one transaction writes at a time.
    """
    if connection.vendor == "sqlite":
        return handle
    Customer.objects.select_for_update(no_key=True).get(pk=handle.customer_id)
    fresh = Handle.objects.select_related("customer").get(pk=handle.pk)
    if fresh.customer_id != handle.customer_id:
        Customer.objects.select_for_update(no_key=True).get(pk=fresh.customer_id)
    return fresh


@transaction.atomic
def verify_handle(handle: Handle, *, by: Actor) -> None:
    """The customer proved that this address is theirs. Asked twice, says it once."""
    now = timezone.now()
    if Handle.objects.filter(pk=handle.pk, verified_at=None).update(verified_at=now):
        handle.verified_at = now
        about = [handle.customer, handle]
        record(HandleVerified(address=handle.address), about=about, by=by)


def lock_customer(customer: Customer) -> Customer:
    """The customer, held for a change. Whoever was merged or forgotten is changed no more."""
    found = Customer.objects.select_for_update().get(pk=customer.pk)
    if found.merged_into_id is not None:
        raise Refused(_("This customer was merged into another meanwhile. Load the page again."))
    if found.forgotten_at is not None:
        raise Refused(_("This person was forgotten: nothing is written down of them any more."))
    return found


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a form says of a customer; fields by their words."""

    name: str
    language: str = ""
    time_zone: str = ""


@transaction.atomic
def change_details(customer: Customer, details: Details, *, by: Actor) -> None:
    """Correct what we know of somebody. Only what differs is told."""
    customer = lock_customer(customer)
    if details.time_zone and details.time_zone not in available_timezones():
        raise Refused(_("There is no such time zone: choose one of the list."))
    before = details_of(customer)
    customer.name = plain_name(details.name)
    customer.language = one_line(details.language, 10)
    customer.time_zone = details.time_zone
    after = details_of(customer)
    if before == after:
        return
    customer.save(update_fields=["name", "language", "time_zone"])
    find_again([customer.pk])
    fact = CustomerChanged(name=customer.name, before=before, after=after)
    record(fact, about=[customer], by=by)


def details_of(customer: Customer) -> dict[str, str]:
    return {
        "name": customer.name,
        "language": customer.language,
        "time_zone": customer.time_zone,
    }


@transaction.atomic
def fill_customer_fields(
    customer: Customer, typed: Mapping[str, str], *, role: str, by: Actor
) -> int:
    """Fields of the shop's own; how many changed."""
    return fill_fields(lock_customer(customer), typed, role=role, by=by)


@transaction.atomic
def tag_customer(customer: Customer, names: Iterable[str], *, by: Actor) -> None:
    """Let the customer have exactly these tags."""
    customer = lock_customer(customer)
    words = {one_line(name.strip().lstrip("#").lower(), 40) for name in names} - {""}
    if len(words) > MOST_TAGS:
        raise Refused(_("That is more than %(n)s tags.") % {"n": MOST_TAGS})
    before = set(customer.tags.values_list("word", flat=True))
    if words == before:
        return
    customer.tags.filter(word__in=before - words).delete()
    CustomerTag.objects.bulk_create(
        [CustomerTag(customer=customer, word=word) for word in sorted(words - before)]
    )
    find_again([customer.pk])
    added = [f"+{word}" for word in sorted(words - before)]
    removed = [f"−{word}" for word in sorted(before - words)]
    record(CustomerTagged(words=" ".join(added + removed)), about=[customer], by=by)


@transaction.atomic
def note_on_customer(customer: Customer, text: str, *, by: Actor) -> CustomerNote:
    """Tell the other agents something of this person; the person never sees it."""
    customer = lock_customer(customer)
    text = fit_for_storage(text).strip()[:20_000]
    if not text:
        raise Refused(_("There is nothing to note yet: write something first."))
    note = CustomerNote.objects.create(
        customer=customer, by=by.ref, by_name=by.name, text=text, at=timezone.now()
    )
    record(CustomerNoted(customer_note=note.pk), about=[customer, note], by=by, at=note.at)
    return note


@transaction.atomic
def remove_customer_note(note: CustomerNote, *, by: Actor) -> None:
    """Take a note away; that it was there stays known."""
    if CustomerNote.objects.filter(pk=note.pk).delete()[0]:
        about = [f"customer:{note.customer_id}", f"customernote:{note.pk}"]
        record(NoteRemoved(customer_note=note.pk), about=about, by=by)


@transaction.atomic
def note_consent(
    customer: Customer, purpose: str, *, is_given: bool, how: str = "", by: Actor
) -> None:
    """Write down what a customer agreed to, or took back. Said twice, it is written once."""
    customer = lock_customer(customer)
    how = one_line(how, 250)
    last = customer.consents.filter(purpose=purpose).order_by("-pk").first()
    if last is not None and (last.is_given, last.how) == (is_given, how):
        return
    Consent.objects.create(
        customer=customer,
        purpose=purpose,
        is_given=is_given,
        how=how,
        by_name=by.name,
        at=timezone.now(),
    )
    answer = "given" if is_given else "withdrawn"
    fact = ConsentNoted(purpose=purpose, answer=answer, how=how)
    record(fact, about=[customer], by=by)


@transaction.atomic
def tell_apart(one: Customer, other: Customer, *, by: Actor) -> None:
    """These two are not the same, however alike they look."""
    first, second = sorted([one, other], key=lambda customer: customer.pk)
    if first.pk == second.pk:
        raise Refused(_("That is one and the same customer."))
    _row, is_new = Different.objects.get_or_create(one=first, other=second)
    if is_new:
        fact = CustomersTold(one_name=first.name, other_name=second.name)
        record(fact, about=[first, second], by=by)
