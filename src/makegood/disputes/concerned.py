"""Whom a dispute concerns: whoever has its conversation, else whoever may answer it."""

from makegood.channels.queries import agents_who_see
from makegood.conversations.models import Conversation
from makegood.disputes.events import DisputeEnded, DisputeOpened, DisputeReopened
from makegood.ledger.models import Event
from makegood.notices.kinds import Kind
from makegood.notices.telling import Concern, tells


@tells(DisputeOpened, DisputeEnded, DisputeReopened)
def whoever_answers_it(_event: Event, conversation: Conversation) -> Concern:
    """Money was taken back, or it is known who keeps it. Its deadline is told as a promise."""
    seers = [one for one in agents_who_see(conversation.inbox) if one.may("disputes.see")]
    theirs = [one for one in seers if one.pk == conversation.assignee_id]
    able = theirs or [one for one in seers if one.may("disputes.answer")]
    return Concern(kind=Kind.DISPUTED, agents=[one.pk for one in able])
