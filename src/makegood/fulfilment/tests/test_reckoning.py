"""Promises of orders follow what the shop and the carriers tell, in whatever order it comes."""

from dataclasses import replace

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.fulfilment.models import TermsVersion
from makegood.ledger.models import Event
from makegood.parcels.models import Weighed
from makegood.parcels.weighing import weigh_all
from makegood.promises.causes import say_why
from makegood.promises.explaining import explain
from makegood.promises.models import Cause, Promise
from makegood.promises.ticking import tick
from makegood.shop.models import Order
from makegood.shop.seen import PaymentSeen
from tests.fulfilment_oracle import expected
from tests.parcelled import DAY, MONDAY, parcel, seen, stated, told

pytestmark = pytest.mark.django_db
SETTINGS = settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def at(days: float):
    return time_machine.travel(MONDAY + days * DAY, tick=False)


def states() -> dict[str, str]:
    return dict(Promise.objects.values_list("kind", "state"))


def test_nothing_is_promised_where_no_times_are_stated():
    with at(0):
        told(seen(MONDAY))
    assert not Promise.objects.exists()


def test_an_order_is_promised_to_be_sent_scanned_and_delivered(olga):
    version = stated(olga)
    with at(0):
        order = told(seen(MONDAY))
    assert states() == dict.fromkeys(("shipped", "first_scan", "delivered"), "open")
    assert set(order.promises.values_list("made_by", flat=True)) == {version.ref}
    sentences = explain(order.promises.get(kind="delivered"), MONDAY).sentences
    assert any("Mon" in one or "Mo" in one for one in sentences)


def test_a_label_is_no_scan(olga):
    stated(olga)
    with at(0):
        told(seen(MONDAY))
    with at(0.5):
        told(seen(MONDAY + DAY / 2, parcel(label_at=MONDAY + DAY / 3)))
    assert states() == {"shipped": "kept", "first_scan": "open", "delivered": "open"}
    tick(MONDAY + 9 * DAY)
    assert states()["first_scan"] == "broken"


def test_a_scan_that_is_heard_of_late_was_in_time(olga):
    stated(olga)
    with at(0):
        told(seen(MONDAY))
    tick(MONDAY + 9 * DAY)
    assert states()["first_scan"] == "broken"
    with at(10):
        told(seen(MONDAY + 10 * DAY, parcel(("picked_up", MONDAY + DAY))))
    one = Promise.objects.get(kind="first_scan")
    assert (one.state, one.broken_at, one.asks_since) == ("kept", None, None)
    assert one.settled_at == MONDAY + DAY


def test_a_second_parcel_opens_what_the_first_one_kept(olga):
    stated(olga)
    there = parcel(("delivered", MONDAY + DAY))
    with at(1):
        told(seen(MONDAY + DAY, there))
    assert states()["delivered"] == "kept"
    second = parcel(label_at=MONDAY + DAY)
    with at(1.2):
        told(seen(MONDAY + 1.2 * DAY, there, type(second)(external_id="p2")))
    assert states()["delivered"] == "open"


def test_what_is_cancelled_falls_away(olga):
    stated(olga)
    with at(0):
        told(seen(MONDAY))
    with at(0.1):
        told(seen(MONDAY + DAY / 10, standing="cancelled"))
    assert set(states().values()) == {"withdrawn"}
    with at(0.2):
        told(seen(MONDAY + DAY / 5))
    assert set(states().values()) == {"open"}


def test_what_came_back_wants_its_money_back(olga):
    stated(olga)
    with at(0):
        told(seen(MONDAY))
    with at(5):
        told(seen(MONDAY + 5 * DAY, parcel(("returned", MONDAY + 5 * DAY))))
    one = Promise.objects.get(kind="refund_arrived")
    assert one.state == "open"
    assert one.due_at > MONDAY + 18 * DAY


def test_history_makes_no_promises(olga):
    stated(olga)
    with at(90):
        told(seen(MONDAY + 90 * DAY))
    assert not Promise.objects.exists()


def test_a_promise_keeps_the_version_it_was_made_under(olga):
    first = stated(olga)
    with at(0):
        told(seen(MONDAY))
    TermsVersion.objects.create(
        terms=first.terms, number=2, cut_off=first.cut_off, handling_days=5,
        published_at=MONDAY + DAY / 10, published_by=olga,
    )  # fmt: skip
    due = Promise.objects.get(kind="shipped").due_at
    with at(0.5):
        told(seen(MONDAY + DAY / 2, method="DHL"))
    assert Promise.objects.get(kind="shipped").due_at == due
    with at(0.6):
        told(seen(MONDAY + DAY / 2, external_id="2", placed_at=MONDAY + DAY / 2))
    assert Promise.objects.filter(kind="shipped").latest("pk").due_at > due


def test_the_same_twice_is_promised_once_and_recorded_once(olga):
    stated(olga)
    with at(0):
        told(seen(MONDAY))
        before = Event.objects.count()
        told(seen(MONDAY))
    assert Event.objects.count() == before


def test_what_somebody_said_of_a_break_outlives_a_new_count(olga):
    first = stated(olga, waits_for_money=True)
    paid = PaymentSeen(external_id="1", amount_minor=2500, currency="EUR", at=MONDAY)
    with at(0):
        told(seen(MONDAY, payments=(paid,)))
    tick(MONDAY + 9 * DAY)
    cause = Cause.objects.filter(known="stock").get()
    with at(9):
        say_why(Promise.objects.get(kind="shipped"), cause=cause, words="", by=olga)
    again = replace(paid, at=MONDAY + DAY)
    with at(10):
        told(seen(MONDAY + 10 * DAY, payments=(again,)))
    one = Promise.objects.get(kind="shipped")
    assert (one.state, one.cause, one.asks_since) == ("broken", cause, None)
    with at(11):
        told(seen(MONDAY + 11 * DAY, parcel(label_at=MONDAY + 10 * DAY), payments=(again,)))
    one.refresh_from_db()
    assert (one.state, one.cause, one.asks_since) == ("kept_late", cause, None)
    with at(12):
        kept = parcel(label_at=MONDAY + DAY)
        told(seen(MONDAY + 12 * DAY, kept, payments=(again,)))
    one.refresh_from_db()
    assert (one.state, one.cause, one.made_by) == ("kept", None, first.ref)


def test_what_came_late_is_judged_by_what_was_promised(olga):
    stated(olga)
    with at(0):
        order = told(seen(MONDAY, parcel(("picked_up", MONDAY + DAY / 4))))
        weigh_all()
    weighed = Weighed.objects.get(order=order.pk)
    assert (weighed.is_stated, weighed.verdict) == (True, "pending")
    assert weighed.due_at == Promise.objects.get(kind="delivered").due_at
    with at(20):
        told(seen(MONDAY + DAY, parcel(("delivered", MONDAY + 19 * DAY))))
        weigh_all()
    assert Weighed.objects.get(order=order.pk).verdict == "late"


def test_promises_go_with_an_order_that_is_taken_out(olga):
    stated(olga)
    with at(0):
        order = told(seen(MONDAY))
    Order.objects.filter(pk=order.pk).delete()
    assert not Promise.objects.exists()


MOMENTS = st.integers(0, 12).map(lambda n: MONDAY + n * DAY / 2)
SCANS = st.lists(
    st.tuples(st.sampled_from(["picked_up", "in_transit", "delivered", "returned"]), MOMENTS),
    max_size=3, unique=True,
)  # fmt: skip
PARCELS = st.one_of(
    st.none(), st.builds(lambda scans, label: parcel(*scans, label_at=label),
                         SCANS, st.one_of(st.none(), MOMENTS)),
)  # fmt: skip
NEWS = st.lists(
    st.tuples(PARCELS, st.sampled_from(["open", "open", "completed", "cancelled"])),
    min_size=1, max_size=5,
)  # fmt: skip


@SETTINGS
@given(news=NEWS, data=st.data())
def test_any_disorder_ends_in_the_same_promises(olga, news, data):
    Promise.objects.all().delete()
    Order.objects.all().delete()
    if not TermsVersion.objects.exists():
        stated(olga, looks_back=30)
    said = [
        seen(MONDAY + n * DAY / 2, *([one] if one else []), standing=standing)
        for n, (one, standing) in enumerate(news)
    ]
    come = data.draw(st.permutations(said)) + data.draw(st.lists(st.sampled_from(said), max_size=3))
    for number, one in enumerate(come):
        now = MONDAY + (number + 1) * DAY
        with time_machine.travel(now, tick=False):
            told(one)
            if data.draw(st.booleans()):
                tick(now)
    end = MONDAY + 20 * DAY
    with time_machine.travel(end, tick=False):
        tick(end)
    found = {
        one.kind: (one.state, one.due_at, one.settled_at if "kept" in one.state else None)
        for one in Promise.objects.all()
    }
    wanted = expected(said[-1], end)
    assert {kind: found.get(kind) for kind in wanted} == wanted
