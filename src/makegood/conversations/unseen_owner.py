"""Who has a conversation and may not see it any more does not have it: it is everybody's again.

Rights change after a conversation was given: a team loses an inbox, an agent a team or the
account. Nobody would be told of what comes then, and no list of what is free would show it.
"""

from makegood.channels.queries import may_see
from makegood.conversations.events import Unassigned
from makegood.conversations.models import Conversation
from makegood.ledger.actions import record
from makegood.ledger.actors import System


def free_from_the_blind(conversation: Conversation) -> None:
    """Take it from an owner who could not answer. The caller holds it."""
    owner = conversation.assignee
    if owner is None or (owner.is_active and may_see(owner, conversation.inbox_id)):
        return
    conversation.assignee = None
    conversation.save(update_fields=["assignee"])
    record(Unassigned(), about=[conversation, owner], by=System("desk"))
