"""A dispute is told to whoever has its conversation, else to those who may answer it."""

import pytest

from makegood.channels.models import Inbox
from makegood.conversations.actions import assign_conversation
from makegood.disputes.models import Dispute
from makegood.disputes.tests.samples import stripe_dispute, stripe_event
from makegood.disputes.tests.test_taking import an_order, created, take
from makegood.ledger.followers import catch_up
from makegood.notices.kinds import Kind
from makegood.notices.queries import notices_of
from makegood.team.models import Agent


def told(agent: Agent) -> int:
    catch_up("notices")
    return notices_of(agent).filter(kind=Kind.DISPUTED).count()


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_dispute_is_told_when_it_opens_and_when_it_is_over(
    form: Inbox, nora: Agent, tomas: Agent, status: str
) -> None:
    an_order()
    take(created())
    assert (told(tomas), told(nora)) == (1, 0)
    conversation = Dispute.objects.get().conversation
    assert conversation is not None
    assign_conversation(conversation, agent=nora, team=None, by=tomas)
    over = stripe_dispute(status=status)
    take(stripe_event("charge.dispute.closed", over, created=1_900_000_000, id="evt_over"))
    assert (told(tomas), told(nora)) == (1, 1)
