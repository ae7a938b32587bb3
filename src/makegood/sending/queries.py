from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db.models import BigAutoField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.listing import ask
from makegood.conversations.models import Attachment, Message
from makegood.conversations.queries import conversation_for
from makegood.conversations.sql import both, is_one_of
from makegood.kit.compiled import Compiled
from makegood.sending.models import Held, Prepared, Reviewed
from makegood.sending.rules import may_approve
from makegood.team.models import Agent

T = TypeVar("T")
State = Prepared.State
MOST = 200


def prepared_for(agent: Agent, pk: int) -> Prepared:
    """A waiting answer in a conversation that this agent may see, or 404."""
    found = _whole(Prepared.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404
    found.conversation = conversation_for(agent, found.conversation_id)
    return found


def _whole(rows: "QuerySet[Prepared]") -> "QuerySet[Prepared]":
    files = Prefetch("draft__attachments", Attachment.objects.select_related("file").order_by("pk"))
    rows = rows.select_related("agent", "draft", "edited_by", "approved_by")
    return rows.prefetch_related(files)


def _shown_to(agent: Agent) -> "QuerySet[Prepared]":
    """What waits, and what of this agent's was stopped and they do not know yet."""
    untold = Q(agent=agent, told_at=None, state__in=[State.STOPPED, State.RETURNED])
    return Prepared.objects.filter(Q(state__in=Prepared.OPEN) | untold)


def has_waiting(agent: Agent) -> Exists:
    """Of conversations: whether anything waits to be said there, as `waiting_in` tells it."""
    return Exists(_shown_to(agent).filter(conversation=OuterRef("pk")))


def waiting_in(conversation: int, agent: Agent) -> Sequence[Prepared]:
    """What waits to be said here, and what of this agent's was stopped and they do not know yet."""
    rows = _shown_to(agent).filter(conversation=conversation)
    return list(_whole(rows).order_by("pk")[:20])


def held_by(agent: Agent, now: datetime) -> Held | None:
    """The newest answer that this agent may take back at this moment."""
    held = Held.objects.filter(agent=agent, until__gt=now, taken_back_at=None)
    return held.select_related("draft__conversation__customer").order_by("-until").first()


def _of(agent: Agent) -> "QuerySet[Prepared]":
    """Everything that waits, among what this agent may see."""
    rows = Prepared.objects.all()
    if not agent.sees_everything():
        rows = rows.filter(conversation__inbox__in=inboxes_visible_to(agent))
    return rows


def my_answers(agent: Agent) -> Sequence[Prepared]:
    """What this agent wrote that waits, soonest first; and what was stopped or sent back."""
    untold = Q(told_at=None, state__in=[State.STOPPED, State.RETURNED])
    mine = _of(agent).filter(Q(state__in=[State.LATER, State.ASKING]) | untold, agent=agent)
    rows = _whole(mine.select_related("conversation__customer")).order_by("due_at", "pk")
    return list(rows.select_related("conversation__customer")[:MOST])


def answers_to_approve(agent: Agent) -> Sequence[Prepared]:
    """What waits for a lead's yes, the oldest first; nothing for whoever gives none."""
    if not may_approve(agent):
        return []
    rows = _whole(_of(agent).filter(state=State.ASKING)).order_by("made_at")
    return list(rows.select_related("conversation__customer")[:MOST])


def shared_drafts(agent: Agent) -> Sequence[Prepared]:
    """What the team may go on with."""
    rows = _whole(_of(agent).filter(state=State.SHARED)).order_by("-pk")
    return list(rows.select_related("conversation__customer")[:MOST])


def count_for(agent: Agent) -> int:
    """How much asks for this agent: to approve, stopped, sent back; and what of theirs waits."""
    if not agent.sees_everything():
        return _asking(_of(agent), agent.pk, may_approve(agent)).count()
    return _counting(may_approve(agent)).count(agent.pk)


def _asking(
    rows: "QuerySet[Prepared, T]", agent: Any, is_approver: bool
) -> "QuerySet[Prepared, T]":
    untold = Q(told_at=None, state__in=[State.STOPPED, State.RETURNED])
    mine = Q(agent=agent) & (Q(state=State.LATER) | untold)
    asked = Q(state=State.ASKING) if is_approver else Q(state=State.ASKING, agent=agent)
    return rows.filter(mine | asked)


@cache
def _counting(is_approver: bool) -> "Compiled[Any]":
    """The same of everything, as every page asks it for somebody who sees it all."""
    rows = Prepared.objects.order_by().values_list("pk")
    return Compiled(lambda agent: _asking(rows, agent, is_approver), BigAutoField())


def marks_of(conversations: Sequence[int]) -> dict[int, str]:
    """Which of these have an answer that waits, and in what way: what asks a lead comes first."""
    here = is_one_of("conversation_id", conversations)
    waits = is_one_of("state", Prepared.OPEN)
    sql = f"SELECT conversation_id, state FROM sending_prepared WHERE {both([here, waits]).text}"  # noqa: S608
    found: dict[int, str] = {}
    for conversation, state in ask(f"{sql} ORDER BY id", [*here.values, *waits.values]):
        if state == State.ASKING or conversation not in found:
            found[conversation] = state
    return found


def newer_than(prepared: Prepared) -> Sequence[Message]:
    """What people said since the answer was written, other than its writer."""
    said = prepared.conversation.messages.filter(pk__gt=prepared.seen, automatic="")
    return list(said.exclude(agent=prepared.agent_id).order_by("pk")[:10])


def reviewed() -> tuple[set[int], set[int]]:
    """The numbers of the agents and of the teams whose answers wait for a yes."""
    rows = list(Reviewed.objects.values_list("agent", "team"))
    return {agent for agent, _team in rows if agent}, {team for _agent, team in rows if team}
