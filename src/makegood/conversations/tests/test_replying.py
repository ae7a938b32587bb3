from typing import Any

import pytest

from makegood.channels.models import Delivery
from makegood.conversations.actions import (
    add_note,
    assign_conversation,
    resolve_conversation,
    tag_conversation,
)
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import conversation_for, timeline_of
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from tests.world import write_form


def test_a_form_begins_a_conversation_that_waits(lamp: Conversation) -> None:
    assert lamp.turn == Conversation.Turn.OURS
    assert lamp.customer.name == "Ida Berg"
    assert lamp.preview.startswith("Where is my lamp?")
    told = [event.sentence() for event in Event.objects.about(lamp.ref).in_order()]
    assert told == ["A conversation began: Refers to nothing that we know", "Ida Berg wrote"]


def test_a_reply_ends_the_wait_and_stands_in_the_outbox(lamp: Conversation, nora: Any) -> None:
    message = reply_to(lamp, Reply(text="It left on Friday."), by=nora)
    lamp.refresh_from_db()
    assert lamp.turn == Conversation.Turn.THEIRS
    assert lamp.assignee == nora
    delivery = Delivery.objects.get(about=message.ref)
    assert delivery.outgoing["to"] == [{"address": "ida@example.com", "name": "Ida Berg"}]
    assert delivery.key == message.external_id
    assert delivery.outgoing["reply_to"].startswith("hello+r.")


def test_a_reply_pressed_twice_is_said_once(lamp: Conversation, nora: Any) -> None:
    first = reply_to(lamp, Reply(text="On its way.", client_key="k1"), by=nora)
    again = reply_to(lamp, Reply(text="On its way.", client_key="k1"), by=nora)
    assert first.pk == again.pk
    assert Delivery.objects.count() == 1


def test_a_reply_is_refused_when_something_newer_was_said(
    lamp: Conversation, form: Any, nora: Any
) -> None:
    seen = lamp.last_incoming
    token = _link(lamp)
    write_form(form, "I found it!", token=token)
    with pytest.raises(SomethingNewer) as refused:
        reply_to(lamp, Reply(text="We are looking.", seen=seen), by=nora)
    assert [message.text for message in refused.value.unseen] == ["I found it!"]
    assert reply_to(lamp, Reply(text="We are looking.", seen=None), by=nora).pk


def test_a_colleagues_newer_answer_is_read_first_and_ones_own_is_not_news(
    lamp: Conversation, nora: Any, tomas: Any
) -> None:
    seen = lamp.last_message
    reply_to(lamp, Reply(text="It left on Friday.", seen=seen), by=tomas)
    with pytest.raises(SomethingNewer):
        reply_to(lamp, Reply(text="It is here.", seen=seen), by=nora)
    assert reply_to(lamp, Reply(text="And a label.", seen=seen), by=tomas).pk


def test_only_files_of_ones_own_draft_go_out(lamp: Conversation, nora: Any, tomas: Any) -> None:
    theirs = attach_to_draft(
        save_draft(lamp, "", purpose="reply", by=tomas),
        name="../secret.txt",
        content_type="text/plain",
        content=b"x",
    )
    assert theirs.name == "secret.txt"
    message = reply_to(lamp, Reply(text="Here.", attachments=[theirs]), by=nora)
    assert not message.attachments.exists()
    assert theirs.draft is not None


def _link(conversation: Conversation) -> str:
    from makegood.conversations.models import Token  # only this test makes a link by hand
    from makegood.conversations.tokens import make_token

    handle = conversation.participants.get().handle
    return make_token(conversation, handle, Token.Purpose.LINK)


def test_an_empty_reply_is_refused(lamp: Conversation, nora: Any) -> None:
    with pytest.raises(Refused):
        reply_to(lamp, Reply(text="  \n"), by=nora)
    assert not Delivery.objects.exists()


def test_a_note_never_reaches_the_outbox(lamp: Conversation, nora: Any) -> None:
    add_note(lamp, "She is upset; be kind.", by=nora)
    assert not Delivery.objects.exists()
    lamp.refresh_from_db()
    assert lamp.turn == Conversation.Turn.OURS
    assert [entry.kind for entry in timeline_of(lamp)].count("note") == 1


def test_the_customers_answer_reopens_what_was_resolved(
    lamp: Conversation, form: Any, nora: Any
) -> None:
    reply_to(lamp, Reply(text="Done."), by=nora)
    resolve_conversation(lamp, by=nora)
    write_form(form, "Not quite.", token=_link(lamp))
    lamp.refresh_from_db()
    assert lamp.status == Conversation.Status.OPEN
    assert lamp.is_waiting()


def test_another_teams_agent_gets_the_same_as_for_nothing(
    lamp: Conversation, nora: Any, vera: Any
) -> None:
    from django.http import Http404  # the refusal of every gate

    assert conversation_for(nora, lamp.pk) == lamp
    with pytest.raises(Http404):
        conversation_for(vera, lamp.pk)
    with pytest.raises(Http404):
        conversation_for(vera, 999_999)


def test_tags_and_assignment_are_told(lamp: Conversation, nora: Any, front: Any) -> None:
    tag_conversation(lamp, ["Late", "#parcel"], by=nora)
    assign_conversation(lamp, agent=nora, team=front, by=nora)
    assign_conversation(lamp, agent=nora, team=front, by=nora)
    told = [event.sentence() for event in Event.objects.about(lamp.ref).in_order()]
    assert told[-2:] == ["Nora changed the tags: +late +parcel", "Nora assigned this to Nora"]


@pytest.mark.parametrize("is_left_free", [False, True])
def test_who_answers_takes_it_unless_the_inbox_leaves_it_free(
    is_left_free: bool, lamp: Any, mailbox: Any, nora: Any
) -> None:
    mailbox.settings = {**mailbox.settings, "leaves_free": is_left_free}
    mailbox.save()
    reply_to(lamp, Reply(text="It left on Friday."), by=nora)
    lamp.refresh_from_db()
    assert lamp.assignee == (None if is_left_free else nora)
