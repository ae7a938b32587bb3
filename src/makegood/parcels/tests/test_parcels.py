from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.ledger.models import Event
from makegood.parcels.actions import give_parcel, hear_from_carrier, parcel_of, tell_of_parcel
from makegood.parcels.models import Parcel, Track
from makegood.parcels.telling import ParcelSeen, TrackSeen
from makegood.shop.actions import apply_order
from makegood.shop.hearing import parcels_of
from makegood.shop.models import Order, Scan, Shop
from makegood.shop.seen import OrderSeen, ScanSeen, ShipmentSeen

DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
BY = System("carriers")
Kind = Scan.Kind


@pytest.fixture
def lamps(db: None) -> Shop:
    return Shop.objects.create(
        name="Lamps", currency="EUR", time_zone="Europe/Berlin", made_at=DAY
    )  # fmt: skip


def _shipped(
    hours: int = 1, *scans: ScanSeen, number: str = "1001", tracking: str = "JD 01-99"
) -> OrderSeen:
    parcel = ShipmentSeen(
        external_id="s1", carrier="DHL Express", tracking=tracking, label_at=DAY, scans=scans
    )
    return OrderSeen(
        external_id=number, number=number, placed_at=DAY, currency="EUR", total_minor=100,
        told_at=DAY + timedelta(hours=hours), shipments=(parcel,) if tracking else (),
    )  # fmt: skip


def _scan(kind: str, hours: float) -> ScanSeen:
    return ScanSeen(kind=kind, at=DAY + timedelta(hours=hours), place="Bonn")


def _told(*tracks: tuple[str, float], carrier: str = "dhl-germany") -> ParcelSeen:
    return ParcelSeen(
        carrier=carrier, tracking="jd0199",
        tracks=tuple(
            TrackSeen(kind=kind, at=DAY + timedelta(hours=hours), words="x")
            for kind, hours in tracks
        ),
    )  # fmt: skip


def _hear(seen: ParcelSeen, source: Any = Track.Source.EASYPOST) -> Parcel | None:
    return hear_from_carrier(seen, source, by=BY)


def _facts(kind: str = "order.scanned") -> list[Any]:
    rows = Event.objects.filter(kind=kind).order_by("pk")
    return [event.facts.get("scan", event.facts.get("what")) for event in rows]


def test_a_carriers_scan_moves_the_order_and_is_recorded_once(lamps: Shop) -> None:
    order = apply_order(lamps, _shipped(), by=BY)
    assert order.handed == Order.Handed.LABEL
    _hear(_told((Kind.PICKED_UP, 5)))
    _hear(_told((Kind.PICKED_UP, 5), (Kind.DELIVERED, 30)))
    _hear(_told((Kind.DELIVERED, 30)), Track.Source.AFTERSHIP)
    order.refresh_from_db()
    assert order.handed == Order.Handed.DELIVERED
    assert _facts() == ["picked_up", "delivered"]
    assert Track.objects.count() == 3


def test_whoever_tells_first_what_follows_is_the_same(lamps: Shop) -> None:
    """Carrier before the shop, shop before the carrier, the same scan of both: one end."""
    ends = []
    for turn, order_of_news in enumerate(permutations(range(4))):
        number = f"n{turn}"
        told = ParcelSeen(
            carrier="dhl", tracking=f"T{turn}X", tracks=_told((Kind.PICKED_UP, 5)).tracks
        )
        later = ParcelSeen(
            carrier="DHL", tracking=f"t{turn} x", tracks=_told((Kind.DELIVERED, 30)).tracks
        )
        first = _shipped(1, number=number, tracking=f"T{turn}X")
        second = _shipped(2, _scan(Kind.PICKED_UP, 5.005), number=number, tracking=f"T{turn}X")
        news: list[Callable[[], object]] = [
            partial(apply_order, lamps, first, by=BY),
            partial(apply_order, lamps, second, by=BY),
            partial(_hear, told),
            partial(_hear, later, Track.Source.KARRIO),
        ]
        for at in order_of_news:
            news[at]()
        order = Order.objects.get(external_id=number)
        about = Event.objects.filter(kind="order.scanned", subjects__ref=order.ref)
        ends.append((order.handed, sorted(event.facts["scan"] for event in about)))
    assert ends == [("delivered", ["delivered", "picked_up"])] * 24


def test_what_carriers_said_stays_when_the_shop_tells_its_order_anew(lamps: Shop) -> None:
    order = apply_order(lamps, _shipped(1), by=BY)
    _hear(_told((Kind.DELIVERED, 30)))
    apply_order(lamps, _shipped(40, _scan(Kind.IN_TRANSIT, 10)), by=BY)
    order.refresh_from_db()
    assert order.handed == Order.Handed.DELIVERED
    (parcel,) = parcels_of(order)
    assert [one.kind for one in parcel.scans] == [Kind.IN_TRANSIT, Kind.DELIVERED]


def test_another_carriers_parcel_of_the_same_number_is_another(lamps: Shop) -> None:
    order = apply_order(lamps, _shipped(), by=BY)
    _hear(_told((Kind.DELIVERED, 30), carrier="UPS"))
    order.refresh_from_db()
    assert order.handed == Order.Handed.LABEL
    assert Parcel.objects.get().is_over


def test_a_scan_of_a_day_that_is_not_yet_is_not_taken(lamps: Shop) -> None:
    ahead = timezone.now() + timedelta(days=3)
    seen = ParcelSeen(
        carrier="dhl", tracking="1", tracks=(TrackSeen(kind=Kind.DELIVERED, at=ahead),)
    )
    parcel = _hear(seen)
    assert parcel is not None
    assert not parcel.tracks.exists()
    assert _hear(ParcelSeen(carrier="dhl", tracking=" - ")) is None


def test_an_agent_gives_an_order_its_parcel_and_says_what_became_of_it(
    lamps: Shop, nora: Any
) -> None:
    order = apply_order(lamps, _shipped(tracking=""), by=BY)
    assert order.handed == Order.Handed.NOTHING
    for _twice in range(2):
        parcel = give_parcel(order, "DHL", "JD 0199", by=nora)
    order.refresh_from_db()
    assert order.handed == Order.Handed.LABEL
    tell_of_parcel(parcel, TrackSeen(kind=Kind.PICKED_UP, at=DAY, words="on the phone"), by=nora)
    tell_of_parcel(parcel, TrackSeen(kind=Kind.PICKED_UP, at=DAY, words="again"), by=nora)
    order.refresh_from_db()
    assert order.handed == Order.Handed.HANDED_OVER
    track = Track.objects.get()
    assert (track.source, track.agent, track.words) == ("hand", nora, "on the phone")
    assert _facts("parcel.given") == [None]
    assert _facts("parcel.told") == ["picked_up"]
    assert _facts() == ["picked_up"]


def test_a_parcel_given_by_hand_is_the_shops_once_the_shop_tells_of_it(
    lamps: Shop, nora: Any
) -> None:
    order = apply_order(lamps, _shipped(tracking=""), by=BY)
    give_parcel(order, "", "JD0199", by=nora)
    apply_order(lamps, _shipped(2), by=BY)
    assert [one.external_id for one in parcels_of(order)] == ["s1"]
    assert parcel_of(order, "s1") == Parcel.objects.get()


@pytest.mark.parametrize("number", ["", " -- ", "x" * 61])
def test_a_number_that_is_none_is_refused(lamps: Shop, nora: Any, number: str) -> None:
    order = apply_order(lamps, _shipped(tracking=""), by=BY)
    with pytest.raises(Refused):
        give_parcel(order, "DHL", number, by=nora)
    parcel = give_parcel(order, "DHL", "1", by=nora)
    with pytest.raises(Refused):
        tell_of_parcel(parcel, TrackSeen(kind="flown", at=DAY), by=nora)
    with pytest.raises(Refused):
        ahead = timezone.now() + timedelta(hours=1)
        tell_of_parcel(parcel, TrackSeen(kind=Kind.DELIVERED, at=ahead), by=nora)
