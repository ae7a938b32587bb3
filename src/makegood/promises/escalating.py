"""What a step means: whom it calls, and what the house does by itself. After the commit.

Whoever gives the conversation to somebody else reads the same event: it names the conversation,
the promise, and whom the policy wants.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from makegood.conversations.actions import set_priority
from makegood.conversations.models import Conversation
from makegood.conversations.standing import standing_number
from makegood.kit.records import ref_id
from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.promises.events import PromiseEscalated
from makegood.promises.models import Promise
from makegood.promises.telling import CLOCK
from makegood.team.models import Agent

Status = Conversation.Status
NEWS_LASTS = timedelta(days=1)
"""An old step raises nothing any more: an import, or a ledger read anew."""


@follows("escalations")
def raise_what_is_late(events: Sequence[Event]) -> None:
    """`raise`: one step more urgent, by the house, where there is something to do still."""
    now = timezone.now()
    for event in events:
        is_ours = event.kind == PromiseEscalated.kind and event.facts["step"] == "raise"
        if is_ours and now - event.recorded_at < NEWS_LASTS:
            _raise(event)


def _raise(event: Event) -> None:
    if not any(one.ref.startswith("conversation:") for one in event.subjects.all()):
        return  # of an order alone: there is nothing that could be more urgent
    number = standing_number(event.subject("conversation"))
    conversation = Conversation.objects.get(pk=number)
    is_there = conversation.status in (Status.OPEN, Status.SNOOZED)
    if is_there and conversation.priority > Conversation.Priority.URGENT:
        set_priority(conversation, conversation.priority - 1, by=CLOCK)


def whom(promise: Promise, word: str) -> Sequence[int]:
    """The agents that a word is for: `owner`, `team`, `leads`, `owners` or `agent:5`."""
    if word.startswith("agent:"):
        return [ref_id(word)]
    if word == "owner":
        one = promise.conversation
        owner = promise.owner_id or (one.assignee_id if one else None)
        return [owner] if owner else whom(promise, "team")
    if word == "owners":
        return _owners()
    return _leads(promise) if word == "leads" else _team(promise) or _leads(promise)


def _of_its_teams(promise: Promise) -> Q:
    """Members of the conversation's team, or else of its inbox's."""
    one = promise.conversation
    if one is None:
        return Q(pk=None)  # of an order alone: it is no team's
    return Q(teams=one.team_id) if one.team_id else Q(teams__inbox=one.inbox_id)


def _team(promise: Promise) -> list[int]:
    active = Agent.objects.filter(_of_its_teams(promise), is_active=True)
    return list(active.values_list("pk", flat=True).distinct().order_by("pk"))


def _leads(promise: Promise) -> list[int]:
    """Those who lead among its people; else whoever leads anywhere; else the owners."""
    active, lead = Agent.objects.filter(is_active=True), Q(role=Agent.Role.LEAD)
    for asked in (lead & _of_its_teams(promise), lead):
        found = list(active.filter(asked).values_list("pk", flat=True).distinct().order_by("pk"))
        if found:
            return found
    return _owners()


def _owners() -> list[int]:
    active = Agent.objects.filter(role=Agent.Role.OWNER, is_active=True)
    return list(active.values_list("pk", flat=True).order_by("pk"))
