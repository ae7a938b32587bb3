"""AfterShip: trackings, their webhooks signed with HMAC-SHA256 of the bytes, in base64."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.parcels.models import Parcel, Track
from makegood.parcels.telling import ParcelSeen, TrackSeen
from makegood.parcels.trackers.shared import (
    Says,
    TrackerReader,
    inside,
    moment,
    place,
    said_in,
    scans,
    word,
)
from makegood.shop.connectors.asking import Question, address, ask
from makegood.shop.connectors.interface import Field, Head, Link, NotGenuine, Probed
from makegood.shop.models import Scan

API = "https://api.aftership.com/tracking/2025-01"
NAME = "AfterShip"
Kind = Scan.Kind
TAGS = {
    "InfoReceived": Kind.LABEL_MADE, "InTransit": Kind.IN_TRANSIT,
    "OutForDelivery": Kind.OUT_FOR_DELIVERY, "AvailableForPickup": Kind.OUT_FOR_DELIVERY,
    "AttemptFail": Kind.EXCEPTION, "Delivered": Kind.DELIVERED, "Exception": Kind.EXCEPTION,
    "Expired": None, "Pending": None,
}  # fmt: skip
SUBTAGS = {"InTransit_002": Kind.PICKED_UP, "Exception_011": Kind.RETURNED}
"""Where a sub-status says more: the carrier accepted it; it is back at who sent it."""


class AfterShip(TrackerReader):
    label = NAME
    source = Track.Source.AFTERSHIP
    headers = ("aftership-hmac-sha256",)
    fields = (
        Field(
            name="signing", label=gettext_lazy("Webhook secret"), is_secret=True,
            help=gettext_lazy("AfterShip shows it where its webhooks are set."),
        ),
        Field(
            name="api_key", label=gettext_lazy("API key"), is_secret=True, is_optional=True,
            help=gettext_lazy("To ask for parcels of which no webhook told."),
        ),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        if link.secrets.get("api_key"):
            url = address(API, "trackings", limit="1")
            ask(Question(method="GET", url=url, headers=_rights(link)))
            return Probed(shop_name=NAME, has=(_("Parcels can be asked for."),))
        return Probed(shop_name=NAME, missing=(_("Without an API key we only listen."),))

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        secret, told = link.secrets.get("signing", ""), headers.get("aftership-hmac-sha256", "")
        right = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest())
        if not secret or not hmac.compare_digest(right, told.encode()):
            raise NotGenuine(_("Its signature is not of this secret."))
        said = said_in(raw)
        event = word(said, "event_id") or hashlib.sha256(raw).hexdigest()
        return Head(event_id=event, topic=word(said, "event"), happened_at=_unix(said.get("ts")))

    def read(self, raw: bytes) -> Sequence[ParcelSeen] | None:
        tracking = inside(said_in(raw), "msg")
        return [parcel_in(tracking)] if word(tracking, "tracking_number") else None

    def fetch(self, link: Link, parcel: Parcel) -> Sequence[ParcelSeen]:
        url = address(API, "trackings", tracking_numbers=parcel.tracking)
        found = ask(Question(method="GET", url=url, headers=_rights(link))).said
        rows = inside(found, "data", "trackings")
        rows = rows if isinstance(rows, list) else []
        return [parcel_in(one) for one in rows if isinstance(one, dict)]


def _rights(link: Link) -> Mapping[str, str]:
    return {"as-api-key": link.secrets["api_key"]}


def _unix(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def parcel_in(tracking: Says) -> ParcelSeen:
    expected = inside(tracking, "courier_estimated_delivery_date", "estimated_delivery_date")
    return ParcelSeen(
        carrier=word(tracking, "slug"), tracking=word(tracking, "tracking_number"),
        expected_at=moment(expected), tracks=scans(tracking.get("checkpoints"), _scan),
    )  # fmt: skip


def _scan(said: Says) -> TrackSeen | None:
    """A checkpoint. The carrier's own clock; without a zone it is taken for UTC."""
    kind, at = kind_of(word(said, "tag"), word(said, "subtag")), moment(_time(said))
    if kind is None or at is None:
        return None
    where = place(word(said, "city"), word(said, "country_region") or word(said, "country_iso3"))
    return TrackSeen(
        kind=kind, at=at, words=word(said, "message"), place=where or word(said, "location")
    )


def _time(said: Says) -> object:
    return said.get("checkpoint_time") or said.get("created_at")


def kind_of(tag: str, subtag: str) -> str | None:
    """In our words; None for what says nothing of where it is (`Pending`, `Expired`)."""
    return SUBTAGS.get(subtag) or TAGS.get(tag)
