import gzip
from typing import Any

import pytest

from makegood.customers.actions import meet
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.ledger.models import Event
from makegood.people.forgetting import forget_customer
from makegood.shop.models import ImportRun, Line, Order, Refund
from makegood.shop.queries import previewed
from makegood.shop.runs import FileWish, begin_run, match_columns, read_orders, stop_run, undo_run
from makegood.shop.working import bring_next_orders_in, step, work_off
from makegood.team.models import Agent
from tests.ordered import HEADER, LAMP, a_file_of_orders
from tests.world import EARLIER

FILE = f"""{HEADER}
1,01.03.2026 10:00,L-1,Lamp,2,"12,50",Ann@example.com
2,2026-03-02,L-2,Shade,1.0,5.00,
1,,L-2,Shade,1,5,
C7,1772700000.0,L-1,Lamp,-1,12.50,ann@example.com
C8,1772700000.0,X-9,Gone,-1,3.00,eve@example.com
3,2026-03-02,L-1,Lamp,1,0.001,
,2026-03-02,L-1,Lamp,1,1,
4,,L-1,Lamp,1,1,
5,2026-03-02,L-1,Lamp,3,12.50,
5,2026-03-02,L-1,Lamp,-1,12.50,
"""


def _looked(agent: Agent, content: str = FILE) -> ImportRun:
    run = a_file_of_orders(agent, content)
    match_columns(run, run.matched, by=agent)
    work_off(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def _brought(agent: Agent, content: str = FILE) -> ImportRun:
    run = _looked(agent, content)
    begin_run(run, by=agent)
    work_off(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def test_a_file_is_looked_at_and_nothing_comes_in(olga: Agent) -> None:
    run = _looked(olga)
    assert (run.state, run.counts) == ("looked", {"lines": 10, "refused": 2, "orders": 6})
    assert [one.number for one in run.troubles.order_by("number")] == [7, 8]
    assert [(one.number, str(one.total)) for one in previewed(run)][:2] == [
        ("1", "€30.00"), ("2", "€5.00"),
    ]  # fmt: skip
    assert not Order.objects.exists()


def test_lines_of_one_order_need_not_stand_together(olga: Agent) -> None:
    run = _brought(olga)
    assert run.state == "done"
    order = Order.objects.get(number="1")
    assert (order.total_minor, order.email) == (3000, "ann@example.com")
    assert order.placed_at.isoformat() == "2026-03-01T09:00:00+00:00"
    assert list(order.lines.order_by("pk").values_list("sku", "quantity")) == [
        ("L-1", 2), ("L-2", 1),
    ]  # fmt: skip
    assert {name: run.counts[name] for name in ("made", "credited", "rejected")} == {
        "made": 3, "credited": 2, "rejected": 1,
    }  # fmt: skip
    assert not run.lines.exists()
    assert run.file is None


def test_a_credit_finds_its_order_or_stands_alone(olga: Agent) -> None:
    _brought(olga)
    found, alone = Refund.objects.filter(is_credit=True).order_by("external_id")
    assert found.order is not None
    assert (found.order.number, found.amount_minor) == ("1", 1250)
    assert found.order.paid_now() == Order.Paid.PART_REFUNDED
    assert Line.objects.get(order=found.order, sku="L-1").refunded == 1
    assert (alone.order, alone.amount_minor) == (None, 300)


def test_a_credit_of_an_orders_number_is_of_no_other(olga: Agent) -> None:
    lines = "".join(f"{n},2026-03-0{n},L-1,Lamp,1,12.50,ann@example.com\n" for n in (1, 2, 3))
    _brought(olga, f"{HEADER}\n{lines}C2,2026-03-09,L-1,Lamp,-1,12.50,ann@example.com\n")
    credit = Refund.objects.select_related("order").get(is_credit=True)
    assert credit.order == Order.objects.get(number="2")


def test_what_was_given_back_in_its_own_order_is_a_refund_of_it(olga: Agent) -> None:
    _brought(olga)
    order = Order.objects.get(number="5")
    assert order.lines.get().refunded == 1
    assert order.refunds.get().amount_minor == 1250


def test_a_file_brought_twice_changes_nothing(olga: Agent) -> None:
    _brought(olga)
    again = _brought(olga)
    assert again.counts["kept"] == 5
    assert (Order.objects.count(), Refund.objects.filter(is_credit=True).count()) == (3, 2)


def test_killed_anywhere_it_goes_on_where_it_was(olga: Agent, monkeypatch: Any) -> None:
    monkeypatch.setattr("makegood.shop.working.AT_ONCE", 1)
    run = _looked(olga)
    begin_run(run, by=olga)
    step(run.pk)
    stop_run(run, by=olga)
    assert step(run.pk) == 0
    begin_run(run, by=olga)
    while bring_next_orders_in():
        pass
    run.refresh_from_db()
    assert (run.state, Order.objects.count(), Refund.objects.count()) == ("done", 3, 3)
    assert Order.objects.get(number="1").lines.count() == 2


def test_a_look_that_was_cut_off_goes_on_behind_its_last_line(
    olga: Agent, monkeypatch: Any
) -> None:
    monkeypatch.setattr("makegood.shop.working.AT_ONCE", 3)
    monkeypatch.setattr("makegood.shop.working.LASTS", -1.0)
    run = a_file_of_orders(olga, FILE)
    match_columns(run, run.matched, by=olga)
    assert bring_next_orders_in() == 1
    while bring_next_orders_in():
        pass
    run.refresh_from_db()
    assert (run.state, run.counts["lines"]) == ("looked", 10)


def test_what_it_brought_is_taken_out_but_not_what_changed_since(olga: Agent) -> None:
    first = _brought(olga)
    _brought(olga, f"{HEADER}\n2,2026-03-02,L-2,Shade,4,5.00,\n")
    undo_run(first, by=olga)
    work_off(first.pk)
    first.refresh_from_db()
    assert (first.state, first.counts["removed"]) == ("undone", 2)
    assert [order.number for order in Order.objects.all()] == ["2"]
    assert not Refund.objects.exists()
    told = Event.objects.filter(kind="orders.taken_out").get()
    assert (told.facts["removed"], told.facts["left"]) == (2, 1)


def test_an_order_that_a_file_changes_tells_so(olga: Agent) -> None:
    _brought(olga)
    assert not Event.objects.filter(kind__startswith="order.").exists()
    run = _brought(olga, f"{HEADER}\n2,2026-03-02,L-2,Shade,4,5.00,\n")
    assert run.counts["altered"] == 1
    assert Event.objects.get(kind="order.changed").facts["what"] == ["total"]


def test_a_packed_file_is_unpacked_and_a_damaged_one_refused(olga: Agent) -> None:
    wish = FileWish(name="o.csv.gz", shop="L", currency="eur", time_zone="Europe/Berlin")
    run = read_orders(wish, gzip.compress(LAMP.encode()), by=olga)
    assert run.matched == ["number", "placed", "sku", "title", "quantity", "unit", "email"]
    with pytest.raises(Refused):
        read_orders(wish, gzip.compress(LAMP.encode() * 999)[:100], by=olga)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"currency": "EURO"}, "currency"), ({"time_zone": "Moon"}, "zone"), ({"shop": " "}, "shop")],
)
def test_a_shop_that_cannot_be_is_refused(olga: Agent, more: Any, words: str) -> None:
    told = {"name": "o", "shop": "L", "currency": "EUR", "time_zone": "Europe/Berlin", **more}
    with pytest.raises(Refused, match=words):
        read_orders(FileWish(**told), LAMP.encode(), by=olga)


def test_columns_that_are_needed_must_be_named(olga: Agent) -> None:
    run = a_file_of_orders(olga)
    with pytest.raises(Refused, match="Quantity"):
        match_columns(run, ["number", "placed", "", "", "", "unit"], by=olga)


def test_a_forgotten_buyer_is_nobody_and_the_sums_stay(olga: Agent) -> None:
    ann = meet("email", "ann@example.com", name="Ann", at=EARLIER, by=System("test")).customer
    _brought(olga)
    forget_customer(ann, by=olga)
    order = Order.objects.get(number="1")
    assert (order.email, order.total_minor) == ("", 3000)
