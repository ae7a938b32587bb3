"""What is known of parcels, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.parcels.beside import is_of
from makegood.parcels.models import Belonging, Parcel, Track
from makegood.shop.folding import folded_tracking
from makegood.shop.hearing import Parcels
from makegood.shop.models import Order


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Who said a scan that the shop did not, or who gave the parcel."""

    tracks: Sequence[Track]
    given: Belonging | None


def heard_of(order: Order, parcels: Parcels) -> dict[str, Heard]:
    """By the shipment's own name: what others than the shop told, for the page of an order."""
    numbers = {folded_tracking(one.tracking) for one in parcels} - {""}
    rows = Parcel.objects.filter(folded__in=numbers).prefetch_related("tracks__agent")
    given = {one.parcel_id: one for one in order.parcels.select_related("agent")}
    found: dict[str, Heard] = {}
    for shipment in parcels:
        same = [one for one in rows if is_of(shipment, one)]
        tracks = sorted((t for one in same for t in one.tracks.all()), key=lambda t: (t.at, t.pk))
        by = next((given[one.pk] for one in same if one.pk in given), None)
        found[shipment.external_id] = Heard(tracks=tracks, given=by)
    return found
