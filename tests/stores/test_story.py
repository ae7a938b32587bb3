"""One order of a real store that is sent too late: from its checkout to what made it good.

No clock is moved: by the store's own books the order was placed a week ago.
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from makegood.ahead.finding import look_at_everything
from makegood.ahead.models import Slip, Telling
from makegood.ahead.queries import groups, proposal
from makegood.ahead.telling import Letter, tell
from makegood.channels.models import Delivery, Inbox
from makegood.conversations.models import Message
from makegood.desk.tests.asking import signed_in
from makegood.errands.doing import run_next_errand
from makegood.errands.models import Errand
from makegood.makegoods.actions import offer
from makegood.makegoods.models import Makegood
from makegood.makegoods.tests.giving import matter, wish
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.shop.models import Order
from makegood.team.models import Agent
from tests.parcelled import stated
from tests.stores import goods as shopping
from tests.stores.conftest import Met
from tests.stores.test_medusa import refunds_in

WEEK = 7


def test_a_late_order_is_told_of_first_and_made_good(met: Met, olga: Agent, mailbox: Inbox) -> None:
    stated(olga)
    order = _an_order_of_last_week(met)
    _the_clock_finds_it_late(order)
    telling = _the_customer_is_told_first(order, olga)
    _it_is_sent_late(met, order)
    _money_goes_back_from_the_conversation(met, order, telling, olga)
    _a_coupon_is_taken_at_the_checkout(met, order, telling, olga)


def _an_order_of_last_week(met: Met) -> Order:
    """Bought at the store's own front; it arrives by its signed word, and a week goes by."""
    placed = shopping.an_order(met.store, met.goods)
    assert met.deliver(met.post.about("order.placed", placed)) == [200]
    order = Order.objects.get(external_id=placed)
    assert (order.total_minor, order.paid) == (2990, Order.Paid.UNPAID)
    assert _shipped(order).state == Promise.State.OPEN
    met.store.set_back(placed, WEEK)
    shopping.captured(met.store, placed)
    assert met.deliver(met.post.about("payment.captured", placed)) == [200]
    order.refresh_from_db()
    assert order.paid == Order.Paid.PAID
    assert order.placed_at < timezone.now() - timedelta(days=WEEK - 1)
    return order


def _the_clock_finds_it_late(order: Order) -> None:
    now = timezone.now()
    while tick(now):
        pass
    assert _shipped(order).state == Promise.State.BROKEN
    look_at_everything(now)
    assert Slip.objects.get(order=order).cause == "not_shipped"


def _the_customer_is_told_first(order: Order, by: Agent) -> Telling:
    """In the words that are proposed, by one letter that leaves."""
    now = timezone.now()
    (group,) = groups(by)
    shown = proposal(group, now, {}, None)
    day = (now + timedelta(days=3)).date()
    telling = tell(shown.rows[0].slip, Letter(texts=shown.texts, day=day), by=by)
    letters = Message.objects.filter(conversation=telling.conversation)
    assert [one.direction for one in letters] == [Message.Direction.OUTGOING]
    assert order.number in letters.get().text
    assert Delivery.objects.filter(about=letters.get().ref).exists()
    return telling


def _it_is_sent_late(met: Met, order: Order) -> None:
    shopping.sent(met.store, order.external_id, met.goods, "00340437")
    met.deliver(met.post.about("shipment.created", order.external_id))
    assert order.shipments.get().tracking == "00340437"
    while tick(timezone.now()):
        pass
    assert _shipped(order).state == Promise.State.LATE


def _money_goes_back_from_the_conversation(
    met: Met, order: Order, telling: Telling, by: Agent
) -> None:
    """As an agent asks for it beside the conversation: it stands in the store."""
    path = f"/orders/{order.pk}/ask/refund/"
    about = {"conversation": str(telling.conversation.pk)}
    browser = signed_in(by)
    page = browser.get(path, about).content.decode()
    key = page.partition('name="key" value="')[2].partition('"')[0]
    said = {**about, "key": key, "amount": "4.90", "reason": "It was sent too late"}
    assert "4.90" in browser.post(path, said).content.decode()
    assert browser.post(path, {**said, "confirm": "1"}).status_code == 302
    assert run_next_errand() == 1
    errand = Errand.objects.get(what="refund")
    assert (errand.state, errand.conversation) == (Errand.State.DONE, telling.conversation)
    assert refunds_in(met, order.external_id) == [Decimal("4.9")]
    met.deliver(met.post.about("payment.refunded", order.external_id))
    assert order.refunds.get().amount_minor == 490


def _a_coupon_is_taken_at_the_checkout(met: Met, order: Order, telling: Telling, by: Agent) -> None:
    until = timezone.now() + timedelta(days=30)
    given = offer(
        matter(telling.conversation, order), wish(500, remedy="coupon", valid_until=until), by=by
    )
    assert run_next_errand() == 1
    given.refresh_from_db()
    assert given.state == Makegood.State.GIVEN
    cart = shopping.a_cart(met.store, met.goods, met.goods.euros)
    met.store.shop(f"/carts/{cart}/promotions", {"promo_codes": [given.code]})
    placed = shopping.bought(met.store, cart)
    assert Decimal(placed["discount_total"]) == Decimal(5)
    met.deliver(met.post.about("order.placed", placed["id"]))
    given.refresh_from_db()
    assert given.state == Makegood.State.REDEEMED
    assert given.redeemed_with == Order.objects.get(external_id=placed["id"]).ref


def _shipped(order: Order) -> Promise:
    return Promise.objects.get(order=order, kind="shipped")
