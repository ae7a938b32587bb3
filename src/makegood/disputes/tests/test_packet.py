from datetime import timedelta

import pytest

from makegood.channels.models import Inbox
from makegood.conversations.actions import add_note
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.disputes import checklist
from makegood.disputes.answering import (
    choose_evidence,
    let_go,
    packet_going,
    send_evidence,
    take_up_again,
)
from makegood.disputes.checklist import Kind
from makegood.disputes.models import Answer, Dispute, Reason
from makegood.disputes.packet import Packet, packet_of
from makegood.disputes.tests.samples import NOW, stripe_dispute, stripe_event
from makegood.disputes.tests.test_taking import an_order, created, take
from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.ledger.models import Event
from makegood.makegoods.actions import Matter, give, offer
from makegood.makegoods.actions import Wish as MakeWish
from makegood.people.forgetting import forget_customer
from makegood.redaction.actions import Wish, redact
from makegood.shop.models import Scan
from makegood.shop.seen import Buyer, RefundSeen, ScanSeen, ShipmentSeen
from makegood.team.models import Agent

SCANS = (
    ScanSeen(kind="picked_up", at=NOW + timedelta(days=1), place="Leipzig"),
    ScanSeen(kind="delivered", at=NOW + timedelta(days=2), place="Berlin"),
)
PARCEL = ShipmentSeen(
    external_id="s1", carrier="DHL", tracking="00340434161094", label_at=NOW, scans=SCANS
)
IDA = Buyer(email="ida@example.com", name="Ida Berg", address="Lampenweg 3, 10115 Berlin")


@pytest.fixture
def disputed(lamp: Conversation) -> Dispute:
    an_order(shipments=(PARCEL,), buyer=IDA)
    take(created())
    return Dispute.objects.get()


def _says(packet: Packet) -> str:
    return "\n".join(
        [one.title + one.text + "".join(f"{a}: {b}\n" for a, b in one.rows) for one in packet.going]
    )


def test_what_counts_most_comes_first_and_is_there(disputed: Dispute, tomas: Agent) -> None:
    packet = packet_of(disputed, tomas)
    assert packet.lines[0].kind == Kind.DELIVERY
    assert packet.missing == []
    says = _says(packet)
    for words in ("00340434161094", "delivered", "Berlin", "Lampenweg 3", "Where is my lamp?"):
        assert words in says
    assert "Delivered where it was sent to" in says
    assert "the same" in says


def test_without_a_scan_of_delivery_that_is_said(lamp: Conversation, tomas: Agent) -> None:
    an_order(buyer=IDA)
    take(created())
    packet = packet_of(Dispute.objects.get(), tomas)
    assert [one.kind for one in packet.missing] == [Kind.DELIVERY]


def test_a_note_never_reaches_the_packet(disputed: Dispute, lamp: Conversation, nora: Agent,
                                         tomas: Agent) -> None:  # fmt: skip
    assert disputed.conversation is not None
    for one in (lamp, disputed.conversation):
        add_note(one, "She is lying, I think: canary", by=nora)
    packet = packet_of(disputed, tomas)
    assert "canary" not in repr(packet)
    assert "Where is my lamp?" in repr(packet)


def test_what_goes_is_what_a_person_picked(disputed: Dispute, tomas: Agent) -> None:
    choose_evidence(disputed, {"order", "parcel:s1"}, "It was delivered on Friday.", by=tomas)
    disputed.refresh_from_db()
    packet = packet_of(disputed, tomas)
    assert [one.name for one in packet.going] == ["parcel:s1", "order"]
    assert disputed.statement == "It was delivered on Friday."


def test_answers_of_ours_are_part_of_what_was_said(
    disputed: Dispute, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    reply_to(lamp, Reply(text="It lies with your neighbour."), by=nora)
    assert "It lies with your neighbour." in _says(packet_of(disputed, tomas))


def test_who_may_not_see_a_conversation_sees_nothing_of_it_in_the_packet(
    disputed: Dispute, vera: Agent
) -> None:
    assert "Where is my lamp?" not in repr(packet_of(disputed, vera))


def test_redacted_words_are_gone_from_the_packet(
    disputed: Dispute, lamp: Conversation, tomas: Agent
) -> None:
    choose_evidence(disputed, {f"message:{lamp.messages.get().pk}"}, "Due on Friday.", by=tomas)
    assert "Friday" in repr(packet_of(disputed, tomas).going)
    redact(lamp, Wish(words="Friday", reason="A test"), by=tomas)
    disputed.refresh_from_db()
    assert "Friday" not in repr(packet_of(disputed, tomas).going)


def test_it_goes_once_as_it_was_confirmed(disputed: Dispute, tomas: Agent) -> None:
    digest = packet_going(disputed, tomas).digest
    answer = send_evidence(disputed, digest=digest, is_by_hand=True, by=tomas)
    assert answer.state == Answer.State.DONE
    disputed.refresh_from_db()
    assert disputed.state == Dispute.State.ANSWERED
    assert Event.objects.filter(kind="dispute.sent").count() == 1


def test_what_changed_since_the_look_does_not_go(
    disputed: Dispute, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    digest = packet_going(disputed, tomas).digest
    reply_to(lamp, Reply(text="Wait."), by=nora)
    with pytest.raises(Refused, match="Something changed"):
        send_evidence(disputed, digest=digest, is_by_hand=True, by=tomas)


def test_the_provider_has_the_last_word_on_what_was_sent_by_hand(
    disputed: Dispute, tomas: Agent
) -> None:
    digest = packet_going(disputed, tomas).digest
    send_evidence(disputed, digest=digest, is_by_hand=True, by=tomas)
    take(stripe_event("charge.dispute.updated", stripe_dispute(metadata={"a": "b"}), hours=2))
    disputed.refresh_from_db()
    assert disputed.state == Dispute.State.ANSWERED  # it says nothing new
    found = stripe_dispute(evidence_details={"due_by": int(NOW.timestamp()) + 999_999})
    take(stripe_event("charge.dispute.updated", found, hours=3))
    disputed.refresh_from_db()
    assert disputed.state == Dispute.State.NEEDS_ANSWER


def test_only_who_may_answers(disputed: Dispute, nora: Agent) -> None:
    with pytest.raises(Refused):
        choose_evidence(disputed, set(), "", by=nora)
    with pytest.raises(Refused):
        send_evidence(disputed, digest="", is_by_hand=True, by=nora)
    with pytest.raises(Refused):
        let_go(disputed, by=nora)


def test_what_is_let_go_is_lost_on_purpose(disputed: Dispute, tomas: Agent) -> None:
    let_go(disputed, by=tomas)
    take(stripe_event("charge.dispute.closed", stripe_dispute(status="lost"), hours=300))
    disputed.refresh_from_db()
    assert disputed.state == Dispute.State.ACCEPTED
    with pytest.raises(Refused):
        take_up_again(disputed, by=tomas)


def test_it_can_be_taken_up_again_until_it_is_over(disputed: Dispute, tomas: Agent) -> None:
    let_go(disputed, by=tomas)
    take_up_again(disputed, by=tomas)
    disputed.refresh_from_db()
    assert disputed.accepted_by is None


def test_refunds_speak_where_they_are_asked_for(lamp: Conversation, tomas: Agent) -> None:
    refund = RefundSeen(external_id="re_77", amount_minor=8400, currency="EUR", at=NOW)
    an_order(refunds=(refund,))
    take(created(reason="credit_not_processed"))
    packet = packet_of(Dispute.objects.get(), tomas)
    assert packet.lines[0].kind == Kind.REFUNDS
    assert "re_77" in _says(packet)


def test_earlier_orders_count_only_where_they_are_old_enough(form: Inbox, tomas: Agent) -> None:
    for number, days in (("#900", 200), ("#950", 20)):
        at = NOW - timedelta(days=days)
        an_order(number, f"ch_{number}", placed_at=at, told_at=at, standing="completed")
    an_order()
    take(created(reason="fraudulent"))
    says = _says(packet_of(Dispute.objects.get(), tomas))
    assert "#900" in says
    assert "#950" not in says


def test_every_reason_has_its_checklist() -> None:
    for reason in Reason:
        lines = checklist.asked_for(reason)
        assert lines
        assert len({one.kind for one in lines}) == len(lines)


def test_a_forgotten_customer_leaves_the_sum_alone(disputed: Dispute, tomas: Agent) -> None:
    assert disputed.conversation is not None
    choose_evidence(disputed, {"order"}, "Ida has it.", by=tomas)
    forget_customer(disputed.conversation.customer, by=tomas)
    disputed.refresh_from_db()
    assert (disputed.email, disputed.name, disputed.statement) == ("", "", "")
    assert disputed.amount_minor == 8400
    assert Scan.objects.exists()


def test_what_was_given_and_what_the_carrier_said_speak_for_us(
    disputed: Dispute, nora: Agent, tomas: Agent
) -> None:
    order = disputed.order
    assert order is not None
    wish = MakeWish(
        failure="late", remedy="coupon", face=Money(200, order.currency), client_key="k",
        why="To us only.",
    )  # fmt: skip
    makegood = offer(Matter(conversation=None, order=order), wish, by=nora)
    assert "make up" not in _says(packet_of(disputed, tomas)), "it is only wanted yet"
    give(makegood, code="SORRY-2", by=nora)
    choose_evidence(disputed, {"makegoods"}, "", by=tomas)
    says = _says(packet_of(disputed, tomas))
    assert "Given to make up for it" in says
    assert "SORRY-2" in says
    assert "To us only." not in says
