"""A draft of the team's: everybody goes on with it, one at a time, and no word gets lost."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import attachment_for, drafts_of
from makegood.conversations.replying import Reply
from makegood.kit.errors import Refused
from makegood.sending.approving import send_prepared
from makegood.sending.models import Prepared
from makegood.sending.preparing import (
    FileChanges,
    Overtaken,
    Wish,
    edit_prepared,
    prepare_answer,
    take_up_writing,
    withdraw_prepared,
)
from makegood.sending.queries import marks_of, prepared_for, shared_drafts, waiting_in
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

State = Prepared.State


@pytest.fixture
def shared(lamp: Conversation, nora: Agent) -> Prepared:
    return prepare_answer(lamp, Reply(text="Dear Ida,"), Wish(state=State.SHARED), by=nora)


def words(prepared: Prepared) -> str:
    draft = Prepared.objects.select_related("draft").get(pk=prepared.pk).draft
    return draft.text if draft else ""


def test_colleagues_see_it_and_its_files(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    file = attach_to_draft(
        save_draft(lamp, "", purpose="reply", by=nora), name="a.txt", content_type="", content=b"a"
    )
    with pytest.raises(Http404):
        attachment_for(tomas, file.pk)
    reply = Reply(text="Dear Ida,", attachments=[file])
    prepared = prepare_answer(lamp, reply, Wish(state=State.SHARED), by=nora)
    assert [one.pk for one in waiting_in(lamp.pk, tomas)] == [prepared.pk]
    assert [one.pk for one in shared_drafts(tomas)] == [prepared.pk]
    assert attachment_for(tomas, file.pk) == file
    assert marks_of([lamp.pk]) == {lamp.pk: "shared"}
    assert drafts_of(lamp, nora) == {}


def test_another_team_sees_nothing_of_it(shared: Prepared, vera: Agent) -> None:
    assert list(shared_drafts(vera)) == []
    with pytest.raises(Http404):
        prepared_for(vera, shared.pk)


def test_who_comes_second_keeps_their_words(shared: Prepared, nora: Agent, tomas: Agent) -> None:
    edit_prepared(shared, "Dear Ida, it left.", revision=1, by=tomas)
    with pytest.raises(Overtaken) as overtaken:
        edit_prepared(shared, "Dear Ida, sorry.", revision=1, by=nora)
    assert overtaken.value.prepared.revision == 2
    assert words(shared) == "Dear Ida, it left."
    edit_prepared(shared, "Dear Ida, sorry, it left.", revision=2, by=nora)
    assert words(shared) == "Dear Ida, sorry, it left."


def test_one_writes_at_a_time_for_a_while(shared: Prepared, nora: Agent, tomas: Agent) -> None:
    take_up_writing(shared, by=tomas)
    with pytest.raises(Refused, match="Tomas is writing"):
        take_up_writing(shared, by=nora)
    with pytest.raises(Refused, match="Tomas is writing"):
        edit_prepared(shared, "Mine", revision=1, by=nora)
    Prepared.objects.update(edited_until=timezone.now() - timedelta(seconds=1))
    take_up_writing(shared, by=nora)
    edit_prepared(shared, "Mine", revision=1, by=nora)
    assert words(shared) == "Mine"


def test_whoever_sends_it_has_said_it(shared: Prepared, tomas: Agent) -> None:
    message = send_prepared(shared, seen=None, by=tomas)
    assert (message.agent, message.text) == (tomas, "Dear Ida,")
    assert send_prepared(shared, seen=None, by=tomas) == message
    assert Message.objects.filter(direction="outgoing").count() == 1


def test_whoever_takes_it_has_it_alone(lamp: Conversation, shared: Prepared, tomas: Agent) -> None:
    withdraw_prepared(shared, by=tomas)
    assert drafts_of(lamp, tomas)["reply"].text == "Dear Ida,"
    assert list(waiting_in(lamp.pk, tomas)) == []
    with pytest.raises(Refused):
        edit_prepared(shared, "Too late", revision=1, by=tomas)


def test_it_goes_along_where_its_conversation_goes(
    lamp: Conversation, shared: Prepared, tomas: Agent
) -> None:
    other = conversation_of(write_form(lamp.inbox, "And the shade?", subject="Shade"))
    join_conversation(lamp, into=other, by=tomas)
    assert [one.pk for one in waiting_in(other.pk, tomas)] == [shared.pk]
    newest = Conversation.objects.get(pk=other.pk).last_message
    assert send_prepared(shared, seen=newest, by=tomas).conversation == other


def test_an_empty_draft_is_not_shared(lamp: Conversation, nora: Agent) -> None:
    with pytest.raises(Refused):
        prepare_answer(lamp, Reply(text="  "), Wish(state=State.SHARED), by=nora)
    assert not Prepared.objects.exists()


def test_a_colleague_puts_files_on_it_and_takes_them_off(
    shared: Prepared, nora: Agent, tomas: Agent
) -> None:
    two = [("a.txt", "text/plain", b"a"), ("b.txt", "text/plain", b"b")]
    now = shared.revision
    edit_prepared(shared, "Dear Ida,", revision=now, changed=FileChanges(on=two), by=tomas)
    assert shared.draft is not None
    first, _second = shared.draft.attachments.order_by("pk")
    assert attachment_for(nora, first.pk) == first
    fresh = Prepared.objects.get(pk=shared.pk)
    with pytest.raises(Overtaken):
        edit_prepared(fresh, "", revision=now, changed=FileChanges(off=[first.pk]), by=nora)
    edit_prepared(fresh, "", revision=now + 1, changed=FileChanges(off=[first.pk]), by=nora)
    assert [one.name for one in shared.draft.attachments.all()] == ["b.txt"]


def test_only_its_own_files_come_off(shared: Prepared, lamp: Conversation, nora: Agent) -> None:
    other = save_draft(lamp, "", purpose="note", by=nora)
    file = attach_to_draft(other, name="a.txt", content_type="", content=b"a")
    changed = FileChanges(off=[file.pk])
    now = shared.revision
    edit_prepared(shared, "Dear Ida,", revision=now, changed=changed, by=nora)
    assert other.attachments.get() == file
