"""Many new customers at once: what one is met with, in a few statements for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.customers.actions import MOST_TAGS, details_of
from makegood.customers.events import (
    CustomerChanged,
    CustomerNoted,
    CustomerSeen,
    CustomerTagged,
)
from makegood.customers.finding import fold_word, words_of_address, words_of_name
from makegood.customers.models import Customer, CustomerNote, CustomerTag, FoundBy, Handle
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage, one_line, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.ledger.gathering import gathered


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody whom nobody here has met, as a file tells of them."""

    address: str
    name: str = ""
    language: str = ""
    time_zone: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""

    def words(self) -> list[str]:
        """Their tags as they are kept."""
        found = {one_line(tag.strip().lstrip("#").lower(), 40) for tag in self.tags} - {""}
        return sorted(found)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def refuse_newcomer(one: Newcomer) -> None:
    """What cannot be is said of each before any is made."""
    if one.time_zone and one.time_zone not in _zones():
        raise Refused(_("There is no such time zone: choose one of the list."))
    if len(one.words()) > MOST_TAGS:
        raise Refused(_("That is more than %(n)s tags.") % {"n": MOST_TAGS})


@transaction.atomic
def meet_newcomers(some: Sequence[Newcomer], *, at: datetime, by: Actor) -> list[Customer]:
    """All of them are customers now, in their order. Their addresses are nobody's yet."""
    customers = Customer.objects.bulk_create(
        [
            Customer(
                name=plain_name(one.name),
                language=one_line(one.language, 10),
                time_zone=one.time_zone,
                first_seen_at=at,
                last_seen_at=at,
            )
            for one in some
        ]
    )
    met = list(zip(some, customers, strict=True))
    handles = Handle.objects.bulk_create(
        [
            Handle(customer=customer, kind="email", address=one.address, name=customer.name)
            for one, customer in met
        ]
    )
    CustomerTag.objects.bulk_create(
        [CustomerTag(customer=customer, word=tag) for one, customer in met for tag in one.words()]
    )
    FoundBy.objects.bulk_create(
        [FoundBy(customer=who, word=word) for one, who in met for word in _found_by(one, who)]
    )
    notes = _note(met, at, by)
    with gathered():
        for (one, customer), handle in zip(met, handles, strict=True):
            _tell(one, customer, handle, notes.get(customer.pk), at, by)
    return customers


def _found_by(one: Newcomer, customer: Customer) -> list[str]:
    tags = {fold_word(tag) for tag in one.words()} - {""}
    return sorted(words_of_name(customer.name) | words_of_address(one.address) | tags)


def _note(
    met: Sequence[tuple[Newcomer, Customer]], at: datetime, by: Actor
) -> dict[int, CustomerNote]:
    notes = [
        CustomerNote(customer=customer, by=by.ref, by_name=by.name, text=text, at=at)
        for one, customer in met
        if (text := fit_for_storage(one.note).strip()[:20_000])
    ]
    return {note.customer_id: note for note in CustomerNote.objects.bulk_create(notes)}


def _tell(
    one: Newcomer,
    customer: Customer,
    handle: Handle,
    note: CustomerNote | None,
    at: datetime,
    by: Actor,
) -> None:
    """The same that is told when they are met one by one."""
    seen = CustomerSeen(name=customer.name, address=handle.address)
    record(seen, about=[customer, handle], by=by, at=at)
    after = details_of(customer)
    before = {"name": customer.name, "language": "", "time_zone": ""}
    if after != before:
        fact = CustomerChanged(name=customer.name, before=before, after=after)
        record(fact, about=[customer], by=by)
    if words := one.words():
        told = " ".join(f"+{word}" for word in words)
        record(CustomerTagged(words=told), about=[customer], by=by)
    if note is not None:
        record(CustomerNoted(customer_note=note.pk), about=[customer, note], by=by, at=at)
