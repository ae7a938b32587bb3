"""Signals as the services document them, made up by us; signatures on the very bytes."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.kit.errors import Refused
from makegood.parcels.models import Parcel, Track
from makegood.parcels.polling import ask_for_next, make_known
from makegood.parcels.trackers import aftership, easypost, karrio
from makegood.parcels.trackers.kinds import TRACKERS
from makegood.parcels.trackers.shared import hear
from makegood.shop import doors
from makegood.shop.connectors.interface import Link, NotGenuine
from makegood.shop.models import Connection, Scan
from makegood.shop.signals import take_signal

Kind = Scan.Kind
SECRET = "sécret"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

EASYPOST = {
    "id": "evt_9", "object": "Event", "description": "tracker.updated",
    "created_at": "2026-03-03T08:00:00Z",
    "result": {
        "object": "Tracker", "tracking_code": "JD 0199", "carrier": "DHLExpress",
        "est_delivery_date": "2026-03-05T00:00:00Z",
        "tracking_details": [
            {"status": "pre_transit", "status_detail": "status_update", "message": "Label",
             "datetime": "2026-03-01T10:00:00Z"},
            {"status": "in_transit", "status_detail": "received_at_origin_facility",
             "datetime": "2026-03-02T11:00:00+01:00", "message": "Picked up",
             "tracking_location": {"city": "Bonn", "country": "DE"}},
            {"status": "unknown", "datetime": "2026-03-02T12:00:00Z"},
            {"status": "delivered", "datetime": "2026-03-04T09:00:00Z"},
            {"status": "delivered", "datetime": "never"},
        ],
    },
}  # fmt: skip
AFTERSHIP = {
    "event": "tracking_update", "event_id": "e-1", "ts": 1772445600,
    "msg": {
        "slug": "dhl-germany", "tracking_number": "jd0199", "tag": "Delivered",
        "checkpoints": [
            {"tag": "InfoReceived", "subtag": "InfoReceived_001",
             "checkpoint_time": "2026-03-01T10:00:00+00:00"},
            {"tag": "InTransit", "subtag": "InTransit_002", "message": "Accepted",
             "checkpoint_time": "2026-03-02T10:00:00+00:00", "city": "Bonn"},
            {"tag": "Pending", "checkpoint_time": "2026-03-02T11:00:00+00:00"},
            {"tag": "Delivered", "subtag": "Delivered_003",
             "checkpoint_time": "2026-03-04T09:00:00+00:00"},
        ],
    },
}  # fmt: skip
KARRIO = {
    "event": "tracker_updated",
    "data": {
        "carrier_name": "dhl_parcel_de", "tracking_number": "JD0199", "status": "delivered",
        "estimated_delivery": "2026-03-05",
        "events": [
            {"status": "delivered", "timestamp": "2026-03-04T09:00:00.000Z",
             "description": "There", "location": "Freiburg"},
            {"status": "picked_up", "timestamp": "2026-03-02T10:00:00.000Z"},
            {"status": "pending", "date": "2026-03-01", "time": "10:00"},
        ],
    },
}  # fmt: skip
ALL = {"easypost": EASYPOST, "aftership": AFTERSHIP, "karrio": KARRIO}


def _signed(kind: str, raw: bytes, secret: str = SECRET) -> dict[str, str]:
    if kind == "easypost":
        return {"x-hmac-signature": easypost.signature_of(secret, raw)}
    if kind == "aftership":
        told = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest())
        return {"aftership-hmac-sha256": told.decode()}
    return {"x-event-id": secret}


def _link(secret: str = SECRET) -> Link:
    return Link(
        shop_name="x", base_url="https://example.com", secrets={"signing": secret}, settings={},
        currency="", time_zone="UTC",
    )  # fmt: skip


def test_easyposts_key_is_its_secret_in_normal_form() -> None:
    """Worked out by hand: the é becomes e and its accent (NFKD)."""
    raw = b'{"a": 1}'
    key = "se\u0301cret".encode()
    right = "hmac-sha256-hex=" + hmac.new(key, raw, hashlib.sha256).hexdigest()
    assert easypost.signature_of("s\u00e9cret", raw) == right
    assert easypost.signature_of("se\u0301cret", raw) == right


@pytest.mark.parametrize("kind", list(ALL))
def test_only_what_carries_the_secret_is_genuine(kind: str) -> None:
    raw = json.dumps(ALL[kind]).encode()
    head = TRACKERS[kind].verify(_link(), raw, _signed(kind, raw))
    assert head.event_id
    forged: list[tuple[Link, bytes, dict[str, str]]] = [
        (_link(), raw, {}),
        (_link(), raw, _signed(kind, raw, "other")),
        (_link(""), raw, _signed(kind, raw, "")),
        (_link(), raw, dict.fromkeys(_signed(kind, raw), "ü")),
    ]
    if kind != "karrio":  # its webhooks are not signed: the secret itself travels
        forged.append((_link(), raw + b" ", _signed(kind, raw)))
    for link, some, headers in forged:
        with pytest.raises(NotGenuine):
            TRACKERS[kind].verify(link, some, headers)


@pytest.mark.parametrize("kind", list(ALL))
def test_every_tracker_is_read_into_the_same_words(kind: str) -> None:
    seen = TRACKERS[kind].read(json.dumps(ALL[kind]).encode())
    assert seen is not None
    (parcel,) = seen
    found = sorted((one.at, one.kind) for one in parcel.tracks)
    assert [word for _at, word in found] == [Kind.LABEL_MADE, Kind.PICKED_UP, Kind.DELIVERED]
    assert found[1][0] == AT


@pytest.mark.django_db
def test_three_trackers_of_one_parcel_tell_of_one_parcel() -> None:
    for kind, said in ALL.items():
        seen = TRACKERS[kind].read(json.dumps(said).encode())
        assert seen is not None
        assert hear(seen, TRACKERS[kind].source)
        assert hear(seen, TRACKERS[kind].source)
    assert (Parcel.objects.count(), Track.objects.count()) == (1, 9)
    assert Parcel.objects.get().is_over


@pytest.mark.parametrize(
    ("status", "detail", "kind"),
    [("pre_transit", "", Kind.LABEL_MADE), ("in_transit", "departed_facility", Kind.IN_TRANSIT),
     ("in_transit", "delayed", Kind.EXCEPTION), ("in_transit", "return", Kind.EXCEPTION),
     ("return_to_sender", "return", Kind.RETURNED), ("delivered", "damaged", Kind.DELIVERED),
     ("available_for_pickup", "", Kind.OUT_FOR_DELIVERY), ("unknown", "", None), ("", "", None)],
)  # fmt: skip
def test_easyposts_words_are_said_in_ours(status: str, detail: str, kind: str | None) -> None:
    assert easypost.kind_of(status, detail) == kind


@pytest.mark.parametrize(
    ("tag", "subtag", "kind"),
    [("InTransit", "InTransit_007", Kind.IN_TRANSIT),
     ("Exception", "Exception_010", Kind.EXCEPTION),
     ("Exception", "Exception_011", Kind.RETURNED), ("Expired", "Expired_001", None),
     ("AttemptFail", "AttemptFail_002", Kind.EXCEPTION), ("New", "New_001", None)],
)  # fmt: skip
def test_afterships_words_are_said_in_ours(tag: str, subtag: str, kind: str | None) -> None:
    assert aftership.kind_of(tag, subtag) == kind


def test_an_older_karrio_says_of_its_newest_event_how_far_the_parcel_is() -> None:
    events = [{"date": "2026-03-02", "time": "10:00"}, {"date": "2026-03-01", "code": "X"}]
    seen = karrio.parcel_in({"tracking_number": "1", "status": "in_transit", "events": events})
    assert [(one.kind, one.at) for one in seen.tracks] == [(Kind.IN_TRANSIT, AT)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "result",
                    "msg",
                    "data",
                    "object",
                    "event",
                    "events",
                    "checkpoints",
                    "tag",
                    "status",
                    "tracking_details",
                    "tracking_number",
                    "tracking_code",
                    "datetime",
                    "timestamp",
                ]
            ),
            inner | st.sampled_from(["Tracker", "tracker.x", "delivered", "2026-03-01"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(said=JSON)
def test_whatever_comes_is_read_or_refused(said: Any) -> None:
    raw = json.dumps(said).encode()
    for reader in TRACKERS.values():
        try:
            reader.read(raw)
        except Refused:
            assert not isinstance(said, dict)
    for reader in TRACKERS.values():
        with pytest.raises(Refused):
            reader.read(b"[" * 99)


@pytest.mark.django_db
def test_a_signal_by_the_door_becomes_scans_however_often_it_comes() -> None:
    connection = Connection(kind="easypost", name="EasyPost", made_at=AT)
    connection.keep_secrets({"signing": SECRET})
    connection.save()
    raw = json.dumps(EASYPOST).encode()
    for _twice in range(2):
        signal = take_signal(connection, raw, _signed("easypost", raw))
        assert doors.reader_of("easypost").take(connection, signal)
    assert Track.objects.count() == 3
    other = json.dumps({"id": "e", "result": {"object": "Batch"}}).encode()
    signal = take_signal(connection, other, _signed("easypost", other))
    assert not doors.reader_of("easypost").take(connection, signal)
    assert ask_for_next() == 0  # without a key of the API nobody is asked
    assert make_known(AT) == 0
