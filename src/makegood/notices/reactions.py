"""At once, in the transaction of what happened: whose conversation it is, they follow."""

from collections.abc import Sequence

from makegood.conversations.events import Assigned, ConversationJoined, NoteAdded, Replied
from makegood.conversations.models import Note
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to, reacts_together_to
from makegood.notices.following import carry_followers, follow_by_itself, follow_each
from makegood.notices.mentioning import mention_in
from makegood.notices.models import Following
from makegood.team.models import Agent

Because = Following.Because


@reacts_together_to(Assigned)
def follow_what_is_theirs(events: Sequence[Event]) -> None:
    given = [(event.subject("conversation"), event.facts["agent"]) for event in events]
    follow_each([(number, agent) for number, agent in given if agent], Because.ASSIGNED)


@reacts_to(Replied)
def follow_what_they_answered(event: Event) -> None:
    if event.by.startswith("agent:"):
        agent = Agent(pk=ref_id(event.by))
        follow_by_itself(event.subject("conversation"), [agent], Because.ANSWERED)


@reacts_to(NoteAdded)
def mention_whom_a_note_names(event: Event) -> None:
    notes = Note.objects.select_related("agent", "conversation__inbox")
    note = notes.get(pk=event.facts["note"])
    mention_in(note, note.conversation.inbox)


@reacts_to(ConversationJoined)
def follow_the_whole(event: Event) -> None:
    carry_followers(event.facts["conversation"], to=event.facts["into"])
