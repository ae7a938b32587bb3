from collections.abc import Sequence

from makegood.conversations.acknowledging import adds_to_acknowledgements
from makegood.conversations.events import (
    ConversationJoined,
    ConversationParted,
    ConversationSplit,
    MessageReceived,
    Reopened,
    Replied,
    Resolved,
    SpamMarked,
    SpamUnmarked,
)
from makegood.conversations.heard import message_heard
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to, reacts_together_to
from makegood.sending.events import AnswerTakenBack
from makegood.waits.standing import OF_PEOPLE
from makegood.waits.telling import line_for, tell
from makegood.waits.writing_down import write_down

HEARD = (
    MessageReceived, Replied, AnswerTakenBack, Resolved, Reopened, SpamMarked, SpamUnmarked,
    ConversationJoined, ConversationParted, ConversationSplit,
)  # fmt: skip
adds_to_acknowledgements(line_for)


@reacts_to(MessageReceived)
def foresee_the_wait(event: Event) -> None:
    """What can be expected now is kept, to be held against what happens."""
    if event.facts.get("automatic", "") in OF_PEOPLE:
        tell(message_heard(event))


@reacts_together_to(*HEARD)
def note_who_waits(events: Sequence[Event]) -> None:
    """Somebody begins to wait, or waits no more."""
    write_down(events)
