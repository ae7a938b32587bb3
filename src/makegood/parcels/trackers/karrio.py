"""karrio, on a server of one's own: its webhooks carry their secret in a header, unsigned.

So the bytes prove nothing by themselves: whoever learns the secret can write any. It has to come
over an encrypted line, and a webhook is worth a look rather than an oath.
"""

import hashlib
import hmac
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
    said_in,
    scans,
    word,
)
from makegood.shop.connectors.asking import Question, address, ask
from makegood.shop.connectors.interface import Field, Head, Link, NotGenuine, Probed
from makegood.shop.models import Scan

NAME = "karrio"
Kind = Scan.Kind
STATUS = {
    "pending": Kind.LABEL_MADE, "picked_up": Kind.PICKED_UP, "in_transit": Kind.IN_TRANSIT,
    "out_for_delivery": Kind.OUT_FOR_DELIVERY, "ready_for_pickup": Kind.OUT_FOR_DELIVERY,
    "delivered": Kind.DELIVERED, "return_to_sender": Kind.RETURNED,
    "incident": Kind.EXCEPTION, "on_hold": Kind.EXCEPTION, "delivery_failed": Kind.EXCEPTION,
    "delivery_delayed": Kind.EXCEPTION, "cancelled": Kind.EXCEPTION,
    "return_initiated": Kind.EXCEPTION, "unknown": None,
}  # fmt: skip


class Karrio(TrackerReader):
    label = NAME
    source = Track.Source.KARRIO
    headers = ("x-event-id",)
    fields = (
        Field(
            name="signing", label=gettext_lazy("Webhook secret"), is_secret=True,
            help=gettext_lazy("karrio shows it beside the webhook."),
        ),
        Field(
            name="api_key", label=gettext_lazy("API key"), is_secret=True, is_optional=True,
            help=gettext_lazy("To ask for parcels of which no webhook told."),
        ),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        if link.secrets.get("api_key") and link.base_url:
            url = address(link.base_url, "v1", "trackers", limit="1")
            ask(Question(method="GET", url=url, headers=_rights(link)))
            return Probed(shop_name=NAME, has=(_("Parcels can be asked for."),))
        return Probed(shop_name=NAME, missing=(_("Without an API key we only listen."),))

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        secret, told = link.secrets.get("signing", ""), headers.get("x-event-id", "")
        if not secret or not hmac.compare_digest(secret.encode(), told.encode()):
            raise NotGenuine(_("It does not carry this secret."))
        said = said_in(raw)
        return Head(event_id=hashlib.sha256(raw).hexdigest(), topic=word(said, "event"))

    def read(self, raw: bytes) -> Sequence[ParcelSeen] | None:
        said = said_in(raw)
        tracker = inside(said, "data")
        if not word(said, "event").startswith("tracker") or not isinstance(tracker, dict):
            return None
        return [parcel_in(tracker)]

    def fetch(self, link: Link, parcel: Parcel) -> Sequence[ParcelSeen]:
        url = address(link.base_url, "v1", "trackers", tracking_number=parcel.tracking)
        found = ask(Question(method="GET", url=url, headers=_rights(link))).said
        rows = inside(found, "results")
        rows = rows if isinstance(rows, list) else []
        return [parcel_in(one) for one in rows if isinstance(one, dict)]


def _rights(link: Link) -> Mapping[str, str]:
    return {"Authorization": f"Token {link.secrets['api_key']}"}


def parcel_in(tracker: Says) -> ParcelSeen:
    """Servers before 2025 give events no status: then the newest has that of the tracker."""
    rows = [one for one in inside(tracker, "events") or [] if isinstance(one, dict)]
    if rows and not any(one.get("status") for one in rows):
        newest = max(rows, key=lambda one: str(_at(one) or ""))
        rows = [{**newest, "status": word(tracker, "status")}]
    return ParcelSeen(
        carrier=word(tracker, "carrier_name"), tracking=word(tracker, "tracking_number"),
        expected_at=moment(tracker.get("estimated_delivery")),
        tracks=scans(rows, _scan),
    )  # fmt: skip


def _scan(said: Says) -> TrackSeen | None:
    """An event. Those of older versions have a day and a clock, and no status of their own."""
    kind, at = STATUS.get(word(said, "status")), _at(said)
    if kind is None or at is None:
        return None
    return TrackSeen(
        kind=kind, at=at, words=word(said, "description"), place=word(said, "location")
    )


def _at(said: Says) -> datetime | None:
    whole = moment(said.get("timestamp"))
    return whole or moment(f"{word(said, 'date')}T{word(said, 'time') or '12:00'}")
