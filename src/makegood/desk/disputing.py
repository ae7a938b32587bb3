"""What the pages of disputes show: how each stands, in a word and a colour, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Conversation
from makegood.disputes.answering import goes_by_itself
from makegood.disputes.models import Answer, Dispute
from makegood.disputes.packet import Packet, packet_of
from makegood.disputes.queries import answers_of, disputes_beside, disputes_of_order
from makegood.promises.shown import apart
from makegood.shop.models import Order
from makegood.team.models import Agent

State = Dispute.State
SOON = timedelta(days=3)
SIGNS: dict[str, tuple[str, str]] = {
    State.NEEDS_ANSWER: ("", "clock"),
    State.ANSWERED: ("", "send"),
    State.WON: ("kept", "circle-check"),
    State.WITHDRAWN: ("kept", "circle-check"),
    State.LOST: ("broken", "circle-alert"),
    State.ACCEPTED: ("", "hand"),
}
ANSWERS: dict[str, tuple[str, str]] = {
    Answer.State.WAITING: ("", "clock"),
    Answer.State.DOING: ("", "clock"),
    Answer.State.DONE: ("kept", "circle-check"),
    Answer.State.DECLINED: ("broken", "circle-alert"),
    Answer.State.IN_DOUBT: ("at-risk", "triangle-alert"),
}
LET_GO = _("let go")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One dispute as a row says it."""

    dispute: Dispute
    colour: str
    icon: str
    word: str | Words
    apart: str
    is_late: bool


def shown(dispute: Dispute, now: datetime) -> Shown:
    colour, icon = SIGNS[dispute.state]
    word: str | Words = State(dispute.state).label
    due, is_late = dispute.due_at, False
    if dispute.is_open and dispute.accepted_by_id is not None:
        colour, icon, word = "", "hand", LET_GO
    elif dispute.state == State.NEEDS_ANSWER and due is not None:
        is_late = due < now
        colour = "broken" if is_late else "at-risk" if due - SOON < now else ""
        icon = "circle-alert" if is_late else "triangle-alert" if colour else icon
    return Shown(
        dispute=dispute,
        colour=colour,
        icon=icon,
        word=word,
        apart=apart(due, now) if due else "",
        is_late=is_late,
    )


def all_shown(disputes: Sequence[Dispute], now: datetime) -> Sequence[Shown]:
    return [shown(one, now) for one in disputes]


def disputed_beside(
    conversation: Conversation, orders: Sequence[Order], agent: Agent
) -> Sequence[Shown]:
    """What stands beside a conversation: its own dispute, and those of its customer's orders."""
    return all_shown(disputes_beside(agent, conversation, orders), timezone.now())


def disputed_here(conversation: Conversation, agent: Agent, now: datetime) -> Sequence[Shown]:
    """Its own dispute; not asked for where its page knows of none."""
    if not getattr(conversation, "is_disputed", True):
        return ()
    return all_shown(disputes_beside(agent, conversation, ()), now)


def disputed_order(order: Order, agent: Agent) -> Sequence[Shown]:
    return all_shown(disputes_of_order(agent, order), timezone.now())


def page_of(dispute: Dispute, agent: Agent, now: datetime) -> dict[str, Any]:
    """Everything on the page of one dispute."""
    packet = packet_of(dispute, agent)
    return {
        "one": shown(dispute, now),
        "dispute": dispute,
        "packet": packet,
        "answers": [(one, *ANSWERS[one.state]) for one in answers_of(dispute)],
        "goes_by_itself": goes_by_itself(dispute),
        "is_waiting": dispute.is_open and dispute.state == State.NEEDS_ANSWER,
    }


def files_of(packet: Packet) -> Sequence[tuple[str, Any]]:
    """The files that go along, each under a name that is unlike every other's."""
    files = [one for piece in packet.going for one in piece.files]
    return [(f"files/{n:02d} {_plain(one.name)}", one) for n, one in enumerate(files, 1)]


def _plain(name: str) -> str:
    """A name that leads nowhere else, whatever unpacks it."""
    plain = "".join(letter if letter.isalnum() or letter in " ._-()" else "_" for letter in name)
    return plain.strip(". ")[-120:] or "file"
