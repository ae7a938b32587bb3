"""A waiting answer stops where something happened that it does not know of."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import BigAutoField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import override

from makegood.conversations.drafting import give_draft_back
from makegood.conversations.models import Conversation, Draft
from makegood.conversations.standing import lock_standing
from makegood.kit.compiled import Compiled
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.sending.events import AnswerShared, AnswerStopped
from makegood.sending.models import Prepared
from makegood.sending.preparing import draft_of, end
from makegood.team.models import Agent

State = Prepared.State


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why something stops: `who` stands in the words, which are said in the writer's language."""

    words: str | Promise
    who: str = ""

    def said_to(self, agent: Agent) -> str:
        with override(language_of(agent)):
            return str(self.words) % {"name": self.who}


def language_of(agent: Agent) -> str:
    return agent.language or settings.LANGUAGE_CODE


def stop_waiting(
    conversations: Iterable[int],
    reason: Reason,
    *,
    by: Actor,
    but: int | None = None,
    only: tuple[str, ...] = (State.LATER,),
) -> None:
    """Stop what would leave from these by itself. The caller holds the conversations."""
    rows = Prepared.objects.select_for_update(of=("self",)).select_related("agent", "draft")
    waiting = rows.filter(conversation__in=list(conversations), state__in=only)
    for prepared in waiting.exclude(agent=but).order_by("pk"):
        conversation = lock_standing(prepared.conversation_id)
        stop(prepared, conversation, reason.said_to(prepared.agent), by=by)


_LATER: Compiled[tuple[int]] = Compiled(
    lambda conversation: Prepared.objects.filter(
        conversation=conversation, state=State.LATER
    ).values_list("pk")[:1],
    BigAutoField(),
)


def any_waits(conversation: int) -> bool:
    """Whether an answer waits here to leave by itself: mostly none does."""
    return bool(_LATER.all(conversation))


def where_any_waits(conversations: Iterable[int]) -> set[int]:
    """In which of these an answer waits to leave by itself."""
    waiting = Prepared.objects.filter(conversation__in=set(conversations), state=State.LATER)
    return set(waiting.values_list("conversation_id", flat=True))


def move_to(conversation: Conversation, joined: Iterable[int]) -> None:
    """What the team has begun to write goes along where a conversation is joined."""
    moved = Prepared.objects.filter(conversation__in=list(joined), state=State.SHARED)
    Draft.objects.filter(prepared__in=moved).update(conversation=conversation)
    moved.update(conversation=conversation)


def stop(prepared: Prepared, conversation: Conversation, reason: str, *, by: Actor) -> None:
    """It does not leave; its words are its writer's draft again, who is told why."""
    draft = draft_of(prepared)
    if not prepared.agent.is_active:
        _leave_to_the_team(prepared, conversation, by)
        return
    end(prepared, State.STOPPED, why=reason, conversation=conversation)
    give_draft_back(draft, conversation)
    fact = AnswerStopped(prepared=prepared.pk, writer=prepared.agent.name, reason=reason)
    record(fact, about=[prepared, conversation, prepared.agent], by=by)


def _leave_to_the_team(prepared: Prepared, conversation: Conversation, by: Actor) -> None:
    """Whoever wrote it does not work here any more: the words are the team's."""
    prepared.state, prepared.due_at, prepared.conversation = State.SHARED, None, conversation
    prepared.save(update_fields=["state", "due_at", "conversation"])
    record(AnswerShared(prepared=prepared.pk), about=[prepared, conversation], by=by)


@transaction.atomic
def note_told(prepared: Prepared, *, by: Agent) -> None:
    """The writer knows that it did not leave."""
    if prepared.agent_id == by.pk:
        ended = Prepared.objects.filter(pk=prepared.pk, told_at=None)
        ended.exclude(ended_at=None).update(told_at=timezone.now())
