"""Disputes read through a gate: of conversations that are theirs to see, and of none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import Http404
from django.utils import formats

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.disputes.models import Answer, Dispute, Reason
from makegood.kit.money import Money
from makegood.kit.paging import Page, is_number, mark, unmark
from makegood.shop.models import Order
from makegood.team.models import Agent

SHOWN = 50
State = Dispute.State


def seen_by(agent: Agent) -> QuerySet[Dispute]:
    """Every dispute whose conversation an agent may see, and those that have none."""
    rows = Dispute.objects.select_related("order", "conversation__customer")
    if not agent.is_active or not (agent.may("disputes.see") or agent.may("disputes.answer")):
        return rows.none()
    if agent.sees_everything():
        return rows
    inboxes = [one.pk for one in inboxes_visible_to(agent)]
    return rows.filter(Q(conversation=None) | Q(conversation__inbox__in=inboxes))


def dispute_for(agent: Agent, pk: int) -> Dispute:
    found = seen_by(agent).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_disputes(agent: Agent) -> Sequence[Dispute]:
    """What is not over: what needs an answer first, the next due first."""
    rows = seen_by(agent).filter(ended_at=None)
    found = list(rows.order_by("due_at", "pk")[:500])
    return sorted(found, key=lambda one: (one.state != State.NEEDS_ANSWER, one.due_at is None))


def ended_disputes(agent: Agent, after: str) -> Page[Dispute]:
    """What is over, the newest first."""
    rows = seen_by(agent).filter(ended_at__isnull=False).order_by("-ended_at", "-pk")
    key = unmark(after, 1)
    if key is not None and is_number(key[0]):
        last = Dispute.objects.filter(pk=key[0]).first()
        if last is not None and last.ended_at is not None:
            rows = rows.filter(
                Q(ended_at__lt=last.ended_at) | Q(ended_at=last.ended_at, pk__lt=last.pk)
            )
    some = list(rows[: SHOWN + 1])
    return Page(rows=some[:SHOWN], next=mark(some[SHOWN - 1].pk) if some[SHOWN:] else "")


@dataclass(frozen=True, kw_only=True)
class Sums:
    """How the disputes of a month ended, for one reason and currency."""

    month: str
    reason: str
    won: int
    lost: int
    won_sum: Money
    lost_sum: Money


def sums_of(agent: Agent, now: datetime, months: int = 6) -> Sequence[Sums]:
    """Won and lost per month and reason; accepted counts as given away, withdrawn as kept."""
    given = Q(state__in=[State.LOST, State.ACCEPTED])
    kept = Q(state__in=[State.WON, State.WITHDRAWN])
    rows = (
        seen_by(agent)
        .filter(ended_at__gte=now - timedelta(days=31 * months), is_test=False)
        .annotate(month=TruncMonth("ended_at"))
        .values("month", "reason", "currency")
        .annotate(
            won=Count("pk", filter=kept),
            lost=Count("pk", filter=given),
            won_sum=Sum("amount_minor", filter=kept),
            lost_sum=Sum("amount_minor", filter=given),
        )
        .order_by("-month", "reason", "currency")
    )
    return [
        Sums(
            month=formats.date_format(row["month"], "F Y"),
            reason=str(Reason(row["reason"]).label),
            won=row["won"],
            lost=row["lost"],
            won_sum=Money(row["won_sum"] or 0, row["currency"]),
            lost_sum=Money(row["lost_sum"] or 0, row["currency"]),
        )
        for row in rows
    ]


def disputes_of_order(agent: Agent, order: Order) -> Sequence[Dispute]:
    return list(seen_by(agent).filter(order=order).order_by("-opened_at"))


def disputes_beside(
    agent: Agent, conversation: Conversation, orders: Sequence[Order]
) -> Sequence[Dispute]:
    """The disputes of a conversation, and those of the orders that stand beside it."""
    found = Q(conversation=conversation) | Q(order__in=[one.pk for one in orders])
    return list(seen_by(agent).filter(found).order_by("-opened_at")[:5])


def is_disputed() -> Exists:
    """Of conversations: whether they are about a dispute."""
    return Exists(Dispute.objects.filter(conversation=OuterRef("pk")))


def answers_of(dispute: Dispute) -> Sequence[Answer]:
    return list(dispute.answers.select_related("agent").order_by("-pk"))
