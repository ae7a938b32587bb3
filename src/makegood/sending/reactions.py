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
from makegood.conversations.models import Conversation, Message
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to
from makegood.sending.models import Prepared
from makegood.sending.stopping import Reason, move_to, stop_waiting
from makegood.sending.undoing import let_go_of

LEFT = (Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.IN_DOUBT)
State = Prepared.State


@reacts_to(MessageReceived)
def stop_what_the_customer_overtook(event: Event) -> None:
    """They wrote first: what was written before that does not leave by itself."""
    if event.facts.get("automatic"):
        return
    message = Message.objects.only("conversation_id", "author_name").get(pk=event.facts["message"])
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


@reacts_to(Resolved)
def stop_in_what_is_settled(event: Event) -> None:
    """The matter is settled: nothing more is said there unless somebody means it."""
    reason = Reason(words=_("The conversation was resolved meanwhile."))
    stop_waiting(_conversations(event), reason, by=event.actor)


@reacts_to(Assigned)
def stop_what_was_taken_over(event: Event) -> None:
    """Another agent answers here now: they say what leaves."""
    owner = event.facts.get("agent")
    if owner is not None:
        reason = Reason(words=_("%(name)s answers here now."), who=event.told()["assignee"])
        stop_waiting(_conversations(event), reason, by=event.actor, but=owner)


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


def _conversations(event: Event) -> list[int]:
    refs = [subject.ref for subject in event.subjects.all()]
    return [ref_id(ref) for ref in refs if ref.startswith("conversation:")]
