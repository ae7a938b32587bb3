"""At once, in the transaction of what happened: what follows from it is promised, kept, let go."""

from collections.abc import Sequence

from makegood.beside import events as beside
from makegood.calendars.events import CalendarDeleted, CalendarSaved
from makegood.conversations import events as facts
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to, reacts_together_to
from makegood.promises.keeping import reckon
from makegood.promises.personal import follow
from makegood.promises.recounting import ask_for_recount
from makegood.promises.saying import give_meant, unsay_words
from makegood.sending.events import AnswerTakenBack


@reacts_together_to(
    facts.MessageReceived,
    facts.Replied,
    facts.Resolved,
    facts.Reopened,
    facts.Woke,
    facts.SpamMarked,
    facts.SpamUnmarked,
    facts.MessageDelivery,
    facts.ConversationJoined,
    facts.ConversationParted,
    facts.ConversationSplit,
    facts.ForwardOpened,
    facts.ForwardClosed,
    AnswerTakenBack,
    beside.SideAnswered,
)
def follow_what_happened(events: Sequence[Event]) -> None:
    reckon(events)
    follow(events)


@reacts_to(CalendarSaved, CalendarDeleted)
def count_anew(event: Event) -> None:
    ask_for_recount(event)


@reacts_to(facts.Replied)
def promise_what_the_answer_says(event: Event) -> None:
    give_meant(event)


@reacts_to(AnswerTakenBack)
def promise_nothing_that_was_unsaid(event: Event) -> None:
    unsay_words(event)
