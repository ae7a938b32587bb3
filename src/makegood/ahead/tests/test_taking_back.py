"""What waits for the morning: it is in no chat, and taken back where its cause went away."""

from datetime import timedelta

import pytest

from makegood.ahead.models import Slip, Telling
from makegood.ahead.telling import Letter, tell
from makegood.ahead.tests.test_first_to_tell import LETTER, at, kinds, look, news, silent
from makegood.channels.models import Delivery, Inbox
from makegood.chat.actions import Said, admit, say
from makegood.concerns.actions import attach_order
from makegood.conversations.models import Conversation
from makegood.customers.actions import meet
from makegood.promises.models import Promise
from makegood.shop.models import Order, Variant
from tests.ordered import a_product, an_order
from tests.parcelled import DAY, MONDAY, SHOP, parcel, stated

pytestmark = pytest.mark.django_db
NIGHT = 7.6
"""About midnight in Berlin."""


def told_at_night(olga, letter: Letter = LETTER) -> Telling:
    stated(olga)
    slip = silent()
    with at(NIGHT):
        return tell(slip, letter, by=olga)


def scanned(days: float) -> None:
    """Somebody scans it again."""
    last = ("in_transit", MONDAY + days * DAY)
    news(days, parcel(("picked_up", MONDAY + DAY), last), external_id="1", number="#1")


def test_what_waits_is_taken_back_where_its_cause_went_away(olga, mailbox):
    one = told_at_night(olga, Letter(texts=LETTER.texts, day=(MONDAY + 9 * DAY).date()))
    scanned(7.65)
    look(7.7)
    look(7.75)
    one.refresh_from_db()
    assert one.taken_back_at is not None
    assert Delivery.objects.get(about=one.message.ref).state == "cancelled"
    assert one.message.delivery_state == "cancelled"
    assert Promise.objects.get(conversation=one.conversation).settled_at is not None
    assert Slip.objects.get(cause="scan_silence").state == "closed"
    assert kinds().count("slip.taken_back") == 1


def test_what_was_taken_back_may_be_told_anew(olga, mailbox):
    first = told_at_night(olga)
    scanned(7.65)
    look(7.7)
    assert look(13)["scan_silence"] == "found"
    with at(13.1):
        again = tell(Slip.objects.get(cause="scan_silence"), LETTER, by=olga)
    assert again.message != first.message
    assert Delivery.objects.get(about=again.message.ref).state == "queued"


def test_what_has_left_is_taken_back_no_more(olga, mailbox):
    one = told_at_night(olga)
    Delivery.objects.update(state="sent", settled_at=MONDAY + 8 * DAY)
    scanned(8)
    look(8.1)
    one.refresh_from_db()
    assert one.taken_back_at is None
    assert Slip.objects.get(cause="scan_silence").state == "told"


def test_while_the_cause_holds_the_letter_waits(olga, mailbox):
    one = told_at_night(olga)
    look(7.7)
    assert Delivery.objects.get(about=one.message.ref).state == "queued"


@pytest.fixture
def spoken(chat: Inbox) -> Conversation:
    visitor = admit(chat, "a" * 43)
    said = say(visitor, Said(text="Where is it?", client_id="word-1-of-aaaaaaaaa"))
    return said.conversation


@pytest.mark.parametrize(("days", "is_there"), [(7.1, True), (NIGHT, False)])
def test_at_night_nothing_is_said_in_a_chat(olga, spoken, days, is_there):
    stated(olga)
    slip = silent()
    handle = meet("email", "ann@example.com", name="Ann", at=MONDAY, by=SHOP)
    Conversation.objects.filter(pk=spoken.pk).update(customer=handle.customer)
    attach_order(Conversation.objects.get(pk=spoken.pk), slip.order, by=olga)
    letter = Letter(texts=LETTER.texts, chosen=frozenset([slip.pk]))
    with at(days):
        one = tell(slip, letter, by=olga)
    assert (one.conversation == spoken) is is_there
    if not is_there:
        waits = Delivery.objects.get(about=one.message.ref).send_after - one.at
        assert waits > timedelta(hours=6)


def test_of_what_was_oversold_the_newest_orders_are_without(olga):
    orders = [an_order(f"#10{n}") for n in range(3)]
    for n, order in enumerate(orders):
        Order.objects.filter(pk=order.pk).update(placed_at=MONDAY + n * DAY)
    a_product(stock=0)
    assert look(4) == {}
    Variant.objects.filter(sku="L-1").update(stock=-3)
    look(4.1)
    found = Slip.objects.filter(cause="stock_gone").order_by("order__placed_at")
    assert [slip.order for slip in found] == orders[1:]
    assert {slip.state for slip in found} == {"found"}
