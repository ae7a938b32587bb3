"""The parcels of an order as its page shows them: everybody's word, and when they will be there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.parcels.eta import Eta, expected_of
from makegood.parcels.journeys import journey_of
from makegood.parcels.models import Track
from makegood.parcels.queries import Heard, heard_of
from makegood.parcels.telling import TrackSeen
from makegood.shop.hearing import parcels_of
from makegood.shop.models import Order, Scan
from makegood.shop.seen import ScanSeen, ShipmentSeen


class GiveParcelForm(forms.Form):
    """Under which number an order is on its way."""

    prefix = "give"
    carrier = forms.CharField(label=_("Carrier"), max_length=60, required=False)
    tracking = forms.CharField(label=_("Number of the parcel"), max_length=120)


class TellScanForm(forms.Form):
    """What became of a parcel, and when."""

    prefix = "tell"
    shipment = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What became of it"), choices=Scan.Kind.choices)
    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    words = forms.CharField(label=_("From whom you heard it"), max_length=250, required=False)

    def seen(self) -> TrackSeen:
        said = self.cleaned_data
        return TrackSeen(kind=said["kind"], at=said["at"], words=said["words"])


@dataclass(frozen=True, kw_only=True)
class ShownScan:
    scan: ScanSeen
    name: str
    track: Track | None
    """Who said it, where it was not the shop."""


@dataclass(frozen=True, kw_only=True)
class ShownParcel:
    parcel: ShipmentSeen
    heard: Heard
    scans: Sequence[ShownScan]
    eta: Eta | None


def shown_parcels(order: Order, now: datetime) -> Sequence[ShownParcel]:
    parcels = parcels_of(order)
    heard = heard_of(order, parcels)
    is_over = order.standing == Order.Standing.CANCELLED
    found = []
    for one in parcels:
        journey = journey_of(one)
        is_there = is_over or journey.delivered_at is not None
        found.append(
            ShownParcel(
                parcel=one, heard=heard[one.external_id],
                scans=[_scan(scan, heard[one.external_id]) for scan in one.scans],
                eta=None if is_there else expected_of(order, journey, now),
            )
        )  # fmt: skip
    return found


def _scan(scan: ScanSeen, heard: Heard) -> ShownScan:
    track = next((t for t in heard.tracks if (t.kind, t.at) == (scan.kind, scan.at)), None)
    return ShownScan(scan=scan, name=str(Scan.Kind(scan.kind).label), track=track)


def parcels_context(
    order: Order, now: datetime, give: forms.Form | None = None, tell: forms.Form | None = None
) -> dict[str, Any]:
    """What the part of the page about parcels is written from."""
    return {
        "parcels": shown_parcels(order, now),
        "give": give or GiveParcelForm(),
        "tell": tell or TellScanForm(initial={"at": now}),
    }
