"""Somebody leaves: what was theirs goes to another, and none of it is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.actions import assign_conversation
from makegood.conversations.drafting import save_draft
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply
from makegood.handover.actions import close_account, open_account_again
from makegood.handover.models import Handover
from makegood.handover.queries import what_is_theirs
from makegood.handover.working import hand_next_over, hand_over
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.notices.following import follow, follows
from makegood.sending.models import Prepared
from makegood.sending.preparing import Wish, prepare_answer
from makegood.team.models import Agent, Team
from tests.world import HOUSE, conversation_of, write_form


@pytest.fixture
def hers(lamp: Conversation, nora: Agent, front: Team) -> Conversation:
    """The lamp is Nora's: she follows it, and has an answer for tomorrow."""
    assign_conversation(lamp, agent=nora, team=front, by=nora)
    follow(lamp, by=nora)
    tomorrow = Wish(state="later", due_at=timezone.now() + timedelta(days=1))
    prepare_answer(lamp, Reply(text="It left."), tomorrow, by=nora)
    return lamp


def leave(agent: Agent, to: Agent | None, by: Agent) -> Handover:
    handover = close_account(agent, to=to, by=by)
    hand_over(handover.pk)
    handover.refresh_from_db()
    return handover


def test_it_is_counted_before_anything_moves(
    hers: Conversation, nora: Agent, vera: Agent, tomas: Agent
) -> None:
    found = what_is_theirs(nora, vera)
    assert (found.open, found.snoozed, found.answers, found.drafts, found.follows) == (
        1,
        0,
        1,
        0,
        1,
    )
    assert found.unseen == 1
    assert what_is_theirs(nora, tomas).unseen == 0
    assert not what_is_theirs(vera)


def test_everything_goes_to_whoever_takes_over(
    hers: Conversation, nora: Agent, tomas: Agent, front: Team, olga: Agent
) -> None:
    handover = leave(nora, tomas, olga)
    hers.refresh_from_db()
    assert (hers.assignee, hers.team) == (tomas, front)
    assert follows(tomas, hers)
    assert not follows(nora, hers)
    prepared = Prepared.objects.get()
    assert (prepared.state, prepared.agent, prepared.due_at) == ("shared", tomas, None)
    assert prepared.draft is not None
    assert prepared.draft.text == "It left."
    assert handover.ended_at
    event = Event.objects.get(kind="agent.handed_over")
    assert event.facts["before"] == {
        "answers.shared": "1", "conversations.given": "1", "follows": "1"
    }  # fmt: skip


def test_with_nobody_to_take_over_it_lies_with_its_team(
    hers: Conversation, nora: Agent, front: Team, olga: Agent
) -> None:
    leave(nora, None, olga)
    hers.refresh_from_db()
    assert (hers.assignee, hers.team) == (None, front)
    assert Prepared.objects.get().state == "shared"


def test_what_the_other_may_not_see_lies_with_its_team(
    hers: Conversation, nora: Agent, vera: Agent, front: Team, olga: Agent
) -> None:
    handover = leave(nora, vera, olga)
    hers.refresh_from_db()
    assert (hers.assignee, hers.team) == (None, front)
    assert not follows(vera, hers)
    assert (handover.left, handover.conversations) == (1, 1)


def test_a_begun_answer_becomes_a_draft_of_the_teams(
    lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent
) -> None:
    save_draft(lamp, "Dear Ida", purpose="reply", by=nora)
    leave(nora, tomas, olga)
    shared = Prepared.objects.get()
    assert shared.draft is not None
    assert (shared.state, shared.draft.text, shared.agent) == ("shared", "Dear Ida", tomas)


def test_very_much_is_moved_by_the_worker_in_steps(
    form: Inbox, nora: Agent, tomas: Agent, olga: Agent
) -> None:
    for number in range(30):
        one = conversation_of(write_form(form, "Hello", email=f"{number}@example.com"))
        assign_conversation(one, agent=nora, team=None, by=HOUSE)
    handover = close_account(nora, to=tomas, by=olga)
    hand_over(handover.pk, steps=1)
    assert Conversation.objects.filter(assignee=nora).count() == 5
    while hand_next_over():
        pass
    assert Conversation.objects.filter(assignee=tomas).count() == 30
    assert Handover.objects.get().ended_at


def test_sessions_end_at_once_and_the_account_can_be_opened_again(
    hers: Conversation, nora: Agent, olga: Agent
) -> None:
    noras = Client()
    noras.force_login(nora)
    assert noras.get("/inbox/waiting/").status_code == 200
    handover = close_account(nora, to=None, by=olga)
    assert noras.get("/inbox/waiting/").status_code == 302
    with pytest.raises(Refused, match="still being handed over"):
        open_account_again(nora, by=olga)
    hand_over(handover.pk)
    open_account_again(nora, by=olga)
    nora.refresh_from_db()
    assert nora.is_active
    assert not Conversation.objects.filter(assignee=nora).exists()


def test_the_last_owner_stays(olga: Agent, nora: Agent) -> None:
    with pytest.raises(Refused, match="stay owner"):
        close_account(olga, to=nora, by=olga)
    olga.refresh_from_db()
    assert olga.is_active
    assert not Handover.objects.exists()


def test_nobody_is_their_own_heir(olga: Agent, nora: Agent) -> None:
    with pytest.raises(Refused):
        close_account(nora, to=nora, by=olga)


def test_closed_twice_it_is_handed_over_once(nora: Agent, olga: Agent) -> None:
    first = close_account(nora, to=None, by=olga)
    assert close_account(nora, to=None, by=olga) == first
