"""Undo send: in time it was never said, and its words are typed again; too late it has left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.channels.actions import settle_delivery
from makegood.channels.email.outbox import lease_next
from makegood.channels.models import Delivery, Inbox
from makegood.conversations.actions import assign_conversation
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.merging import join_conversation, split_conversation
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.queries import drafts_of, timeline_of
from makegood.conversations.replying import Reply
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.sending.answering import After, keep_what_is_typed, send_answer, undo_seconds
from makegood.sending.models import Held, Then
from makegood.sending.undoing import TooLate, take_back
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

WORDS = "It left on Friday.\n\n**Tracking** follows."


def fresh(lamp: Conversation) -> Conversation:
    return Conversation.objects.get(pk=lamp.pk)


def said(lamp: Conversation, nora: Agent, then: str = Then.STAY, client_key: str = "") -> Message:
    return send_answer(
        lamp, Reply(text=WORDS, client_key=client_key), after=After(then=then), by=nora
    )


def test_an_answer_waits_ten_seconds_in_the_outbox(lamp: Conversation, nora: Agent) -> None:
    before = timezone.now()
    message = said(lamp, nora)
    delivery = Delivery.objects.get(about=message.ref)
    assert delivery.state == "queued"
    assert timedelta(seconds=10) <= delivery.send_after - before < timedelta(seconds=12)
    assert lease_next(timezone.now()) is None
    assert lease_next(delivery.send_after) == delivery


@pytest.mark.parametrize(("chosen", "waits"), [(0, 0), (5, 5), (30, 30), (7, 10), (None, 10)])
def test_each_inbox_says_how_long(mailbox: Inbox, chosen: int | None, waits: int) -> None:
    mailbox.settings = mailbox.settings | {"undo_seconds": chosen}
    assert undo_seconds(mailbox) == waits


def test_without_a_pause_nothing_is_held(lamp: Conversation, nora: Agent, mailbox: Inbox) -> None:
    Inbox.objects.filter(pk=mailbox.pk).update(settings=mailbox.settings | {"undo_seconds": 0})
    message = said(lamp, nora)
    assert not Held.objects.exists()
    assert Delivery.objects.get(about=message.ref).send_after <= timezone.now()


def test_taken_back_it_was_never_said(lamp: Conversation, nora: Agent) -> None:
    before = Conversation.objects.filter(pk=lamp.pk).values().get()
    message = said(lamp, nora)
    take_back(lamp, message.pk, by=nora)
    assert not Message.objects.filter(pk=message.pk).exists()
    assert Conversation.objects.filter(pk=lamp.pk).values().get() == before
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.outgoing) == ("cancelled", {})
    assert lease_next(timezone.now() + timedelta(days=1)) is None


def test_its_words_and_files_are_the_draft_again(lamp: Conversation, nora: Agent) -> None:
    draft = save_draft(lamp, WORDS, purpose="reply", by=nora)
    file = attach_to_draft(draft, name="label.txt", content_type="text/plain", content=b"1Z")
    message = send_answer(lamp, Reply(text=WORDS, attachments=[file]), by=nora)
    assert drafts_of(lamp, nora) == {}
    take_back(lamp, message.pk, by=nora)
    kept = drafts_of(lamp, nora)["reply"]
    assert kept.text == WORDS
    assert [one.name for one in kept.attachments.all()] == ["label.txt"]


def test_what_was_typed_since_stands_below(lamp: Conversation, nora: Agent) -> None:
    message = said(lamp, nora)
    save_draft(lamp, "And one more thing.", purpose="reply", by=nora)
    take_back(lamp, message.pk, by=nora)
    assert drafts_of(lamp, nora)["reply"].text == f"{WORDS}\n\nAnd one more thing."


def test_the_resolve_goes_with_it(lamp: Conversation, nora: Agent) -> None:
    message = said(lamp, nora, then=Then.RESOLVE)
    assert fresh(lamp).status == Conversation.Status.RESOLVED
    take_back(lamp, message.pk, by=nora)
    assert (fresh(lamp).status, fresh(lamp).resolved_at) == ("open", None)


def test_what_others_did_meanwhile_stays(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    message = said(lamp, nora, then=Then.RESOLVE)
    assign_conversation(lamp, agent=tomas, team=None, by=tomas)
    write_form(lamp.inbox, "Hello again?", email="eva@example.com")
    take_back(lamp, message.pk, by=nora)
    assert fresh(lamp).assignee == tomas
    assert fresh(lamp).status == "open"


def test_the_ledger_tells_it(lamp: Conversation, nora: Agent) -> None:
    take_back(lamp, said(lamp, nora).pk, by=nora)
    told = [entry.event.kind for entry in timeline_of(fresh(lamp)) if entry.event]
    assert "message.taken_back" in told
    assert Event.objects.filter(kind="conversation.replied").count() == 1


def test_taken_back_twice_is_once(lamp: Conversation, nora: Agent) -> None:
    message = said(lamp, nora)
    take_back(lamp, message.pk, by=nora)
    save_draft(lamp, "Better words.", purpose="reply", by=nora)
    take_back(lamp, message.pk, by=nora)
    assert drafts_of(lamp, nora)["reply"].text == "Better words."
    assert Event.objects.filter(kind="message.taken_back").count() == 1


def test_only_its_writer_takes_it_back(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    message = said(lamp, nora)
    with pytest.raises(TooLate):
        take_back(lamp, message.pk, by=tomas)
    assert Delivery.objects.get().state == "queued"


@pytest.mark.parametrize("state", ["sent", "failed", "in doubt"])
def test_what_left_cannot_be_taken_back(lamp: Conversation, nora: Agent, state: str) -> None:
    message = said(lamp, nora)
    delivery = lease_next(timezone.now() + timedelta(minutes=1))
    assert delivery
    settle_delivery(delivery, state=state, fence=delivery.fence)
    with pytest.raises(TooLate):
        take_back(lamp, message.pk, by=nora)
    assert Message.objects.filter(pk=message.pk).exists()
    assert not Held.objects.exists()
    assert not Draft.objects.exists()


def test_what_is_leaving_cannot_be_taken_back(lamp: Conversation, nora: Agent) -> None:
    message = said(lamp, nora)
    Delivery.objects.update(state="sending")
    with pytest.raises(TooLate):
        take_back(lamp, message.pk, by=nora)
    assert Message.objects.filter(pk=message.pk).exists()


def test_a_request_that_comes_late_does_not_send_it(lamp: Conversation, nora: Agent) -> None:
    message = said(lamp, nora, client_key="k1")
    take_back(lamp, message.pk, by=nora)
    with pytest.raises(Refused):
        said(lamp, nora, client_key="k1")
    assert said(lamp, nora, client_key="k2").pk


def test_pressed_twice_it_is_held_once(lamp: Conversation, nora: Agent) -> None:
    first = said(lamp, nora, client_key="k1", then=Then.RESOLVE)
    assert said(lamp, nora, client_key="k1", then=Then.RESOLVE) == first
    assert Held.objects.count() == Delivery.objects.count() == 1


def test_a_late_save_is_no_new_draft(lamp: Conversation, nora: Agent) -> None:
    message = said(lamp, nora, client_key="k1")
    assert not keep_what_is_typed(lamp, WORDS, purpose="reply", client_key="k1", by=nora)
    take_back(lamp, message.pk, by=nora)
    assert not keep_what_is_typed(lamp, "It", purpose="reply", client_key="k1", by=nora)
    assert drafts_of(lamp, nora)["reply"].text == WORDS


def test_let_rest_after_the_answer(lamp: Conversation, nora: Agent) -> None:
    until = timezone.now() + timedelta(days=1)
    after = After(then=Then.SNOOZE, until=until)
    message = send_answer(lamp, Reply(text=WORDS), after=after, by=nora)
    assert fresh(lamp).snoozed_until == until
    take_back(lamp, message.pk, by=nora)
    assert (fresh(lamp).status, fresh(lamp).snoozed_until) == ("open", None)


def test_taken_back_after_a_join_the_other_stands_as_it_did(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    other = conversation_of(write_form(lamp.inbox, "And the shade?", subject="Shade"))
    message = said(lamp, nora, then=Then.RESOLVE)
    stood = (
        Conversation.objects.filter(pk=other.pk).values("last_message", "preview", "status").get()
    )
    join_conversation(lamp, into=other, by=tomas)
    take_back(fresh(other), message.pk, by=nora)
    now = Conversation.objects.filter(pk=other.pk).values("last_message", "preview", "status").get()
    assert now == stood
    assert drafts_of(fresh(other), nora)["reply"].text == WORDS


def test_taken_back_after_a_split_from_either_page(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    message = said(lamp, nora)
    split = split_conversation(message, by=tomas)
    take_back(fresh(lamp), message.pk, by=nora)
    assert drafts_of(split, nora)["reply"].text == WORDS
    assert Delivery.objects.get().state == "cancelled"
