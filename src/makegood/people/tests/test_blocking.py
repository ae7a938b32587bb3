from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from makegood.channels.models import Arrival
from makegood.conversations.intake import take_in_arrival, waiting_arrivals
from makegood.conversations.models import Conversation, Message
from makegood.customers.actions import meet
from makegood.customers.blocking import block_customer, block_handle, blocks_now, unblock
from makegood.customers.models import Customer
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from tests.world import HOUSE, arrive, mail_bytes

EVE = "Eve <eve@example.com>"


@pytest.fixture
def eve(db) -> Customer:
    return meet("email", "eve@example.com", name="Eve", at=timezone.now(), by=HOUSE).customer


def test_what_a_blocked_customer_writes_is_kept_and_disturbs_nobody(eve, mailbox, nora):
    block = block_customer(eve, reason="Threats.", by=nora)
    outcome = arrive(mailbox, mail_bytes("You will see!", sender=EVE))
    assert outcome == block.ref
    assert not Conversation.objects.exists()
    assert Arrival.objects.get().raw, "it is kept as it came"
    (shown,) = blocks_now(timezone.now())
    assert (shown.whom, shown.waiting) == ("Eve", 1)
    assert not Event.objects.filter(kind="message.received").exists()


def test_unblocked_it_comes_in_with_its_own_time(eve, mailbox, nora):
    block = block_customer(eve, reason="Threats.", by=nora)
    arrive(mailbox, mail_bytes("You will see!", sender=EVE))
    assert unblock(block, by=nora) == 1
    for pk in waiting_arrivals():
        take_in_arrival(pk)
    message = Message.objects.get()
    assert message.text.strip() == "You will see!"
    assert message.at == Arrival.objects.get().arrived_at
    assert unblock(block, by=nora) == 0


def test_a_block_on_one_address_leaves_the_others_alone(eve, mailbox, nora):
    block_handle(eve.handles.get(), reason="A list.", by=nora)
    other = arrive(mailbox, mail_bytes("Hello", sender="Ida <ida@example.com>"))
    assert other.startswith("message:")
    assert arrive(mailbox, mail_bytes("Buy!", sender=EVE)).startswith("block:")


def test_a_block_ends_by_itself(eve, mailbox, nora):
    soon = timezone.now() + timedelta(days=7)
    block_customer(eve, reason="Cool down.", until=soon, by=nora)
    with time_machine.travel(soon + timedelta(minutes=1), tick=False):
        assert arrive(mailbox, mail_bytes("Sorry.", sender=EVE)).startswith("message:")
        block_customer(eve, reason="Again.", by=nora)


@pytest.mark.parametrize(
    ("reason", "until"), [("", None), ("Why", timezone.now() - timedelta(days=1))]
)
def test_a_block_needs_a_reason_and_a_time_to_come(eve, nora, reason, until):
    with pytest.raises(Refused):
        block_customer(eve, reason=reason, until=until, by=nora)


def test_nobody_is_blocked_twice(eve, nora):
    block_customer(eve, reason="Threats.", by=nora)
    with pytest.raises(Refused, match="blocked already"):
        block_customer(eve, reason="Threats.", by=nora)
