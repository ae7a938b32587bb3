from makegood.conversations.events import ConversationSplit
from makegood.conversations.models import Conversation
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to
from makegood.linking.actions import link_conversations


@reacts_to(ConversationSplit)
def link_what_was_split(event: Event) -> None:
    """What was one conversation stays in sight of each other."""
    kept, split = event.facts["conversation"], event.facts["into"]
    found = Conversation.objects.in_bulk([kept, split])
    link_conversations(found[kept], found[split], by=event.actor)
