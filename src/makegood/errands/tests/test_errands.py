"""A shop is asked once, whatever happens on the way; what is at stake is counted from the start."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.authority.actions import BeyondAuthority
from makegood.authority.limits import limits_of
from makegood.authority.queries import taken_for
from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.conversations.models import Conversation
from makegood.errands import doing
from makegood.errands.actions import ask, call_off, settle_by_hand
from makegood.errands.models import Errand
from makegood.errands.stakes import left_to_refund
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Connection, Order
from makegood.team.gates import NotAllowed
from makegood.team.models import Agent, OwnRole
from tests.lamp_shop import LampShop
from tests.ordered import an_order

State = Errand.State


def back(minor: int, **more: Any) -> Wanted:
    return Wanted(what=Ability.REFUND, order_id="#1001", amount_minor=minor, currency="EUR", **more)


def settle(errand: Errand, *, turns: int = 12) -> Errand:
    """Let the worker do what it would do in a day."""
    for _turn in range(turns):
        waiting = Errand.objects.filter(next_at__isnull=False)
        if not waiting.exists():
            break
        waiting.update(next_at=timezone.now() - timedelta(seconds=1), leased_until=None)
        Connection.objects.update(rests_until=None)
        doing.run_next_errand()
    errand.refresh_from_db()
    return errand


@pytest.fixture
def question(chat: Inbox) -> Conversation:
    visitor = admit(chat, "q" * 43)
    say(visitor, Said(client_id="a-question-of-an-order", text="Where is my money?"))
    return Conversation.objects.get(customer=visitor.handle.customer)


def test_a_refund_is_done_once_and_told(
    bought: Order, lamps: LampShop, olga: Agent, question: Conversation
) -> None:
    errand = ask(bought, back(1000), key="k1", conversation=question, by=olga)
    assert ask(bought, back(1000), key="k1", conversation=question, by=olga) == errand
    assert left_to_refund(bought).minor == 1500
    errand = settle(errand)
    assert (errand.state, errand.words) == (State.DONE, "Gladly.")
    assert lamps.times("k1") == 1
    assert taken_for(bought.ref, "EUR") == 1000
    kinds = Event.objects.filter(subjects__ref=question.ref, kind__startswith="errand.")
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        "errand.asked", "errand.done",
    ]  # fmt: skip


def test_the_same_key_with_something_else_is_refused(bought: Order, olga: Agent) -> None:
    ask(bought, back(1000), key="k1", by=olga)
    with pytest.raises(Refused, match="anew"):
        ask(bought, back(900), key="k1", by=olga)


@pytest.mark.parametrize("minor", [0, -5, 2501])
def test_no_more_goes_back_than_came_in(bought: Order, olga: Agent, minor: int) -> None:
    with pytest.raises(Refused):
        ask(bought, back(minor), key="k1", by=olga)
    assert not Errand.objects.exists()


def test_two_refunds_that_wait_are_counted_together(bought: Order, olga: Agent) -> None:
    ask(bought, back(2000), key="k1", by=olga)
    with pytest.raises(Refused, match="5.00"):
        ask(bought, back(600), key="k2", by=olga)


def test_what_is_beyond_their_authority_is_not_asked(bought: Order, nora: Agent) -> None:
    most = limits_of(nora, "EUR").per_case
    assert most is not None
    Order.objects.filter(pk=bought.pk).update(total_minor=most * 3)
    bought.refresh_from_db()
    with pytest.raises(BeyondAuthority):
        ask(bought, back(most + 1), key="k1", by=nora)
    assert not Errand.objects.exists()


def test_who_may_not_is_refused(bought: Order, vera: Agent) -> None:
    vera.own_role = OwnRole.objects.create(name="Readers", permissions=["answer"])
    vera.granted = ["answer"]
    vera.save()
    with pytest.raises(NotAllowed):
        ask(bought, back(1000), key="k1", by=vera)


def test_a_no_gives_the_authority_back(bought: Order, lamps: LampShop, olga: Agent) -> None:
    lamps.does.append("no")
    errand = settle(ask(bought, back(1000), key="k1", by=olga))
    assert errand.state == State.DECLINED
    assert "too old" in errand.words
    assert taken_for(bought.ref, "EUR") == 0
    assert left_to_refund(bought).minor == 2500


def test_a_busy_shop_is_asked_later(bought: Order, lamps: LampShop, olga: Agent) -> None:
    lamps.does.extend(["busy", "busy"])
    errand = ask(bought, back(1000), key="k1", by=olga)
    doing.run_next_errand()
    errand.refresh_from_db()
    assert (errand.state, errand.begun_at) == (State.WAITING, None)
    assert errand.next_at is not None
    assert errand.next_at > timezone.now() + timedelta(seconds=30)
    assert settle(errand).state == State.DONE
    assert lamps.times("k1") == 1


def test_silence_after_the_act_is_looked_into_and_never_repeated(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    lamps.does.append("mute")
    errand = ask(bought, back(1000), key="k1", by=olga)
    doing.run_next_errand()
    errand.refresh_from_db()
    assert errand.state == State.IN_DOUBT
    assert settle(errand).state == State.DONE
    assert (lamps.times("k1"), lamps.looked) == (1, 1)


def test_silence_without_an_act_is_tried_again(bought: Order, lamps: LampShop, olga: Agent) -> None:
    lamps.does.extend(["dead", "dead"])
    assert settle(ask(bought, back(1000), key="k1", by=olga)).state == State.DONE
    assert lamps.times("k1") == 1


def test_a_shop_that_is_silent_for_ever_is_told_of(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    lamps.does.extend(["dead"] * 50)
    errand = settle(ask(bought, back(1000), key="k1", by=olga), turns=40)
    assert errand.state == State.DECLINED
    assert taken_for(bought.ref, "EUR") == 0
    assert lamps.times("k1") == 0


def test_what_was_begun_by_a_process_that_died_is_looked_for(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    errand = ask(bought, back(1000), key="k1", by=olga)
    lamps.asked("k1", {"do": "refund"})  # it did it, and whoever asked was gone before the answer
    Errand.objects.update(state=State.DOING, begun_at=timezone.now())
    assert settle(errand).state == State.DONE
    assert (lamps.times("k1"), lamps.looked) == (1, 1)


def test_what_waits_can_be_called_off_and_what_began_cannot(
    bought: Order, lamps: LampShop, olga: Agent
) -> None:
    errand = ask(bought, back(1000), key="k1", by=olga)
    call_off(errand, by=olga)
    assert settle(errand).state == State.CALLED_OFF
    assert not lamps.journal
    assert taken_for(bought.ref, "EUR") == 0
    begun = settle(ask(bought, back(1000), key="k2", by=olga))
    with pytest.raises(Refused):
        call_off(begun, by=olga)


def test_a_shop_that_cannot_be_asked_leaves_it_to_a_person(olga: Agent) -> None:
    order = an_order()
    Order.objects.filter(pk=order.pk).update(paid=Order.Paid.PAID)
    order.refresh_from_db()
    errand = ask(order, back(1000), key="k1", by=olga)
    assert errand.state == State.BY_HAND
    assert doing.run_next_errand() == 0
    settle_by_hand(errand, is_done=True, words="Done at the till.", by=olga)
    errand.refresh_from_db()
    assert errand.state == State.DONE
    with pytest.raises(Refused):
        settle_by_hand(errand, is_done=False, by=olga)


def test_a_replacement_is_worth_what_its_articles_cost(bought: Order, olga: Agent) -> None:
    wanted = Wanted(what=Ability.REPLACEMENT, order_id="#1001", lines=(("1", 2),))
    errand = ask(bought, wanted, key="k1", by=olga)
    assert (errand.minor, errand.currency) == (2500, "EUR")
    strange = Wanted(what=Ability.REPLACEMENT, order_id="#1001", lines=(("1", 3),))
    with pytest.raises(Refused):
        ask(bought, strange, key="k2", by=olga)
