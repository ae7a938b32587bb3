"""Whose answers wait for a lead's yes, and what an agent's Send button does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Q, Subquery
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.sending.events import ApprovalRuleChanged
from makegood.sending.models import Habit, Held, Reviewed, Then
from makegood.team.models import Agent, Team


def needs_approval(agent: Agent, inbox: int) -> bool:
    """Whether a lead reads this agent's answers in this inbox before they leave.

    A lead's own never wait.
    """
    if may_approve(agent):
        return False
    if not agent.may("answer.alone"):
        return True
    return Reviewed.objects.filter(_reviews(agent, inbox)).exists()


def _reviews(agent: Agent, inbox: int) -> Q:
    return Q(agent=agent) | Q(team__agents=agent) | Q(inbox=inbox)


def refuse_past_a_yes(agent: Agent, inbox: int) -> None:
    """Whose answers wait for a lead's yes does not write to others past it."""
    if needs_approval(agent, inbox):
        raise Refused(_("Your role does not let you write to others without somebody’s yes."))


def may_approve(agent: Agent) -> bool:
    return agent.may("answer.approve")


@dataclass(frozen=True)
class Manner:
    """How an agent's answers leave."""

    needs_approval: bool
    habit: str
    """What their Send button does."""
    may_have_held: bool
    """Whether there is an answer that they may still take back."""


def manner_of(agent: Agent, inbox: int, now: datetime) -> Manner:
    """All of it in one read."""
    reviewed = Reviewed.objects.filter(_reviews(agent, inbox))
    habit = Habit.objects.filter(agent=agent).values("then")[:1]
    held = Held.objects.filter(agent=agent, until__gt=now, taken_back_at=None)
    asked = Exists(reviewed), Subquery(habit), Exists(held)
    is_reviewed, then, has_held = Agent.objects.filter(pk=agent.pk).values_list(*asked).get()
    needs = bool(is_reviewed or not agent.may("answer.alone")) and not may_approve(agent)
    return Manner(needs, str(Then.STAY if needs else then or Then.STAY), bool(has_held))


@transaction.atomic
def set_whose_answers_wait(
    agents: Iterable[Agent], teams: Iterable[Team], inboxes: Iterable[Inbox] = (), *, by: Agent
) -> None:
    """From now on the answers of exactly these, and in these inboxes, wait for a lead's yes."""
    before = _in_words()
    Reviewed.objects.all().delete()
    Reviewed.objects.bulk_create(
        [
            *(Reviewed(agent=agent) for agent in agents),
            *(Reviewed(team=team) for team in teams),
            *(Reviewed(inbox=inbox) for inbox in inboxes),
        ]
    )
    after = _in_words()
    if after != before:
        record(ApprovalRuleChanged(before=before, after=after), about=[by], by=by)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Whose answers wait, besides those whose role says so."""

    agents: Sequence[Agent]
    teams: Sequence[Team]
    inboxes: Sequence[Inbox]


def whose_answers_wait() -> Waiting:
    rows = list(Reviewed.objects.select_related("agent", "team", "inbox"))
    return Waiting(
        agents=[one.agent for one in rows if one.agent],
        teams=[one.team for one in rows if one.team],
        inboxes=[one.inbox for one in rows if one.inbox],
    )


def _in_words() -> str:
    now = whose_answers_wait()
    people = [one.name for one in now.agents] + [one.name for one in now.teams]
    return ", ".join(sorted([*people, *(one.name for one in now.inboxes)])) or "-"


def habit_of(agent: Agent) -> str:
    """What this agent's Send button does with the conversation."""
    return Habit.objects.filter(agent=agent).values_list("then", flat=True).first() or Then.STAY


def set_habit(agent: Agent, then: str) -> None:
    """An agent says what their own Send button does. Nobody else can."""
    Habit.objects.update_or_create(agent=agent, defaults={"then": then})
