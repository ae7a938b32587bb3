"""What waits to be said in a conversation, and what can be taken back, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from makegood.acts.rests import rest_times
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import drafts_of
from makegood.desk.sending_forms import later_times, tomorrow
from makegood.guard.sheet import Finding
from makegood.sending.approving import findings_of
from makegood.sending.models import Held, Prepared
from makegood.sending.preparing import may_change
from makegood.sending.queries import held_by, newer_than, waiting_in
from makegood.sending.rules import manner_of, may_approve
from makegood.team.models import Agent

ICONS = {
    Prepared.State.SHARED: "users",
    Prepared.State.LATER: "clock",
    Prepared.State.ASKING: "shield-question-mark",
    Prepared.State.STOPPED: "circle-alert",
    Prepared.State.RETURNED: "rotate-ccw",
}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One waiting answer, and what this agent may do with it."""

    prepared: Prepared
    icon: str
    is_mine: bool
    may_approve: bool
    may_change: bool = False
    findings: Sequence[Finding] = ()
    newer: Sequence[Message] = ()
    seen: int = 0
    """How far the words that stand beside it go."""
    writes: str = ""
    """Who is writing in it at this moment, where that is somebody else."""

    @property
    def may_send(self) -> bool:
        state = self.prepared.state
        is_theirs = self.is_mine or self.may_approve or state == Prepared.State.SHARED
        return is_theirs and state in (Prepared.State.SHARED, Prepared.State.LATER)

    @property
    def may_say_yes(self) -> bool:
        return self.may_approve and self.prepared.state == Prepared.State.ASKING

    @property
    def keys(self) -> str:
        return " ".join(one.key for one in self.findings)


def shown(prepared: Prepared, agent: Agent, *, in_full: bool = True) -> Waiting:
    is_asking = prepared.state == Prepared.State.ASKING
    may = may_approve(agent)
    looks = in_full and prepared.is_open() and (not is_asking or may)
    writer = prepared.edited_by
    is_busy = prepared.is_somebody_elses(agent, timezone.now())
    return Waiting(
        prepared=prepared,
        icon=ICONS.get(Prepared.State(prepared.state), "clock"),
        is_mine=prepared.agent_id == agent.pk,
        may_approve=may,
        may_change=prepared.draft is not None and may_change(prepared, agent),
        findings=findings_of(prepared) if looks and is_asking else (),
        newer=newer_than(prepared) if looks else (),
        seen=prepared.conversation.last_message if looks else prepared.seen,
        writes=writer.name if writer and is_busy else "",
    )


def waiting_of(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """What the page shows between the story and the composer; what came back, for an open one."""
    may_wait = getattr(conversation, "has_waiting", True)
    found = waiting_in(conversation.pk, agent) if may_wait else ()
    waiting = [shown(one, agent) for one in found]
    came_back = any(not one.prepared.is_open() for one in waiting)
    draft = drafts_of(conversation, agent).get("reply") if came_back else None
    return {"waiting": waiting, "given_back": draft.text if draft else ""}


@dataclass(frozen=True, kw_only=True)
class Undo:
    """The way back for an answer that has not left: how many seconds there are still."""

    held: Held
    seconds: int
    elsewhere: str = ""
    """Whom it went to, where that is in another conversation than the page's."""


def sending_of(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """What the composer's row of buttons offers."""
    now = timezone.now()
    manner = manner_of(agent, conversation.inbox_id, now)
    return {
        "undo": _undo(conversation, agent, now) if manner.may_have_held else None,
        "needs_approval": manner.needs_approval,
        "habit": manner.habit,
        "later_times": later_times(now),
        "rest_times": [(one.label, one.at) for one in rest_times(now)],
        "tomorrow": tomorrow(now),
        "intent": None,
    }


def _undo(conversation: Conversation, agent: Agent, now: datetime) -> Undo | None:
    held = held_by(agent, now)
    if held is None or held.draft is None:
        return None
    there = held.draft.conversation
    seconds = max(1, round((held.until - now).total_seconds()))
    name = "" if there.pk == conversation.pk else there.customer.name
    return Undo(held=held, seconds=seconds, elsewhere=name)
