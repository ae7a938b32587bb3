from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation, Draft
from makegood.handover.models import Handover
from makegood.notices.models import Following
from makegood.sending.models import Prepared
from makegood.team.models import Agent

Status = Conversation.Status


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """How much is one agent's and would go to somebody else."""

    open: int
    snoozed: int
    answers: int
    drafts: int
    follows: int
    unseen: int = 0
    """Conversations that the other could not see: they go to their team instead."""

    def __bool__(self) -> bool:
        return bool(self.open or self.snoozed or self.answers or self.drafts or self.follows)


def conversations_of(agent: Agent) -> "QuerySet[Conversation]":
    """What lies with an agent and is not settled."""
    return Conversation.objects.filter(assignee=agent, status__in=[Status.OPEN, Status.SNOOZED])


def answers_of(agent: Agent) -> "QuerySet[Prepared]":
    """What they wrote that waits to leave: for a time, or for a yes."""
    waiting = [Prepared.State.LATER, Prepared.State.ASKING]
    return Prepared.objects.filter(agent=agent, state__in=waiting)


def drafts_of(agent: Agent) -> "QuerySet[Draft]":
    """Answers that they typed and never sent."""
    typed = Draft.objects.filter(agent=agent, purpose=Draft.Purpose.REPLY)
    return typed.exclude(Q(text="") & Q(attachments=None)).distinct()


def what_is_theirs(agent: Agent, to: Agent | None = None) -> Theirs:
    """What would move, counted; and what of it another could not see."""
    mine, unseen = conversations_of(agent), 0
    if to is not None and not to.sees_everything():
        unseen = mine.exclude(inbox__in=inboxes_visible_to(to)).count()
    return Theirs(
        open=mine.filter(status=Status.OPEN).count(),
        snoozed=mine.filter(status=Status.SNOOZED).count(),
        answers=answers_of(agent).count(),
        drafts=drafts_of(agent).count(),
        follows=Following.objects.filter(agent=agent, left_at=None).count(),
        unseen=unseen,
    )


def handover_of(agent: Agent) -> Handover | None:
    """The newest one of an agent who left, under way or over."""
    return Handover.objects.filter(agent=agent).select_related("to").first()


def heirs_of(agent: Agent) -> Sequence[Agent]:
    """Who can take over: everybody else who works here."""
    return list(Agent.objects.filter(is_active=True).exclude(pk=agent.pk).order_by("name", "pk"))
