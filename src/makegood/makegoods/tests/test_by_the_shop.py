"""What the shop can give is given by it, once; and what was used with an order is redeemed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.authority.queries import taken_for
from makegood.errands.actions import ask
from makegood.errands.doing import run_next_errand
from makegood.errands.models import Errand
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.makegoods.actions import decline, expire, give, offer, take_back
from makegood.makegoods.approving import answer
from makegood.makegoods.approving import ask as ask_for_a_yes
from makegood.makegoods.errands import errand_of
from makegood.makegoods.holding import key_of, number_in
from makegood.makegoods.models import Entry, Makegood
from makegood.makegoods.replacing import named, worth_of
from makegood.makegoods.tests.giving import matter, wish
from makegood.makegoods.wording import sentence_in
from makegood.shop.actions import apply_order
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Order
from makegood.shop.seen import OrderSeen
from makegood.team.models import Agent
from makegood.team.roles import save_role
from tests.lamp_shop import LampShop
from tests.ordered import a_way_to_a_shop, an_order

State = Makegood.State


@pytest.fixture
def lamps(settings: object) -> Iterator[LampShop]:
    shop = LampShop()
    settings.NEAR_HOSTS = (shop.host,)  # type: ignore[attr-defined]
    yield shop
    shop.close()


@pytest.fixture
def bought(lamps: LampShop, db: None) -> Order:
    a_way_to_a_shop(base_url=lamps.url, token="t")
    order = an_order()
    Order.objects.filter(pk=order.pk).update(paid=Order.Paid.PAID)
    order.refresh_from_db()
    return order


def offered(order: Order, remedy: str, by: Agent) -> Makegood:
    makegood = offer(matter(None, order), wish(5_00, remedy=remedy), by=by)
    makegood.refresh_from_db()
    return makegood


@pytest.mark.parametrize("remedy", ["coupon", "refund"])
def test_the_shop_gives_it_once_and_its_money_is_counted_once(
    bought: Order, lamps: LampShop, olga: Agent, remedy: str
) -> None:
    makegood = offered(bought, remedy, olga)
    assert makegood.state == State.APPROVED
    run_next_errand()
    makegood.refresh_from_db()
    assert makegood.state == State.GIVEN
    assert lamps.times_for(makegood.ref) == 1
    assert taken_for(bought.ref, "EUR") == 5_00
    assert Entry.objects.filter(makegood=makegood).count() == 1
    assert bool(makegood.code) == (remedy == "coupon")


def test_another_desks_of_this_number_is_not_taken_for_this_one(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    """A desk that a backup brought back counts on from there, and the shop has heard it all."""
    makegood = offered(bought, "coupon", olga)
    lamps.journal.append((makegood.ref, {"code": "OTHERDESK"}))
    lamps.journal.append((f"{makegood.ref}:0123456789ab", {"code": "OLDERSELF"}))
    run_next_errand()
    makegood.refresh_from_db()
    assert makegood.state == State.GIVEN
    assert makegood.code not in ("OTHERDESK", "OLDERSELF")
    assert lamps.times(key_of(makegood)) == 1


def test_what_was_asked_before_there_were_seals_keeps_its_key(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    makegood = offered(bought, "refund", olga)
    Makegood.objects.filter(pk=makegood.pk).update(seal="")
    Errand.objects.update(key=makegood.ref)
    run_next_errand()
    makegood.refresh_from_db()
    assert makegood.state == State.GIVEN
    assert errand_of(makegood) == Errand.objects.get()
    assert number_in(makegood.ref) == number_in(f"{makegood.ref}:ab12") == makegood.pk
    assert number_in("order:5") == number_in("makegood:") == number_in("makegood:x") == 0


def test_a_gesture_is_given_by_a_person(bought: Order, olga: Agent) -> None:
    offer(matter(None, bought), wish(1_00, remedy="gesture", words="A card."), by=olga)
    assert not Errand.objects.exists()


def test_a_shop_that_says_no_leaves_it_to_a_person(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    lamps.does.append("no")
    makegood = offered(bought, "coupon", olga)
    run_next_errand()
    makegood.refresh_from_db()
    assert makegood.state == State.APPROVED
    assert taken_for(bought.ref, "EUR") == 5_00


def test_what_is_declined_is_not_asked_any_more_and_what_may_have_happened_is_not_declined(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    first = offered(bought, "coupon", olga)
    decline(first, words="She does not want it.", by=olga)
    assert run_next_errand() == 0
    lamps.does.append("mute")
    second = offered(bought, "coupon", olga)
    run_next_errand()
    with pytest.raises(Refused):
        decline(second, words="No.", by=olga)
    Errand.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    run_next_errand()
    second.refresh_from_db()
    assert second.state == State.GIVEN


def test_an_order_with_the_code_redeems_it_once(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    makegood = offered(bought, "coupon", olga)
    run_next_errand()
    makegood.refresh_from_db()
    seen = OrderSeen(
        external_id="#1002", number="#1002", placed_at=bought.placed_at + timedelta(days=2),
        told_at=bought.told_at + timedelta(days=2), currency="EUR", total_minor=2000,
        codes=(makegood.code,),
    )  # fmt: skip
    order = apply_order(bought.shop, seen, by=System("shop"))
    apply_order(
        bought.shop, replace(seen, told_at=seen.told_at + timedelta(days=1), total_minor=1900),
        by=System("shop"),
    )  # fmt: skip
    makegood.refresh_from_db()
    assert (makegood.state, makegood.redeemed_with) == (State.REDEEMED, order.ref)


def test_refunds_of_every_kind_are_counted_together(
    bought: Order, lamps: LampShop, nora: Agent, olga: Agent, tomas: Agent
) -> None:
    waits = ask_for_a_yes(matter(None, bought), wish(20_00, remedy="refund"), by=nora).approval
    with pytest.raises(Refused, match="5.00"):
        ask(bought, _back(bought, 6_00), key="k1", by=olga)
    Makegood.objects.filter(pk=waits.makegood_id).update(face_minor=1_00)
    ask(bought, _back(bought, 20_00), key="k2", by=olga)
    Makegood.objects.filter(pk=waits.makegood_id).update(face_minor=20_00)
    with pytest.raises(Refused, match="more than was paid"):
        answer(waits, is_yes=True, by=tomas)
    with pytest.raises(Refused, match="more than was paid"):
        offer(matter(None, bought), wish(1, remedy="refund"), by=nora)


def _back(order: Order, minor: int) -> Wanted:
    return Wanted(
        what=Ability.REFUND, order_id=order.external_id, amount_minor=minor, currency="EUR"
    )


def test_what_the_shop_has_paid_back_is_not_taken_back(bought: Order, olga: Agent) -> None:
    """Else the same sum could be given again and again, and no limit would hold."""
    makegood = offered(bought, "refund", olga)
    run_next_errand()
    with pytest.raises(Refused, match="paid it back"):
        take_back(makegood, words="A mistake.", is_void=True, by=olga)
    assert taken_for(bought.ref, "EUR") == 5_00


def test_a_coupon_of_the_shop_is_taken_back_once_it_has_ended_there(
    bought: Order, olga: Agent
) -> None:
    makegood = offered(bought, "coupon", olga)
    run_next_errand()
    with pytest.raises(Refused, match="end it there first"):
        take_back(makegood, words="A mistake.", by=olga)
    take_back(makegood, words="A mistake.", is_void=True, by=olga)
    assert taken_for(bought.ref, "EUR") == 0


@pytest.mark.parametrize("ended", ["taken_back", "expired"])
def test_a_code_that_had_ended_and_was_used_counts_again(
    bought: Order, olga: Agent, ended: str
) -> None:
    makegood = offered(bought, "coupon", olga)
    run_next_errand()
    if ended == "taken_back":
        take_back(makegood, words="A mistake.", is_void=True, by=olga)
    else:
        soon = timezone.now() + timedelta(days=1)
        Makegood.objects.filter(pk=makegood.pk).update(valid_until=soon)
        expire(makegood, soon, by=System("makegoods"))
    makegood.refresh_from_db()
    assert sum(one.face_minor for one in Entry.objects.all()) == 0
    for _again in range(2):
        seen = OrderSeen(
            external_id="2", number="#2", placed_at=timezone.now(), told_at=timezone.now(),
            currency="EUR", total_minor=30_00, codes=(makegood.code,),
        )  # fmt: skip
        apply_order(bought.shop, seen, by=System("shop"))
    makegood.refresh_from_db()
    assert (makegood.state, makegood.redeemed_with[:6]) == (State.REDEEMED, "order:")
    assert sum(one.face_minor for one in Entry.objects.all()) == 5_00


def test_only_whoever_gave_it_or_sees_everything_takes_it_back(
    bought: Order, olga: Agent, nora: Agent, vera: Agent
) -> None:
    makegood = offer(matter(None, bought), wish(1_00, remedy="gesture", words="A card."), by=nora)
    give(makegood, by=nora)
    with pytest.raises(Refused, match="Only whoever gave it"):
        take_back(makegood, words="No.", by=vera)
    assert take_back(makegood, words="No.", by=olga).state == State.TAKEN_BACK


@pytest.mark.parametrize(
    ("remedy", "right"), [("refund", "orders.refund"), ("coupon", "orders.coupon")]
)
def test_whose_role_gives_no_such_thing_does_not_give_it_as_a_make_good(
    bought: Order, olga: Agent, nora: Agent, remedy: str, right: str
) -> None:
    others = [one for one in ("answer", "orders.refund", "orders.coupon") if one != right]
    role = save_role(None, name="Trainee", words="", permissions=others, by=olga)
    nora.own_role, nora.granted = role, others
    with pytest.raises(Refused):
        offered(bought, remedy, nora)
    assert not Makegood.objects.exists()


# ── Sent once more ──


def one_lamp(order: Order) -> tuple[tuple[str, int], ...]:
    line = order.lines.order_by("pk")[0]
    return ((line.external_id, 1),)


def test_the_shop_sends_once_more_what_was_named(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    lines = one_lamp(bought)
    worth = worth_of(bought, lines)
    assert worth is not None
    makegood = offer(
        matter(None, bought), wish(worth.minor, remedy="replacement", lines=lines), by=olga
    )
    assert makegood.words == named(bought, lines)
    assert named(bought, lines) in sentence_in(makegood, "en")
    assert run_next_errand()
    makegood.refresh_from_db()
    assert makegood.state == State.GIVEN
    [(_key, said)] = [one for one in lamps.journal if one[0].startswith(f"{makegood.ref}:")]
    assert said["do"] == "replacement"
    assert [[one["id"], one["quantity"]] for one in said["lines"]] == makegood.lines
    assert taken_for(bought.ref, "EUR") == worth.minor
    assert run_next_errand() == 0
    with pytest.raises(Refused, match="sends it already"):
        take_back(makegood, words="She has two now.", is_void=True, by=olga)


def test_without_articles_a_person_sends_it(bought: Order, lamps: LampShop, olga: Agent) -> None:
    makegood = offered(bought, "replacement", olga)
    assert run_next_errand() == 0
    assert not lamps.journal
    assert errand_of(makegood) is None
    give(makegood, by=olga)
    assert makegood.words == ""


def test_nobody_names_articles_for_less_than_they_were_sold(
    bought: Order, olga: Agent, nora: Agent
) -> None:
    lines, here = one_lamp(bought), matter(None, bought)
    line, worth = lines[0][0], worth_of(bought, lines)
    assert worth is not None
    for wanted in (
        wish(1, remedy="replacement", lines=lines),
        wish(worth.minor, remedy="gesture", lines=lines, words="A card"),
        wish(worth.minor, remedy="replacement", lines=((line, 99),)),
        wish(worth.minor, remedy="replacement", lines=(("strange", 1),)),
        wish(worth.minor, remedy="replacement", lines=((line, -1),)),
    ):
        with pytest.raises(Refused):
            offer(here, wanted, by=olga)
    with pytest.raises(Refused):
        offer(matter(None, None), wish(worth.minor, remedy="replacement", lines=lines), by=olga)
    role = save_role(None, name="Trainee", words="", permissions=["answer"], by=olga)
    nora.own_role, nora.granted = role, ["answer"]
    with pytest.raises(Refused):
        offer(here, wish(worth.minor, remedy="replacement", lines=lines), by=nora)
    assert not Makegood.objects.exists()
