"""Make-goods as somebody may see them: of one conversation, in a list, and in sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.http import Http404
from django.utils import formats

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.conversations.queries import conversation_for, visible_among
from makegood.conversations.standing import joined_into
from makegood.customers.queries import handles_of
from makegood.kit.money import Money
from makegood.kit.paging import Page, is_number, mark, moment_in, unmark
from makegood.makegoods.actions import Matter
from makegood.makegoods.failures import names, said_in
from makegood.makegoods.models import Approval, Entry, Makegood, Remedy
from makegood.promises.models import Promise
from makegood.shop.models import Order
from makegood.shop.queries import newest_orders
from makegood.team.models import Agent

SHOWN = 40
PARTS = ("conversation", "order", "agent", "budget", "version", "approval__answered_by")


def makegood_for(agent: Agent, pk: int) -> Makegood:
    """A make-good whose conversation this agent may see, or 404."""
    found = Makegood.objects.select_related(*PARTS).filter(pk=pk).first()
    if found is None or not agent.is_active:
        raise Http404
    if found.conversation_id:
        conversation_for(agent, found.conversation_id)
    return found


def makegoods_of(conversation: Conversation) -> Sequence[Makegood]:
    """Everything given or wanted in a conversation, and in what was joined into it."""
    joined = joined_into(conversation.pk) if getattr(conversation, "has_joined", True) else ()
    here = [conversation.pk, *joined]
    found = Makegood.objects.select_related(*PARTS).filter(conversation__in=here)
    return list(found.order_by("-at", "-pk")[:50])


def makegoods_for(order: Order, agent: Agent) -> Sequence[Makegood]:
    """Everything given or wanted for an order, where this agent may see what it was given in."""
    found = list(Makegood.objects.filter(order=order).order_by("-at", "-pk")[:50])
    said_in = {one.conversation_id for one in found if one.conversation_id}
    seen = {None, *(visible_among(agent, sorted(said_in)) if said_in else ())}
    return [one for one in found if one.conversation_id in seen]


def had_for(order: Order) -> Sequence[Makegood]:
    """What the customer has for an order, the oldest first: given, and not taken back."""
    here = (Makegood.State.GIVEN, Makegood.State.REDEEMED, Makegood.State.EXPIRED)
    return list(Makegood.objects.filter(order=order, state__in=here).order_by("given_at", "pk"))


def newest_given(conversation: Conversation) -> Makegood | None:
    """What its customer has of it and may still use: the newest."""
    here = [conversation.pk, *joined_into(conversation.pk)]
    rows = Makegood.objects.select_related("order__shop")
    given = rows.filter(conversation__in=here, state=Makegood.State.GIVEN)
    return given.order_by("-given_at", "-pk").first()


def emails_of(conversation: Conversation) -> Sequence[str]:
    return [one.address for one in handles_of(conversation.customer) if one.kind == "email"]


def orders_here(conversation: Conversation) -> Sequence[Order]:
    """The customer's newest orders: one of these it is about."""
    return newest_orders(emails_of(conversation))


def matter_in(conversation: Conversation, order: Order | None) -> Matter:
    return Matter(conversation=conversation, order=order, emails=emails_of(conversation))


@dataclass(frozen=True, kw_only=True)
class Guess:
    """Which failure it looks like, and by what."""

    failure: str
    reason_ref: str = ""
    promise: Promise | None = None


def guess(conversation: Conversation) -> Guess:
    """By a promise that broke here, or else by the customer's own words; a person decides."""
    here = [conversation.pk, *joined_into(conversation.pk)]
    broken = Promise.objects.filter(conversation__in=here, broken_at__isnull=False)
    newest = broken.order_by("-broken_at").first()
    said = conversation.messages.filter(direction="incoming").order_by("-pk")
    by_words = next(filter(None, (said_in(one.text) for one in said[:5])), "")
    if newest is None or (by_words and by_words != "late"):
        return Guess(failure=by_words)
    return Guess(failure=by_words or "answer", reason_ref=newest.ref, promise=newest)


def approval_for(agent: Agent, pk: int) -> Approval:
    """A question, for everybody who sees its conversation; only who was asked answers it."""
    parts = ("makegood__conversation", "makegood__order", "makegood__agent", "answered_by")
    found = Approval.objects.select_related(*parts).filter(pk=pk).first()
    if found is None or not agent.is_active:
        raise Http404
    if found.makegood.conversation_id:
        conversation_for(agent, found.makegood.conversation_id)
    return found


def approvals_waiting(agent: Agent) -> Sequence[Approval]:
    """What waits for this agent's yes or no, the oldest first."""
    open_ones = Approval.objects.filter(answered_at=None)
    parts = ("makegood__conversation", "makegood__order", "makegood__agent")
    found = open_ones.select_related(*parts).order_by("asked_at")[:200]
    return [one for one in found if agent.pk in one.asked]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which make-goods somebody wants to see."""

    state: str = ""
    failure: str = ""
    agent: int = 0
    after: str = ""


def listed(agent: Agent, asked: Asked) -> Page[Makegood]:
    """The newest first, of conversations that this agent may see."""
    rows = _chosen(agent, asked)
    key = unmark(asked.after, 2)
    at = moment_in(key[0]) if key else None
    if key is not None and at is not None and is_number(key[1]):
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key[1]))
    found = list(rows.select_related(*PARTS).order_by("-at", "-pk")[: SHOWN + 1])
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    return Page(rows=found[:SHOWN], next=mark(last.at.isoformat(), last.pk) if last else "")


def given_for(agent: Agent, products: Sequence[str], most: int) -> Sequence[Makegood]:
    """The newest that were given because of these products, as far as this agent may see them."""
    named = [one for one in products if one]
    rows = _chosen(agent, Asked()).filter(product__in=named) if named else Makegood.objects.none()
    return list(rows.select_related(*PARTS).order_by("-at", "-pk")[:most])


def _chosen(agent: Agent, asked: Asked) -> "QuerySet[Makegood]":
    rows = Makegood.objects.all()
    if not agent.sees_everything():
        inboxes = inboxes_visible_to(agent)
        rows = rows.filter(Q(conversation=None) | Q(conversation__inbox__in=inboxes))
    if asked.state in Makegood.State.values:
        rows = rows.filter(state=asked.state)
    if asked.failure:
        rows = rows.filter(failure=asked.failure)
    return rows.filter(agent=asked.agent) if asked.agent else rows


WAYS = {"failure": "failure", "remedy": "remedy", "product": "product", "carrier": "carrier",
        "agent": "agent__name"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MonthSum:
    """What went into making good within one month, by one thing."""

    month: date
    what: str
    cost: Money
    face: Money

    @property
    def called(self) -> str:
        return str(formats.date_format(self.month, "F Y"))


def sums(way: str) -> Sequence[MonthSum]:
    """Sums by month and, within it, by cause, remedy, product, carrier or agent; newest first."""
    column = WAYS.get(way, "failure")
    rows = Entry.objects.values("month", "currency", column)
    rows = rows.annotate(cost=Sum("cost_minor"), face=Sum("face_minor"))
    called = _names_of(column)
    found = rows.order_by("-month", "currency", "-cost", column)[:400]
    return [
        MonthSum(
            month=row["month"],
            what=str(called.get(row[column], row[column])),
            cost=Money(row["cost"], row["currency"]),
            face=Money(row["face"], row["currency"]),
        )
        for row in found
    ]


def _names_of(column: str) -> dict[str, str]:
    if column == "failure":
        return {word: str(name) for word, name in names().items()}
    return {one.value: str(one.label) for one in Remedy} if column == "remedy" else {}


HEADER = (
    "number", "made_at", "state", "failure", "remedy", "currency", "worth", "cost", "order",
    "conversation", "agent", "product", "carrier", "code", "given_at", "used_at",
)  # fmt: skip


def exported(agent: Agent, asked: Asked) -> Iterator[Sequence[str]]:
    """Rows of a file, its header first; each cell is made harmless by who writes it."""
    yield HEADER
    rows = _chosen(agent, asked).select_related("order", "agent").order_by("-at", "-pk")
    for one in rows.iterator(chunk_size=500):
        yield (
            str(one.pk), one.at.isoformat(), one.state, one.failure, one.remedy, one.currency,
            str(one.face.decimal()), str(one.cost.decimal()),
            one.order.number if one.order else "", str(one.conversation_id or ""), one.agent.name,
            one.product, one.carrier, one.code,
            one.given_at.isoformat() if one.given_at else "",
            one.redeemed_at.isoformat() if one.redeemed_at else "",
        )  # fmt: skip
