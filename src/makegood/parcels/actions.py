from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.parcels.beside import BY_HAND
from makegood.parcels.events import ParcelGiven, ParcelTold
from makegood.parcels.models import Belonging, Parcel, Track
from makegood.parcels.naming import family_of, is_same
from makegood.parcels.telling import ParcelSeen, TrackSeen
from makegood.shop.actions import hear_of_parcel, lock_shops
from makegood.shop.folding import folded_tracking
from makegood.shop.hearing import same_scan
from makegood.shop.models import Order, Scan, Shipment
from makegood.shop.seen import ScanSeen
from makegood.team.models import Agent

ENDS = (Scan.Kind.DELIVERED, Scan.Kind.RETURNED)
AHEAD = timedelta(days=1)
"""Clocks differ; a scan of the day after tomorrow is a mistake."""


@transaction.atomic
def hear_from_carrier(seen: ParcelSeen, source: Track.Source, *, by: Actor) -> Parcel | None:
    """What a tracker tells of a parcel. Told again, or in another order, it ends the same."""
    if not folded_tracking(seen.tracking):
        return None
    lock_shops()
    now = timezone.now()
    parcel = _parcel(seen.carrier, seen.tracking, now)
    if seen.expected_at is not None and seen.expected_at != parcel.expected_at:
        parcel.expected_at = seen.expected_at
        parcel.save(update_fields=["expected_at"])
    _hear(parcel, [one for one in seen.tracks if one.at <= now + AHEAD], source, None, by)
    return parcel


def _parcel(carrier: str, tracking: str, now: datetime) -> Parcel:
    """The parcel of this number; who knew no carrier before learns it now."""
    number, family = folded_tracking(tracking)[:120], family_of(carrier)
    there = list(Parcel.objects.select_for_update().filter(folded=number).order_by("pk"))
    exact = next((one for one in there if one.carrier == family), None)
    near = next((one for one in there if is_same(one.carrier, family)), None)
    found = exact or near
    if found is None:
        said = one_line(tracking, 120)
        return Parcel.objects.create(carrier=family, folded=number, tracking=said, made_at=now)
    if not found.carrier and family:
        found.carrier = family
        found.save(update_fields=["carrier"])
    return found


def _hear(
    parcel: Parcel, seen: Sequence[TrackSeen], source: Track.Source, agent: Agent | None, by: Actor
) -> None:
    known = {same_scan(one.kind, one.at) for one in parcel.tracks.all()}
    there = {(one.kind, one.at, one.place) for one in parcel.tracks.filter(source=source)}
    new, rows = dict[tuple[str, datetime], ScanSeen](), list[Track]()
    for one in seen:
        place = one_line(one.place, 120)
        if (one.kind, one.at, place) in there:
            continue
        there.add((one.kind, one.at, place))
        rows.append(
            Track(
                parcel=parcel, kind=one.kind, at=one.at, place=place,
                words=one_line(one.words, 250), source=source, agent=agent,
                heard_at=timezone.now(),
            )
        )  # fmt: skip
        if same_scan(one.kind, one.at) not in known:
            scan = ScanSeen(kind=one.kind, at=one.at, place=place)
            new.setdefault(same_scan(one.kind, one.at), scan)
    Track.objects.bulk_create(rows)
    _settle(parcel)
    if rows:
        _spread(parcel, new, by)


def _settle(parcel: Parcel) -> None:
    is_over = parcel.tracks.filter(kind__in=ENDS).exists()
    if is_over != parcel.is_over:
        parcel.is_over = is_over
        parcel.save(update_fields=["is_over"])


def _spread(parcel: Parcel, new: dict[tuple[str, datetime], ScanSeen], by: Actor) -> None:
    """Let every order hear of it whose parcel this is."""
    told: dict[int, set[tuple[str, datetime]]] = {
        pk: set() for pk in parcel.belongings.values_list("order", flat=True)
    }
    rows = Shipment.objects.filter(folded=parcel.folded).prefetch_related("scans")
    for shipment in rows:
        if is_same(shipment.carrier, parcel.carrier):
            of_it = {same_scan(one.kind, one.at) for one in shipment.scans.all()}
            told.setdefault(shipment.order_id, set()).update(of_it)
    for order in Order.objects.filter(pk__in=list(told)).order_by("pk"):
        fresh = [one for key, one in new.items() if key not in told[order.pk]]
        hear_of_parcel(order, sorted(fresh, key=lambda one: one.at), by=by)


@transaction.atomic
def give_parcel(order: Order, carrier: str, tracking: str, *, by: Agent) -> Parcel:
    """Say under which number an order is on its way, where the shop did not."""
    if not folded_tracking(tracking):
        raise Refused(_("Say the number of the parcel."))
    if len(folded_tracking(tracking)) > 60:
        raise Refused(_("That is too long for the number of a parcel."))
    lock_shops()
    now = timezone.now()
    parcel = _parcel(carrier, tracking, now)
    _row, is_new = Belonging.objects.get_or_create(
        order=order, parcel=parcel, defaults={"agent": by, "at": now}
    )
    if is_new:
        Order.objects.filter(pk=order.pk).update(run=None)  # not that file's alone any more
        fact = ParcelGiven(number=order.number, tracking=parcel.tracking)
        record(fact, about=[order, parcel], by=by)
        _spread_all(parcel, order, by)
    return parcel


def _spread_all(parcel: Parcel, order: Order, by: Actor) -> None:
    """An order that hears of a parcel for the first time hears all of it."""
    numbers = order.shipments.filter(folded=parcel.folded)
    is_known = any(is_same(one.carrier, parcel.carrier) for one in numbers)
    scans = {
        same_scan(one.kind, one.at): ScanSeen(kind=one.kind, at=one.at, place=one.place)
        for one in parcel.tracks.order_by("at", "pk")
    }
    hear_of_parcel(order, [] if is_known else list(scans.values()), by=by)


@transaction.atomic
def tell_of_parcel(parcel: Parcel, seen: TrackSeen, *, by: Agent) -> None:
    """Say what became of a parcel; who said it, and when, stays beside it."""
    if seen.kind not in Scan.Kind.values:
        raise Refused(_("Say what became of the parcel."))
    if seen.at > timezone.now() + timedelta(minutes=5):
        raise Refused(_("That is not yet."))
    lock_shops()
    parcel = Parcel.objects.select_for_update().get(pk=parcel.pk)
    before = parcel.tracks.count()
    _hear(parcel, [seen], Track.Source.HAND, by, by)
    if parcel.tracks.count() > before:
        record(ParcelTold(tracking=parcel.tracking, scan=seen.kind), about=[parcel], by=by)


@transaction.atomic
def parcel_of(order: Order, shipment: str) -> Parcel:
    """The parcel behind a shipment of an order, made known where it is not yet."""
    if shipment.startswith(BY_HAND):
        number = shipment.removeprefix(BY_HAND)
        pk = int(number) if number.isdecimal() and len(number) < 18 else 0
        return get_object_or_404(order.parcels.select_related("parcel"), parcel=pk).parcel
    row = get_object_or_404(order.shipments, external_id=shipment)
    if not row.folded:
        raise Refused(_("This parcel has no number yet: give it one first."))
    return _parcel(row.carrier, row.tracking, timezone.now())
