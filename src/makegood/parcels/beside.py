"""Carriers' scans laid beside the shop's own words of a parcel; see `shop.hearing`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import Prefetch

from makegood.parcels.models import Belonging, Parcel, Track
from makegood.parcels.naming import is_same
from makegood.shop.folding import folded_tracking
from makegood.shop.hearing import Parcels, Told, hears_of_parcels, merged
from makegood.shop.seen import ScanSeen, ShipmentSeen

BY_HAND = "hand:"
AT_ONCE = 500


@hears_of_parcels
def lay_beside(told: Sequence[Told]) -> Sequence[Parcels]:
    """Two questions, however many orders are asked for."""
    given = _given([one.order for one in told if one.order])
    numbers = {folded_tracking(one.tracking) for each in told for one in each.shipments}
    known = _known(numbers - {""})
    return [_of_one(one, given.get(one.order, ()), known) for one in told]


def _of_one(told: Told, given: Sequence[Parcel], known: Mapping[str, Sequence[Parcel]]) -> Parcels:
    found = [_with_scans(one, known) for one in told.shipments]
    for parcel in given:
        if not any(is_of(one, parcel) for one in told.shipments):
            found.append(_by_hand(parcel))
    return tuple(found)


def is_of(shipment: ShipmentSeen, parcel: Parcel) -> bool:
    """Whether a carrier's parcel is the one that a shop tells of."""
    return folded_tracking(shipment.tracking) == parcel.folded and is_same(
        shipment.carrier, parcel.carrier
    )


def _with_scans(one: ShipmentSeen, known: Mapping[str, Sequence[Parcel]]) -> ShipmentSeen:
    scans = one.scans
    for parcel in known.get(folded_tracking(one.tracking), ()):
        if is_same(one.carrier, parcel.carrier):
            scans = merged(scans, scans_of(parcel))
    return one if scans is one.scans else replace(one, scans=scans)


def scans_of(parcel: Parcel) -> tuple[ScanSeen, ...]:
    return tuple(ScanSeen(kind=one.kind, at=one.at, place=one.place) for one in parcel.tracks.all())


def _by_hand(parcel: Parcel) -> ShipmentSeen:
    return ShipmentSeen(
        external_id=f"{BY_HAND}{parcel.pk}", carrier=parcel.carrier, tracking=parcel.tracking,
        scans=merged((), scans_of(parcel)),
    )  # fmt: skip


def _given(orders: Sequence[int]) -> Mapping[int, Sequence[Parcel]]:
    found: dict[int, list[Parcel]] = {}
    if orders:
        rows = Belonging.objects.filter(order__in=orders).select_related("parcel")
        tracks = Prefetch("parcel__tracks", Track.objects.order_by("at", "pk"))
        for one in rows.prefetch_related(tracks).order_by("pk"):
            found.setdefault(one.order_id, []).append(one.parcel)
    return found


def _known(numbers: set[str]) -> Mapping[str, Sequence[Parcel]]:
    found: dict[str, list[Parcel]] = {}
    wanted = sorted(numbers)
    tracks = Prefetch("tracks", Track.objects.order_by("at", "pk"))
    for begin in range(0, len(wanted), AT_ONCE):
        rows = Parcel.objects.filter(folded__in=wanted[begin : begin + AT_ONCE])
        for one in rows.prefetch_related(tracks).order_by("pk"):
            found.setdefault(one.folded, []).append(one)
    return found
