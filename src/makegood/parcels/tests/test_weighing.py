from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from makegood.ledger.actors import System
from makegood.parcels import stated
from makegood.parcels.eta import expected
from makegood.parcels.lanes import EVERYTHING
from makegood.parcels.lateness import Wish, judged_orders, overall, rates_by, with_titles
from makegood.parcels.models import LateDay, Learned, Weighed
from makegood.parcels.rates import Rate
from makegood.parcels.rebuilding import rebuild
from makegood.parcels.weighing import let_come_due, weigh_again, weigh_all, weigh_next
from makegood.shop.actions import apply_order
from makegood.shop.models import Order, Scan, Shop
from makegood.shop.seen import Buyer, LineSeen, OrderSeen, ScanSeen, ShipmentSeen

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BY = System("shop")
Verdict = Weighed.Verdict


@pytest.fixture
def lamps(db: None) -> Shop:
    return Shop.objects.create(
        name="Lamps", currency="EUR", time_zone="Europe/Berlin", made_at=MONDAY
    )  # fmt: skip


def _order(
    shop: Shop, number: int, days: float | None, *, placed: datetime = MONDAY, told: int = 0,
    sku: str = "LAMP", country: str = "DE", **more: Any,
) -> Order:  # fmt: skip
    scans = [ScanSeen(kind=Scan.Kind.PICKED_UP, at=placed + timedelta(hours=5))]
    if days is not None:
        scans.append(ScanSeen(kind=Scan.Kind.DELIVERED, at=placed + days * DAY))
    parcel = ShipmentSeen(
        external_id="s",
        carrier="DHL",
        tracking=f"T{number}",
        label_at=placed,
        scans=tuple(scans),
    )
    lines = (
        LineSeen(external_id="1", title=f"A {sku}", sku=sku, quantity=1, unit_minor=100),
        LineSeen(external_id="2", title="Bulb", sku="BULB", quantity=2, unit_minor=1),
    )
    said: dict[str, Any] = {
        "external_id": str(number), "number": str(number), "placed_at": placed,
        "told_at": placed + timedelta(hours=told), "currency": "EUR", "total_minor": 100,
        "buyer": Buyer(country=country, address="79098 Freiburg"), "lines": lines,
        "shipments": (parcel,),
    }  # fmt: skip
    return apply_order(shop, OrderSeen(**(said | more)), by=BY)


def _history(shop: Shop, n: int = 60) -> None:
    for number in range(n):
        _order(shop, number, 2 + (number % 10) / 10, placed=MONDAY + number % 3 * DAY)
        if number % 20 == 19:
            weigh_all()


def _sums() -> Any:
    return (
        list(LateDay.objects.filter(orders__gt=0).order_by("sku", "country", "day").values_list(
            "sku", "country", "carrier", "day", "orders", "late")),
        {(one.lane, one.clock, one.month): (one.n, one.days, one.work, one.weekends)
         for one in Learned.objects.filter(n__gt=0)},
    )  # fmt: skip


def test_what_is_foreseen_moves_with_the_time_that_has_passed(lamps: Shop) -> None:
    _history(lamps)
    under_way = _order(lamps, 100, None, placed=MONDAY + 7 * DAY)
    begins = under_way.placed_at
    early = expected(under_way, begins + timedelta(hours=6))
    assert early is not None
    assert begins + 2 * DAY < early.median < early.most < begins + 3.5 * DAY
    assert early.n == 60
    assert "DHL DE 79" in early.why
    late = expected(under_way, begins + 2.5 * DAY)
    assert late is not None
    assert late.median > early.median
    assert expected(under_way, begins + 60 * DAY) is None


def test_nothing_is_foreseen_of_what_is_there_or_unknown(lamps: Shop) -> None:
    order = _order(lamps, 1, None)
    assert expected(order, MONDAY) is None
    _history(lamps)
    assert expected(_order(lamps, 101, 2), MONDAY + DAY) is None
    gone = _order(lamps, 102, None, standing="cancelled")
    assert expected(gone, MONDAY) is None
    unsent = _order(lamps, 103, None, shipments=(), country="AT")
    found = expected(unsent, MONDAY + timedelta(hours=1))
    assert found is not None
    assert found.median > MONDAY + DAY


def test_late_is_later_than_nine_of_ten_and_each_order_is_counted_once(lamps: Shop) -> None:
    _history(lamps)
    _order(lamps, 200, 9, placed=MONDAY + 7 * DAY, sku="DESK")
    _order(lamps, 201, 2, placed=MONDAY + 7 * DAY, sku="DESK")
    weigh_all()
    week = Wish(since=date(2026, 3, 9))
    assert overall(week) == Rate(late=1, n=2)
    assert {one.word: one.rate for one in rates_by("sku", week)} == {
        "BULB": Rate(late=1, n=2), "DESK": Rate(late=1, n=2),
    }  # fmt: skip
    (germany,) = rates_by("country", week)
    assert (germany.word, germany.rate) == ("DE", Rate(late=1, n=2))
    assert with_titles(rates_by("sku", week))[1].title == "A DESK"
    assert overall(Wish(since=date(2026, 3, 9), country="FR")) == Rate(late=0, n=0)


def test_what_is_told_again_and_taken_out_leaves_the_sums_as_if_it_never_was(lamps: Shop) -> None:
    _history(lamps, 40)
    before = _sums()
    order = _order(lamps, 300, None, placed=MONDAY + 7 * DAY)
    weigh_all()
    _order(lamps, 300, 5, placed=MONDAY + 7 * DAY, told=2, sku="CHAIR")
    weigh_all()
    assert _sums() != before
    pk = order.pk
    Order.objects.filter(pk=pk).delete()
    weigh_again([pk, pk])
    weigh_all()
    assert _sums() == before


def test_everything_made_anew_is_learned_the_same(lamps: Shop) -> None:
    _history(lamps, 40)
    weigh_all()
    before = _sums()[1]
    assert rebuild() == 40
    assert _sums()[1] == before
    everything = Learned.objects.get(lane=EVERYTHING, clock="label")
    assert everything.n == 40


def test_what_is_not_there_when_it_is_due_is_late_without_any_news(lamps: Shop) -> None:
    now = timezone.now()
    for number in range(500, 530):
        _order(lamps, number, 0.2, placed=now - 2 * DAY)
    weigh_all()
    again = _order(lamps, 401, None, placed=now - timedelta(hours=2))
    weigh_all()
    row = Weighed.objects.get(order=again.pk)
    assert row.due_at is not None
    assert row.due_at > now - timedelta(hours=2)
    Weighed.objects.filter(order=again.pk).update(
        verdict=Verdict.PENDING, due_at=now - timedelta(minutes=1)
    )
    assert let_come_due(now) == 1
    weigh_next()
    row.refresh_from_db()
    assert row.verdict == Verdict.LATE
    assert let_come_due(now) == 0


def test_a_stated_date_goes_before_what_was_learned(
    lamps: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _history(lamps)
    order = _order(lamps, 500, 2, placed=MONDAY + 7 * DAY)
    weigh_all()
    assert Weighed.objects.get(order=order.pk).verdict == Verdict.ON_TIME
    monkeypatch.setattr(stated, "_SAYS", [lambda orders: {order.pk: order.placed_at + DAY}])
    weigh_again([order.pk])
    weigh_all()
    row = Weighed.objects.get(order=order.pk)
    assert (row.verdict, row.is_stated) == (Verdict.LATE, True)


def test_orders_that_were_not_sent_or_were_cancelled_are_not_judged(lamps: Shop) -> None:
    _history(lamps)
    unsent = _order(lamps, 600, None, placed=MONDAY + 7 * DAY, shipments=())
    gone = _order(lamps, 601, 9, placed=MONDAY + 7 * DAY, standing="cancelled")
    weigh_all()
    for one in (unsent, gone):
        assert Weighed.objects.get(order=one.pk).verdict == Verdict.NONE


def test_each_figure_leads_to_its_orders(lamps: Shop, olga: Any, nora: Any) -> None:
    _history(lamps)
    late = _order(lamps, 700, 9, placed=MONDAY + 7 * DAY, sku="DESK")
    weigh_all()
    page = judged_orders(olga, Wish(sku="DESK"), True, "")
    assert [one.order for one in page.rows] == [late]
    seen, after = [], ""
    for _turn in range(5):
        page = judged_orders(olga, Wish(), False, after)
        seen += [one.order.pk for one in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == overall(Wish()).n
    judged_orders(olga, Wish(), False, "damaged")
    with pytest.raises(Http404):
        judged_orders(nora, Wish(), False, "")
