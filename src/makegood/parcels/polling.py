"""Parcels that nobody told of for a while are asked for, where a tracker lets us."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from makegood.kit.errors import Refused
from makegood.parcels.models import Parcel, Weighed
from makegood.parcels.naming import family_of
from makegood.parcels.trackers.kinds import TRACKERS
from makegood.parcels.trackers.shared import hear
from makegood.shop.connecting import asked, link_of
from makegood.shop.connectors.interface import TryLater
from makegood.shop.models import Connection, Shipment

QUIET = timedelta(hours=12)
"""Of whom nothing was heard for so long is asked for, as often as that."""
ASKED_FOR = timedelta(days=60)
AT_ONCE = 10
LOOKED_AT = 500


def ask_for_next() -> int:
    """One step of the worker: how many parcels were asked for."""
    connections = [one for one in _connections() if not one.is_resting(timezone.now())]
    if not connections:
        return 0
    now = timezone.now()
    make_known(now)
    parcels = _due(now)
    for parcel in parcels:
        _ask_for(parcel, connections)
    return len(parcels)


def _connections() -> Sequence[Connection]:
    """The trackers that can be asked: those with a key of their API."""
    rows = Connection.objects.filter(kind__in=list(TRACKERS), state=Connection.State.ACTIVE)
    return [one for one in rows.order_by("pk") if one.secrets().get("api_key")]


@transaction.atomic
def make_known(now: datetime) -> int:
    """Parcels that a shop told of lately, and that are not there, are looked after from now on."""
    since = (now - ASKED_FOR).date()
    under_way = Weighed.objects.filter(delivered_at=None, day__gte=since).order_by("-day")
    orders = list(under_way.values_list("order", flat=True)[:LOOKED_AT])
    rows = Shipment.objects.filter(order__in=orders).exclude(folded="")
    told = {(one.folded, family_of(one.carrier)): one.tracking for one in rows}
    known = set(
        Parcel.objects.filter(folded__in=[number for number, _carrier in told]).values_list(
            "folded", flat=True
        )
    )
    new = [
        Parcel(folded=number, carrier=carrier, tracking=said, made_at=now)
        for (number, carrier), said in told.items()
        if number not in known
    ]
    Parcel.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _due(now: datetime) -> Sequence[Parcel]:
    quiet = Q(asked_at=None) | Q(asked_at__lt=now - QUIET)
    rows = Parcel.objects.filter(quiet, is_over=False, made_at__gt=now - ASKED_FOR)
    heard = rows.filter(tracks__heard_at__gt=now - QUIET).values("pk")
    due = list(rows.exclude(pk__in=heard).order_by("asked_at", "pk")[:AT_ONCE])
    Parcel.objects.filter(pk__in=[one.pk for one in due]).update(asked_at=now)
    return due


def _ask_for(parcel: Parcel, connections: Sequence[Connection]) -> None:
    """Ask each tracker until one knows it. One that cannot be asked now is passed by."""
    for connection in connections:
        reader = TRACKERS[connection.kind]
        try:
            seen = asked(connection, lambda: reader.fetch(link_of(connection), parcel))  # noqa: B023
        except (Refused, TryLater):
            continue
        if hear([one for one in seen if one.tracks], reader.source):
            return
