"""Money as it went: one row for what was given, one of the opposite sign for what came back."""

from datetime import datetime

from makegood.authority.queries import today
from makegood.makegoods.models import Entry, Makegood

Kind = Entry.Kind


def enter(makegood: Makegood, kind: "Entry.Kind", at: datetime) -> Entry:
    """Write down what was given, or what of it came back. A second of a kind is refused."""
    sign = 1 if kind in (Kind.GIVEN, Kind.USED) else -1
    return Entry.objects.create(
        makegood=makegood,
        kind=kind,
        currency=makegood.currency,
        cost_minor=sign * makegood.cost_minor,
        face_minor=sign * makegood.face_minor,
        failure=makegood.failure,
        remedy=makegood.remedy,
        product=makegood.product,
        carrier=makegood.carrier,
        agent=makegood.agent,
        month=today(at).replace(day=1),
        at=at,
    )
