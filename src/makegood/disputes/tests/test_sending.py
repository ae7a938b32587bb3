from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.actions import add_note
from makegood.disputes.answering import choose_evidence, packet_going, send_evidence
from makegood.disputes.models import Answer, Asked, Dispute
from makegood.disputes.polling import ask_next_provider
from makegood.disputes.sending import can_send, send_next_answer
from makegood.disputes.tests.a_stripe import Stripe, running
from makegood.disputes.tests.samples import stripe_dispute
from makegood.disputes.tests.test_doors import a_way_to
from makegood.disputes.tests.test_packet import IDA, PARCEL
from makegood.disputes.tests.test_taking import an_order
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.shop.models import Connection
from makegood.team.models import Agent

State = Answer.State


@pytest.fixture
def stripe(settings: object) -> Iterator[Stripe]:
    with running() as found:
        settings.NEAR_HOSTS = (found.address.removeprefix("http://"),)  # type: ignore[attr-defined]
        found.disputes["du_1Lantern"] = stripe_dispute()
        yield found


@pytest.fixture
def way(stripe: Stripe, form: Inbox) -> Connection:
    an_order(shipments=(PARCEL,), buyer=IDA)
    return a_way_to("stripe", stripe.address, signing="whsec_x", key="rk_x")


@pytest.fixture
def answer(way: Connection, tomas: Agent) -> Answer:
    """Nobody told of it: it was asked after, gone over, and confirmed."""
    ask_next_provider()
    dispute = Dispute.objects.get()
    choose_evidence(dispute, {"parcel:s1", "order", "customer"}, "It came.", by=tomas)
    dispute.refresh_from_db()
    assert can_send(dispute)
    digest = packet_going(dispute, tomas).digest
    return send_evidence(dispute, digest=digest, is_by_hand=False, by=tomas)


def _now(answer: Answer) -> Answer:
    """Its time has come."""
    Answer.objects.filter(pk=answer.pk).update(next_try_at=timezone.now() - timedelta(seconds=1))
    send_next_answer()
    answer.refresh_from_db()
    return answer


def test_a_dispute_that_nobody_told_of_is_found_by_asking(way: Connection) -> None:
    assert ask_next_provider() == 1
    dispute = Dispute.objects.get()
    assert (dispute.connection, dispute.order is not None) == (way, True)
    assert ask_next_provider() == 0
    Asked.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    ask_next_provider()
    assert not Event.objects.filter(kind="dispute.changed").exists()


def test_the_evidence_reaches_the_bank_once(answer: Answer, stripe: Stripe) -> None:
    assert _now(answer).state == State.DONE
    send_next_answer()
    (fields,) = stripe.submitted
    assert fields["evidence[shipping_tracking_number]"] == "00340434161094"
    assert fields["evidence[shipping_carrier]"] == "DHL"
    assert fields["evidence[customer_name]"] == "Ida Berg"
    assert fields["evidence[uncategorized_text]"].startswith("It came.")
    assert fields["submit"] == "true"
    assert Dispute.objects.get().state == Dispute.State.ANSWERED
    assert Event.objects.filter(kind="dispute.sent").count() == 1


def test_pressed_twice_it_is_one_answer(answer: Answer, tomas: Agent) -> None:
    again = send_evidence(answer.dispute, digest="other", is_by_hand=False, by=tomas)
    assert again == answer


def test_an_answer_of_which_nothing_is_known_is_looked_up_and_not_sent_again(
    answer: Answer, stripe: Stripe
) -> None:
    stripe.says = ["silence after"]
    assert _now(answer).state == State.IN_DOUBT
    assert Event.objects.filter(kind="dispute.in_doubt").count() == 1
    assert _now(answer).state == State.DONE
    assert len(stripe.submitted) == 1


def test_what_did_not_arrive_goes_again_under_its_key(answer: Answer, stripe: Stripe) -> None:
    stripe.says = ["silence", "silence"]
    assert _now(answer).state == State.IN_DOUBT
    assert _now(answer).state == State.IN_DOUBT
    assert _now(answer).state == State.DONE
    assert len(stripe.submitted) == 1
    assert Event.objects.filter(kind="dispute.in_doubt").count() == 1


def test_whoever_was_killed_while_sending_is_followed_by_a_look(
    answer: Answer, stripe: Stripe
) -> None:
    Answer.objects.update(state=State.DOING)
    stripe.post("du_1Lantern", {}, answer.key)
    assert _now(answer).state == State.DONE
    assert len(stripe.submitted) == 1


def test_who_is_asked_to_wait_waits(answer: Answer, stripe: Stripe) -> None:
    stripe.says = ["busy"]
    assert _now(answer).state == State.WAITING
    assert _now(answer).state == State.DONE


def test_a_no_is_said_in_the_banks_words_and_leaves_it_open(
    answer: Answer, stripe: Stripe, tomas: Agent
) -> None:
    stripe.says = ["no"]
    assert _now(answer).state == State.DECLINED
    assert "already closed" in answer.trouble
    dispute = Dispute.objects.get()
    assert dispute.state == Dispute.State.NEEDS_ANSWER
    digest = packet_going(dispute, tomas).digest
    assert send_evidence(dispute, digest=digest, is_by_hand=False, by=tomas) != answer


def test_no_note_is_ever_sent(answer: Answer, stripe: Stripe, nora: Agent) -> None:
    conversation = answer.dispute.conversation
    assert conversation is not None
    add_note(conversation, "canary", by=nora)
    _now(answer)
    assert "canary" not in repr(stripe.submitted)


def test_the_order_is_found_by_what_stands_beside_the_payment(
    way: Connection, stripe: Stripe
) -> None:
    stripe.disputes["du_1Lantern"] |= {"charge": "ch_else", "payment_intent": None, "evidence": {}}
    stripe.charges["ch_else"] = {"id": "ch_else", "metadata": {"order_number": "#1001"}}
    ask_next_provider()
    dispute = Dispute.objects.get()
    assert dispute.order is not None
    assert dispute.conversation is not None


def test_without_a_key_nothing_is_asked_and_it_goes_by_hand(
    stripe: Stripe, form: Inbox, tomas: Agent
) -> None:
    way = a_way_to("stripe", stripe.address, signing="whsec_x")
    assert ask_next_provider() == 0
    dispute = Dispute(provider="stripe", connection=way)
    assert not can_send(dispute)
    with pytest.raises(Refused):
        evidence_of_nothing(tomas, way)


def evidence_of_nothing(tomas: Agent, way: Connection) -> None:
    now = timezone.now()
    dispute = Dispute.objects.create(
        provider="stripe", external_id="du_9", connection=way, amount_minor=1, currency="EUR",
        reason="other", reason_word="general", stage="claim", state="needs_answer",
        status_word="needs_response", opened_at=now, told_at=now, told="", statement="Look.",
    )  # fmt: skip
    digest = packet_going(dispute, tomas).digest
    send_evidence(dispute, digest=digest, is_by_hand=False, by=tomas)
