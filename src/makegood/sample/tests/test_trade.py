"""The sample shop's orders are told through the shop's own door, and what is promised follows."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine

from makegood.disputes.models import Dispute
from makegood.fulfilment.queries import at_risk
from makegood.makegoods.models import Makegood
from makegood.promises.models import Promise
from makegood.sample.mails import told
from makegood.sample.orders import order_seen, read_book
from makegood.sample.shop import Shop, prepare_sample_shop
from makegood.sample.trade import begin_to_trade
from makegood.shop.finding import numbered
from makegood.shop.models import Order, Scan

State = Makegood.State
EVERY_WEEKDAY = [datetime(2026, 11, day, 7, 30, tzinfo=UTC) for day in range(16, 23)]


@pytest.fixture
def shop(db: None) -> Shop:
    shop = prepare_sample_shop()
    begin_to_trade(shop.owner)
    return shop


def test_whoever_writes_of_an_order_has_it(shop: Shop) -> None:
    for one in ("LL-1001", "LL-1007", "LL-0988", "LL-1012", "LL-1015", "LL-0941"):
        (order,) = numbered(one, most=2)
        mail = next(mail for mail in told()["mail"] if one in f"{mail['subject']} {mail['text']}")
        assert order.email in mail["from"]


def test_its_orders_are_at_every_stage(shop: Shop) -> None:
    orders = Order.objects.all()
    assert orders.count() >= 40
    assert set(orders.values_list("handed", flat=True)) >= {"nothing", "label", "delivered"}
    assert set(orders.values_list("paid", flat=True)) >= {"paid", "part_refunded", "refunded"}
    assert not Scan.objects.filter(at__gt=datetime.now(UTC)).exists()


def test_what_is_late_is_a_few_of_many(shop: Shop) -> None:
    kept = Promise.objects.filter(order__isnull=False, state="kept").count()
    late = {row.one.promise.order for row in at_risk(shop.owner, "", datetime.now(UTC)).rows}
    assert kept > 40
    assert {"LL-0941", "LL-1001"} <= {order.number for order in late if order}
    assert len(late) < 12


def test_makegoods_stand_at_every_stage_and_one_dispute_is_due(shop: Shop) -> None:
    states = Counter(Makegood.objects.values_list("state", flat=True))
    assert states == {State.REDEEMED: 1, State.GIVEN: 1, State.APPROVED: 1, State.OFFERED: 1}
    redeemed = Makegood.objects.get(state=State.REDEEMED)
    assert redeemed.redeemed_with == Order.objects.get(number="LL-1018").ref
    dispute = Dispute.objects.get()
    assert dispute.conversation is not None
    assert dispute.promise is not None


@pytest.mark.parametrize("now", EVERY_WEEKDAY)
def test_it_reads_the_same_on_every_day_of_the_week(now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        book = read_book(now)
        seen = [order_seen(book, one) for one in book.orders]
    assert seen == [order_seen(book, one) for one in book.orders]
    numbers = [one.number for one in seen]
    assert len(set(numbers)) == len(numbers)
    for one in seen:
        scans = [scan.at for parcel in one.shipments for scan in parcel.scans]
        assert all(one.placed_at < at <= now for at in scans)
        for parcel in one.shipments:
            assert [scan.at for scan in parcel.scans] == sorted(scan.at for scan in parcel.scans)
