from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from makegood.channels.events import DeliverySettled
from makegood.channels.models import Delivery
from makegood.conversations.events import (
    Assigned,
    ConversationJoined,
    ConversationSplit,
    MessageReceived,
    Replied,
    Resolved,
)
from makegood.conversations.heard import message_heard
from makegood.conversations.models import Conversation, Message
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to, reacts_together_to
from makegood.sending.models import Prepared
from makegood.sending.stopping import Reason, any_waits, move_to, stop_waiting, where_any_waits
from makegood.sending.undoing import let_go_of

LEFT = (Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.IN_DOUBT)
State = Prepared.State


@reacts_to(MessageReceived)
def stop_what_the_customer_overtook(event: Event) -> None:
    """They wrote first: what was written before that does not leave by itself."""
    if event.facts.get("automatic"):
        return
    message = message_heard(event)
    if not any_waits(message.conversation_id):
        return
    reason = Reason(words=_("%(name)s wrote first."), who=message.author_name)
    stop_waiting([message.conversation_id], reason, by=event.actor)


@reacts_to(Replied)
def stop_what_a_colleague_overtook(event: Event) -> None:
    """A colleague answered: what another wrote before that does not leave by itself."""
    message = Message.objects.only("conversation_id", "agent_id", "author_name").get(
        pk=event.facts["message"]
    )
    reason = Reason(words=_("%(name)s answered first."), who=message.author_name)
    stop_waiting([message.conversation_id], reason, by=event.actor, but=message.agent_id)


@reacts_together_to(Resolved)
def stop_in_what_is_settled(events: Sequence[Event]) -> None:
    """The matter is settled: nothing more is said there unless somebody means it."""
    reason = Reason(words=_("The conversation was resolved meanwhile."))
    for event, waiting in _where_answers_wait(events):
        stop_waiting(waiting, reason, by=event.actor)


@reacts_together_to(Assigned)
def stop_what_was_taken_over(events: Sequence[Event]) -> None:
    """Another agent answers here now: they say what leaves."""
    given = [event for event in events if event.facts.get("agent") is not None]
    for event, waiting in _where_answers_wait(given):
        reason = Reason(words=_("%(name)s answers here now."), who=event.told()["assignee"])
        stop_waiting(waiting, reason, by=event.actor, but=event.facts["agent"])


@reacts_to(ConversationJoined, ConversationSplit)
def stop_in_what_was_moved(event: Event) -> None:
    """What it answered stands elsewhere now: whoever wrote it looks once more."""
    reason = Reason(words=_("The conversation was joined or split."))
    every = (State.LATER, State.ASKING)
    stop_waiting(_conversations(event), reason, by=event.actor, only=every)


@reacts_to(ConversationJoined)
def take_the_teams_drafts_along(event: Event) -> None:
    """What the team has begun to write stands in the conversation that stands."""
    stays = Conversation.objects.get(pk=event.facts["into"])
    move_to(stays, [event.facts["conversation"]])


@reacts_to(DeliverySettled)
def let_go_of_what_left(event: Event) -> None:
    """From now on it can be taken back no more."""
    if event.facts["state"] in LEFT:
        for ref in (subject.ref for subject in event.subjects.all()):
            if ref.startswith("message:"):
                let_go_of(ref_id(ref))


def _where_answers_wait(events: Sequence[Event]) -> Iterator[tuple[Event, list[int]]]:
    """Those events in whose conversations an answer waits: asked once, and there are few."""
    about = [(event, _conversations(event)) for event in events]
    waiting = where_any_waits(number for _event, numbers in about for number in numbers)
    for event, numbers in about:
        if not waiting.isdisjoint(numbers):
            yield event, numbers


def _conversations(event: Event) -> list[int]:
    refs = [subject.ref for subject in event.subjects.all()]
    return [ref_id(ref) for ref in refs if ref.startswith("conversation:")]
