"""EasyPost: trackers, their events signed with HMAC-SHA256 of the bytes."""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

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

API = "https://api.easypost.com"
PREFIX = "hmac-sha256-hex="
NAME = "EasyPost"
Kind = Scan.Kind
STATUS = {
    "pre_transit": Kind.LABEL_MADE, "in_transit": Kind.IN_TRANSIT,
    "out_for_delivery": Kind.OUT_FOR_DELIVERY, "available_for_pickup": Kind.OUT_FOR_DELIVERY,
    "delivered": Kind.DELIVERED, "return_to_sender": Kind.RETURNED,
    "failure": Kind.EXCEPTION, "error": Kind.EXCEPTION, "cancelled": Kind.EXCEPTION,
}  # fmt: skip
DETAIL = {
    "received_at_origin_facility": Kind.PICKED_UP, "pickup": Kind.PICKED_UP,
    "damaged": Kind.EXCEPTION, "lost": Kind.EXCEPTION, "delayed": Kind.EXCEPTION,
    "address_correction": Kind.EXCEPTION, "held": Kind.EXCEPTION, "expired": Kind.EXCEPTION,
    "missort": Kind.EXCEPTION, "refused": Kind.EXCEPTION, "cannot_deliver": Kind.EXCEPTION,
    "return": Kind.EXCEPTION,
}  # fmt: skip
"""What a sub-status says more than its status; on the way back is not yet back."""
UNTOUCHED = (Kind.DELIVERED, Kind.RETURNED, Kind.OUT_FOR_DELIVERY)


def signature_of(secret: str, raw: bytes) -> str:
    key = unicodedata.normalize("NFKD", secret).encode()
    return PREFIX + hmac.new(key, raw, hashlib.sha256).hexdigest()


class EasyPost(TrackerReader):
    label = NAME
    source = Track.Source.EASYPOST
    headers = ("x-hmac-signature",)
    fields = (
        Field(
            name="signing", label=gettext_lazy("Webhook secret"), is_secret=True,
            help=gettext_lazy("The secret that you gave the webhook at EasyPost."),
        ),
        Field(
            name="api_key", label=gettext_lazy("API key"), is_secret=True, is_optional=True,
            help=gettext_lazy("To ask for parcels of which no webhook told."),
        ),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        if link.secrets.get("api_key"):
            url = address(API, "v2", "trackers", page_size="1")
            ask(Question(method="GET", url=url, headers=_rights(link)))
            return Probed(shop_name=NAME, has=(_("Parcels can be asked for."),))
        return Probed(shop_name=NAME, missing=(_("Without an API key we only listen."),))

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        secret, told = link.secrets.get("signing", ""), headers.get("x-hmac-signature", "")
        right = signature_of(secret, raw)
        if not secret or not hmac.compare_digest(right.encode(), told.encode()):
            raise NotGenuine(_("Its signature is not of this secret."))
        said = said_in(raw)
        event = word(said, "id") or hashlib.sha256(raw).hexdigest()
        return Head(
            event_id=event, topic=word(said, "description"),
            happened_at=moment(said.get("created_at")),
        )  # fmt: skip

    def read(self, raw: bytes) -> Sequence[ParcelSeen] | None:
        tracker = inside(said_in(raw), "result")
        return None if word(tracker, "object") != "Tracker" else [parcel_in(tracker)]

    def fetch(self, link: Link, parcel: Parcel) -> Sequence[ParcelSeen]:
        url = address(API, "v2", "trackers", tracking_code=parcel.tracking, page_size="5")
        found = ask(Question(method="GET", url=url, headers=_rights(link))).said
        trackers = inside(found, "trackers")
        rows = trackers if isinstance(trackers, list) else []
        return [parcel_in(one) for one in rows if isinstance(one, dict)]


def _rights(link: Link) -> Mapping[str, str]:
    told = base64.b64encode(f"{link.secrets['api_key']}:".encode()).decode()
    return {"Authorization": f"Basic {told}"}


def parcel_in(tracker: Says) -> ParcelSeen:
    return ParcelSeen(
        carrier=word(tracker, "carrier"), tracking=word(tracker, "tracking_code"),
        expected_at=moment(tracker.get("est_delivery_date")),
        tracks=scans(tracker.get("tracking_details"), _scan),
    )  # fmt: skip


def _scan(said: Says) -> TrackSeen | None:
    kind, at = kind_of(word(said, "status"), word(said, "status_detail")), _at(said)
    if kind is None or at is None:
        return None
    where = inside(said, "tracking_location")
    return TrackSeen(
        kind=kind, at=at, words=word(said, "message"),
        place=place(word(where, "city"), word(where, "country")),
    )  # fmt: skip


def _at(said: Says) -> datetime | None:
    return moment(said.get("datetime"))


def kind_of(status: str, detail: str) -> str | None:
    """In our words; None for what says nothing of where it is (`unknown`)."""
    kind = STATUS.get(status)
    if kind is None or kind in UNTOUCHED:
        return kind
    return DETAIL.get(detail, kind)
