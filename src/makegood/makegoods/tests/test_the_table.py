"""What is given for what: the house's table, drafts, versions, fairness, signs and outcomes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.makegoods.actions import give, offer
from makegood.makegoods.claims import signs
from makegood.makegoods.failures import choices, end_failure, name_failure, said_in
from makegood.makegoods.fairness import others
from makegood.makegoods.models import Makegood
from makegood.makegoods.outcomes import next_orders, outcomes
from makegood.makegoods.policies import drafted, publish, save_draft, throw_draft_away
from makegood.makegoods.policy import HOUSE, Row, history_of, suggested, table_of
from makegood.makegoods.previewing import preview
from makegood.makegoods.queries import Asked, exported, listed, sums
from makegood.makegoods.tests.giving import euros, matter, wish
from makegood.shop.models import Order
from tests.ordered import an_order

pytestmark = pytest.mark.django_db
CARD = Row(failure="late", remedy="gesture", unit="fixed", least=1_00, most=4_00)


def test_the_house_suggests_something_for_every_failure() -> None:
    table = table_of("EUR")
    for word, _name in choices():
        assert suggested(table, word, 80_00, "returning"), word


def test_what_is_said_of_a_history_stands_in_place_of_everybody() -> None:
    (coupon, _shipping) = suggested(table_of("EUR"), "late", 100_00, "first")
    assert (coupon.least, coupon.most) == (euros(10_00), euros(15_00))
    (coupon, _shipping) = suggested(table_of("EUR"), "late", 99_99, "returning")
    assert (coupon.least, coupon.most) == (euros(4_99), euros(9_99)), "rounded down"


def test_values_of_orders_begin_and_end() -> None:
    table = replace(table_of("EUR"), rows=[replace(CARD, from_minor=50_00, below_minor=100_00)])
    counts = [
        len(suggested(table, "late", value, "any")) for value in (49_99, 50_00, 99_99, 100_00)
    ]
    assert counts == [0, 1, 1, 0]


def test_a_make_good_keeps_its_version(lamp: Any, nora: Any, olga: Any) -> None:
    before = offer(matter(lamp, an_order()), wish(2_50), by=nora)
    save_draft("EUR", [CARD], by=olga)
    assert table_of("EUR").rows == HOUSE, "a draft holds nothing"
    first = publish("EUR", by=olga)
    after = offer(matter(lamp, an_order()), wish(2_00, remedy="gesture", words="Card"), by=nora)
    save_draft("EUR", [replace(CARD, most=9_00)], by=olga)
    second = publish("EUR", by=olga)
    before.refresh_from_db()
    assert (before.version, after.version, second.number) == (None, first, 2)
    assert [line.most for line in first.lines.all()] == [4_00]
    event = Event.objects.filter(kind="remedies.published").order_by("pk").last()
    assert event is not None
    assert event.facts["before"] != event.facts["after"]


def test_a_draft_can_go_and_nothing_is_published_of_nothing(olga: Any, nora: Any) -> None:
    save_draft("EUR", [CARD], by=olga)
    assert not throw_draft_away("EUR", by=nora)
    assert throw_draft_away("EUR", by=olga)
    with pytest.raises(Refused, match="no draft"):
        publish("EUR", by=olga)
    save_draft("EUR", [], by=olga)
    with pytest.raises(Refused, match="without a line"):
        publish("EUR", by=olga)


@pytest.mark.parametrize(
    "wrong",
    [
        {"least": 5_00}, {"failure": "own:7"}, {"remedy": "hug"}, {"history": "old"},
        {"unit": "percent", "most": 101}, {"from_minor": 5, "below_minor": 5}, {"least": -1},
    ],
)  # fmt: skip
def test_a_line_that_makes_no_sense_is_refused_by_its_number(olga: Any, wrong: Any) -> None:
    with pytest.raises(Refused, match="Line 2"):
        save_draft("EUR", [CARD, replace(CARD, **wrong)], by=olga)


def test_a_failure_of_the_shops_own_is_chosen_until_it_ends(olga: Any) -> None:
    own = name_failure("Wrong engraving", by=olga)
    assert (f"own:{own.pk}", "Wrong engraving") in choices()
    for name in ("wrong engraving", "Late", ""):
        with pytest.raises(Refused):
            name_failure(name, by=olga)
    end_failure(own, by=olga)
    assert f"own:{own.pk}" not in dict(choices())
    assert name_failure("Wrong engraving", by=olga) == own


@pytest.mark.parametrize(
    ("words", "failure"),
    [
        ("My lamp is broken!", "damaged"), ("Leider kaputt.", "damaged"), ("Hello", ""),
        ("I was charged twice", "overcharged"), ("Where is my parcel? So late", "late"),
        ("a slate roof", ""), ("\x00", ""),
    ],
)  # fmt: skip
def test_a_few_words_suggest_a_failure(words: str, failure: str) -> None:
    assert said_in(words) == failure


def test_history_is_counted_at_the_moment() -> None:
    order = an_order("#1")
    assert history_of(order, [], timezone.now()) == "first"
    assert history_of(None, ["nobody@example.com"], timezone.now()) == "any"
    an_order("#2")
    assert history_of(order, [], timezone.now()) == "returning"
    for number in range(3, 6):
        an_order(f"#{number}")
    assert history_of(order, [], timezone.now()) == "valued"


def test_what_others_got_stands_beside(lamp: Any, olga: Any) -> None:
    now = timezone.now()
    assert others("late", "EUR", now) is None
    for number, minor in enumerate((2_00, 2_50, 3_00, 3_00, 9_00)):
        offer(matter(lamp, an_order(f"#{number}")), wish(minor), by=olga)
    found = others("late", "EUR", timezone.now(), value=25_00)
    assert found is not None
    assert (found.count, found.middle, found.least, found.most) == (
        5, euros(3_00), euros(2_00), euros(9_00),
    )  # fmt: skip
    assert [found.differs(euros(one)) for one in (1_00, 2_50, 3_00, 9_00)] == [
        "less", "", "", "more",
    ]  # fmt: skip
    assert others("late", "EUR", timezone.now(), value=900_00) is None
    assert others("lost", "EUR", timezone.now()) is None


def _order_now(number: str, email: str, address: str = "") -> Order:
    order = an_order(number, email)
    Order.objects.filter(pk=order.pk).update(placed_at=timezone.now(), address=address)
    order.refresh_from_db()
    return order


def test_whoever_claims_far_oftener_than_others_is_seen_with_what_speaks_for_them(
    lamp: Any, olga: Any
) -> None:
    for number in range(4):
        order = _order_now(f"#{number}", "often@example.com")
        offer(matter(None, order), wish(1_00, failure="damaged"), by=olga)
    assert signs(["often@example.com"], timezone.now()) is None, "others may be alike"
    for person in range(6):
        for number in range(3):
            _order_now(f"#p{person}-{number}", f"p{person}@example.com")
    found = signs(["often@example.com"], timezone.now())
    assert found is not None
    assert "4 make-goods for 4 orders" in found.reasons[0]
    assert found.against
    assert signs(["p1@example.com"], timezone.now()) is None
    assert signs([""], timezone.now()) is None


def test_a_shared_address_is_a_sign_and_never_alone(olga: Any) -> None:
    mine = _order_now("#1", "one@example.com", "Lane 4")
    other = _order_now("#2", "two@example.com", "Lane 4")
    offer(matter(None, other), wish(1_00), by=olga)
    offer(matter(None, mine), wish(1_00), by=olga)
    found = signs(["one@example.com"], timezone.now())
    assert found is not None
    assert "1 other customer with the same postal address" in found.reasons[0]
    assert any("our own records" in one for one in found.against)


def test_did_it_keep_them(lamp: Any, olga: Any) -> None:
    long_ago = timezone.now() - timedelta(days=120)
    for number in range(2):
        order = _order_now(f"#{number}", f"p{number}@example.com")
        made = give(offer(matter(None, order), wish(1_00), by=olga), by=olga)
        Makegood.objects.filter(pk=made.pk).update(given_at=long_ago)
    Order.objects.update(placed_at=long_ago - timedelta(days=5))
    back = _order_now("#9", "p0@example.com")
    Order.objects.filter(pk=back.pk).update(placed_at=long_ago + timedelta(days=30))
    (found,) = outcomes(timezone.now())
    assert (found.given, found.known, found.came_back, found.share) == (2, 2, 1, 50)
    assert [one.number for one in next_orders(Makegood.objects.order_by("pk")[0])] == ["#9"]


def test_a_preview_costs_what_broke(lamp: Any, olga: Any) -> None:
    found = preview(drafted("EUR"), timezone.now())
    assert (found.rows, found.least) == ([], euros(0))


def test_the_list_is_paged_and_only_of_what_one_sees(lamp: Any, nora: Any, vera: Any) -> None:
    for _number in range(45):
        offer(matter(lamp), wish(10), by=nora)
    first = listed(nora, Asked())
    assert len(first.rows) == 40
    rest = listed(nora, Asked(after=first.next))
    assert len({one.pk for one in (*first.rows, *rest.rows)}) == 45
    assert not rest.next
    assert not listed(nora, Asked(state="given")).rows
    assert listed(nora, Asked(failure="late", agent=nora.pk, after="damaged")).rows
    assert not listed(vera, Asked()).rows


def test_sums_are_by_month_and_what_one_asks(lamp: Any, nora: Any) -> None:
    give(offer(matter(lamp), wish(3_00), by=nora), by=nora)
    give(offer(matter(lamp), wish(2_00, failure="damaged"), by=nora), by=nora)
    assert {(one.what, one.cost) for one in sums("failure")} == {
        ("Late", euros(3_00)), ("Damaged", euros(2_00)),
    }  # fmt: skip
    assert [(one.what, one.face) for one in sums("agent")] == [("Nora", euros(5_00))]


def test_a_file_of_them_has_a_line_each(lamp: Any, nora: Any) -> None:
    offer(matter(lamp), wish(3_00), by=nora)
    header, line = exported(nora, Asked())
    assert dict(zip(header, line, strict=True))["worth"] == "3.00"
