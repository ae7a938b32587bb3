from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import Http404

from makegood.customers.actions import canonical_address
from makegood.customers.models import Consent, Customer, CustomerNote, CustomerTag, Handle

T = TypeVar("T")
NOTES_SHOWN = 5


def handle_at(kind: str, address: str) -> Handle | None:
    """The handle for an address that we know already."""
    return (
        Handle.objects.select_related("customer")
        .filter(kind=kind, address=canonical_address(kind, address))
        .first()
    )


def handles_of(customer: Customer) -> Sequence[Handle]:
    return list(customer.handles.order_by("pk"))


def handle_numbered(pk: int) -> Handle:
    """A handle, or 404. Whose it is, the caller's gate decides."""
    return _found(Handle.objects.select_related("customer").filter(pk=pk).first())


def note_numbered(pk: int) -> CustomerNote:
    return _found(CustomerNote.objects.select_related("customer").filter(pk=pk).first())


def newest_notes(customer: Customer, *, most: int = NOTES_SHOWN) -> Sequence[CustomerNote]:
    return list(customer.notes.order_by("-at", "-pk")[:most])


def tags_of(customer: Customer) -> Sequence[str]:
    return list(customer.tags.values_list("word", flat=True))


def known_tags() -> Sequence[str]:
    """The words that are on anybody."""
    words = CustomerTag.objects.order_by("word").values_list("word", flat=True)
    return list(words.distinct()[:500])


def consents_of(customer: Customer) -> Sequence[Consent]:
    """What they said last of each purpose."""
    newest: dict[str, Consent] = {}
    for consent in customer.consents.order_by("pk"):
        newest[consent.purpose] = consent
    return [newest[purpose] for purpose in Consent.Purpose.values if purpose in newest]


def local_time(customer: Customer, now: datetime) -> datetime | None:
    """What the clock says where they are; nothing where we do not know."""
    if not customer.time_zone:
        return None
    try:
        return now.astimezone(ZoneInfo(customer.time_zone))
    except (ZoneInfoNotFoundError, ValueError):
        return None  # a zone that this machine does not know any more


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
