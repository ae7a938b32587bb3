"""A customer is told before they ask: once for each cause, in one transaction with the letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from makegood.ahead.doubts import STANDING, refuse_what_speaks_against
from makegood.ahead.events import SlipTold, SlipToldByItself
from makegood.ahead.models import Amends, Slip, Telling
from makegood.ahead.wording import Said, filled, language_of
from makegood.channels.queries import first_mailbox, may_see
from makegood.channels.registry import LIVE
from makegood.concerns.actions import attach_order
from makegood.concerns.models import Concern
from makegood.conversations.addressing import sending_inbox
from makegood.conversations.beginning import Matter, begin_conversation
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.customers.actions import meet
from makegood.customers.models import Customer
from makegood.customers.queries import local_time
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.makegoods.models import Makegood
from makegood.makegoods.wording import sentence_in
from makegood.promises.actions import Word, make_promise
from makegood.sending.rules import needs_approval, refuse_past_a_yes
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

MORNING, EVENING = time(8), time(20)
"""Of the customer's day; what is told at night waits for the morning."""
ITSELF = System("ahead")
State = Slip.State


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is said: a text for each language, and the new day, where one is promised."""

    texts: dict[str, str]
    day: date | None = None
    chosen: frozenset[int] = frozenset()
    """Slips of which a person saw what speaks against telling, and wants it all the same."""
    is_by_itself: bool = False
    """Nobody looked at it."""
    amends: str = Amends.NOTHING
    """What it is to give besides; then it waits until the shop has made that."""
    makegood: Makegood | None = None
    """What it gives: the customer has it with this letter."""


def may_tell(agent: Agent) -> bool:
    """Whether their letters leave without somebody's yes, by a conversation begun for one."""
    if not (agent.may("answer") and agent.may("answer.alone")):
        return False
    inbox = first_mailbox()
    return inbox is None or not needs_approval(agent, inbox.pk)


@transaction.atomic
def tell(slip: Slip, letter: Letter, *, by: Agent) -> Telling:
    """Write to its customer, in the conversation about this order. Raises `Refused`.

    Nobody reads it before it leaves: whose answers wait for a yes does not tell.
    """
    refuse_unless(by, "answer")
    refuse_unless(by, "answer.alone")
    now = timezone.now()
    customer, rows = held(slip, by)
    slip = next(one for one in rows if one.pk == slip.pk)
    is_ready = letter.makegood is not None
    refuse_what_speaks_against(slip, now, letter.chosen, is_ready=is_ready)
    said = _said(slip, letter, customer)
    conversation, message = _written(slip, customer, said.text, by)
    due_at = end_of(letter.day, slip) if letter.day else None
    promise = _promise(conversation, slip, due_at, by) if due_at else None
    telling = Telling(
        order=slip.order, cause=slip.cause, customer=customer.pk, conversation=conversation,
        message=message, promise=promise, due_at=due_at, agent=by, at=now,
        is_by_itself=letter.is_by_itself,
    )  # fmt: skip
    _keep(telling)
    for one in rows:
        one.state, one.ended_at = State.TOLD, now
        one.save(update_fields=["state", "ended_at"])
    _record(slip, telling, customer)
    return telling


def _record(slip: Slip, telling: Telling, customer: Customer) -> None:
    about = [slip, slip.order, telling.conversation, customer]
    number, cause, agent = slip.order.number, slip.cause, telling.agent
    message, promise = telling.message_id, telling.promise
    if telling.is_by_itself:
        fact = SlipToldByItself(
            number=number, cause=cause, message=message, promise=promise, agent=agent.pk
        )
        record(fact, about=about, by=ITSELF)
    else:
        told = SlipTold(number=number, cause=cause, message=message, promise=promise)
        record(told, about=about, by=agent)


def held(slip: Slip, by: Agent) -> tuple[Customer, Sequence[Slip]]:
    """Its customer and what slips of the order by this cause: locked, one teller at a time."""
    order = slip.order
    if not order.email:
        raise Refused(_("No address is known"))
    handle = meet("email", order.email, name=order.name, at=timezone.now(), by=by)
    customer = Customer.objects.select_for_update().get(pk=handle.customer_id)
    same = Slip.objects.select_for_update(of=("self",)).filter(order=order, cause=slip.cause)
    return customer, list(same.select_related("order__shop").order_by("pk"))


def _said(slip: Slip, letter: Letter, customer: Customer) -> Said:
    language = language_of(customer, slip.order.country)
    text = letter.texts.get(language) or next(iter(letter.texts.values()), "")
    gives = sentence_in(letter.makegood, language) if letter.makegood else ""
    said = filled(text, slip, language, letter.day, gives=gives)
    if said.unknown:
        raise Refused(_("There is no field %(name)s") % {"name": "{" + said.unknown[0] + "}"})
    return said


def _written(slip: Slip, customer: Customer, text: str, by: Agent) -> tuple[Conversation, Message]:
    leaves_at = morning(customer, slip, timezone.now())
    conversation = _conversation(slip, customer, leaves_at, by)
    refuse_past_a_yes(by, conversation.inbox_id)
    attach_order(conversation, slip.order, by=by)
    nth = Telling.objects.filter(order=slip.order_id, cause=slip.cause).count()
    key = f"ahead:{slip.order_id}:{slip.cause}" + (f":{nth}" if nth else "")
    reply = Reply(text=text, client_key=key, leaves_draft=True, send_after=leaves_at)
    return conversation, reply_to(conversation, reply, by=by)


def _keep(telling: Telling) -> None:
    try:
        with transaction.atomic():
            telling.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("They were told of this already")) from error


def _conversation(
    slip: Slip, customer: Customer, leaves_at: datetime | None, by: Agent
) -> Conversation:
    """The newest open one about this order; else one that begins with this letter.

    In a chat an answer is read at once: what waits for the morning is not said in one.
    """
    order = slip.order
    about = Concern.objects.filter(order=order).values("conversation")
    theirs = Conversation.objects.filter(pk__in=about, customer=customer, status__in=STANDING)
    for found in theirs.select_related("inbox").order_by("-last_at", "-pk")[:5]:
        if may_see(by, found.inbox_id) and not (leaves_at and _is_live(found)):
            return found
    inbox = first_mailbox()
    if inbox is None:
        raise Refused(_("No mailbox can send: connect one in the office first."))
    with translation.override(language_of(customer, order.country)):
        subject = _("Your order %(number)s") % {"number": order.number}
    matter = Matter(subject=subject, reason=str(slip.get_cause_display()))
    now = timezone.now()
    handle = meet("email", order.email, name=order.name, at=now, by=by)
    return begin_conversation(inbox, handle, matter, at=now, by=by)


def _is_live(conversation: Conversation) -> bool:
    try:
        return sending_inbox(conversation).kind in LIVE
    except Refused:
        return False


def end_of(day: date, slip: Slip) -> datetime:
    return datetime.combine(day, EVENING, ZoneInfo(slip.order.shop.time_zone))


def _promise(conversation: Conversation, slip: Slip, due_at: datetime, by: Agent) -> int | None:
    words = _("Order %(number)s is there") % {"number": slip.order.number}
    word = Word(words=words, due_at=due_at, is_kept_by_writing=False)
    return make_promise(conversation, word, by=by).pk


def morning(customer: Customer, slip: Slip, now: datetime) -> datetime | None:
    """When a letter of this moment leaves: at once by day, else the next morning of theirs."""
    local = local_time(customer, now)
    if local is None:
        try:
            local = now.astimezone(ZoneInfo(slip.order.shop.time_zone))
        except (ZoneInfoNotFoundError, ValueError):
            local = now
    if MORNING <= local.time() < EVENING:
        return None
    day = local.date() + timedelta(days=1 if local.time() >= EVENING else 0)
    return datetime.combine(day, MORNING, local.tzinfo)
