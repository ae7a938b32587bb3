"""Offering, giving, and what becomes of it: each step once, each with its money."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.authority.actions import give_back, take
from makegood.authority.models import Budget
from makegood.conversations.models import Conversation
from makegood.errands.models import Errand
from makegood.kit.errors import Refused
from makegood.kit.money import LARGEST, Money, known_currency
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.makegoods.entries import enter
from makegood.makegoods.events import (
    MakegoodApproved,
    MakegoodDeclined,
    MakegoodExpired,
    MakegoodGiven,
    MakegoodOffered,
    MakegoodRedeemed,
    MakegoodTakenBack,
    MakegoodTied,
)
from makegood.makegoods.failures import refuse_unknown
from makegood.makegoods.holding import hold_shop, key_of, locked
from makegood.makegoods.models import Approval, Entry, History, Makegood, Remedy
from makegood.makegoods.policy import Suggestion, history_of, suggested, table_of
from makegood.makegoods.refunding import refuse_refund
from makegood.makegoods.replacing import Lines, named, refuse_lines, refuse_unless_may_give
from makegood.makegoods.telling import about, digits
from makegood.shop.goods import product_of
from makegood.shop.models import Order
from makegood.team.models import Agent

State = Makegood.State
LONGEST = 500
LASTS = timedelta(days=90)
"""How long a coupon can be used, where nobody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is made good: a conversation, its order if it is about one, and whose it is."""

    conversation: Conversation | None
    order: Order | None
    emails: Sequence[str] = ()

    @property
    def value(self) -> int:
        return self.order.total_minor if self.order else 0

    def suggestions(self, failure: str, currency: str, at: datetime) -> Sequence[Suggestion]:
        history = history_of(self.order, self.emails, at)
        return suggested(table_of(currency), failure, self.value, history)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to give, and why."""

    failure: str
    remedy: str
    face: Money
    client_key: str
    cost: Money | None = None
    """Where it is another than what it is worth: a handwritten card costs little."""
    words: str = ""
    why: str = ""
    reason_ref: str = ""
    product: str = ""
    budget: Budget | None = None
    valid_until: datetime | None = None
    lines: Lines = ()
    """What of the order is sent once more, where that is the remedy."""

    @property
    def costs(self) -> Money:
        return self.face if self.cost is None else self.cost


@transaction.atomic
def offer(matter: Matter, wish: Wish, *, by: Agent) -> Makegood:
    """Make something good within what this agent may give: it is approved with that.

    The same form twice is one make-good. Beyond their authority nothing is written:
    `BeyondAuthority` says how much is left, and `approving.ask` asks whoever may.
    """
    hold_shop(matter.order)
    known = Makegood.objects.filter(client_key=wish.client_key).first()
    if known is not None:
        return known
    refuse_unless_may_give(by, wish.remedy, wish.lines)
    makegood = put_down(matter, wish, by=by)
    take(by, makegood.at_stake, ref=makegood.ref, case=makegood.case, budget=wish.budget, by=by)
    approve(makegood, by=by, is_own=True)
    return makegood


def put_down(matter: Matter, wish: Wish, *, by: Agent) -> Makegood:
    """The make-good as it is wanted, not approved by anybody yet."""
    now = timezone.now()
    _refuse(matter, wish)
    found = {one.remedy: one for one in matter.suggestions(wish.failure, wish.face.currency, now)}
    bounds, table = found.get(wish.remedy), table_of(wish.face.currency)
    makegood = Makegood(
        conversation=matter.conversation, order=matter.order, failure=wish.failure,
        remedy=wish.remedy, currency=wish.face.currency, face_minor=wish.face.minor,
        cost_minor=wish.costs.minor, version=table.version,
        least_minor=bounds.least.minor if bounds else None,
        most_minor=bounds.most.minor if bounds else None,
        reason_ref=wish.reason_ref[:80], why=_said(wish.why),
        words=_said(wish.words or named(matter.order, wish.lines)),
        lines=[list(one) for one in wish.lines],
        product=(wish.product or _article(matter.order))[:120],
        carrier=_carrier(matter.order), agent=by, budget=wish.budget,
        is_first_order=history_of(matter.order, matter.emails, now) == History.FIRST,
        client_key=wish.client_key, seal=secrets.token_hex(6), at=now, valid_until=wish.valid_until,
    )  # fmt: skip
    if makegood.is_outside() and not makegood.why:
        raise Refused(_("This is not what the table says: tell in a few words why."))
    makegood.save()
    fact = MakegoodOffered(
        makegood=makegood.pk, failure=makegood.failure, remedy=makegood.remedy,
        amount=digits(makegood.face), currency=makegood.currency, face_minor=makegood.face_minor,
        cost_minor=makegood.cost_minor, reason_ref=makegood.reason_ref, words=makegood.words,
        why=makegood.why, version=makegood.version_id,
    )  # fmt: skip
    record(fact, about=about(makegood), by=by, at=now)
    return makegood


def _refuse(matter: Matter, wish: Wish) -> None:
    refuse_unknown(wish.failure)
    known_currency(wish.face.currency)
    if wish.remedy not in Remedy.values:
        raise Refused(_("There is no such remedy."))
    if matter.conversation is None and matter.order is None:
        raise Refused(_("A make-good is about a conversation or an order."))
    if matter.order is not None and matter.order.currency != wish.face.currency:
        raise Refused(_("The order is in %(currency)s.") % {"currency": matter.order.currency})
    if wish.remedy == Remedy.REFUND:
        refuse_refund(matter.order, wish.face)
    refuse_lines(wish, matter.order)
    if not 0 <= min(wish.face.minor, wish.costs.minor) <= LARGEST:
        raise Refused(_("Less than nothing cannot be given."))
    if wish.face.minor == 0 and wish.costs.minor == 0 and not wish.words.strip():
        raise Refused(_("Say how much, or in words what is given."))
    if wish.remedy == Remedy.GESTURE and not wish.words.strip():
        raise Refused(_("Say in words what the gesture is: a handwritten card."))


def _article(order: Order | None) -> str:
    """Which article, where the order has one alone."""
    return product_of(order, "") if order is not None else ""


def _carrier(order: Order | None) -> str:
    """Who carried it, where one alone did."""
    if order is None:
        return ""
    carriers = {one.carrier for one in order.shipments.all() if one.carrier}
    return carriers.pop() if len(carriers) == 1 else ""


def _said(words: str) -> str:
    return fit_for_storage(words).strip()[:LONGEST]


def approve(makegood: Makegood, *, by: Agent, words: str = "", is_own: bool = False) -> None:
    """It may be given: its money is taken already."""
    makegood.state = State.APPROVED
    makegood.save(update_fields=["state"])
    fact = MakegoodApproved(
        makegood=makegood.pk, amount=digits(makegood.face), words=words, is_own=is_own
    )
    record(fact, about=about(makegood), by=by)


@transaction.atomic
def give(makegood: Makegood, *, code: str = "", by: Actor) -> Makegood:
    """It is done: the customer has it. Once; giving it again changes nothing."""
    makegood = locked(makegood)
    if makegood.state == State.GIVEN:
        return makegood
    _refuse_unless(makegood, State.APPROVED, word=_("to be given"))
    now = timezone.now()
    makegood.state, makegood.given_at = State.GIVEN, now
    makegood.code = code.strip()[:60] or makegood.code
    makegood.save(update_fields=["state", "given_at", "code"])
    enter(makegood, Entry.Kind.GIVEN, now)
    fact = MakegoodGiven(
        makegood=makegood.pk, remedy=makegood.remedy, amount=digits(makegood.face),
        currency=makegood.currency, face_minor=makegood.face_minor,
        cost_minor=makegood.cost_minor,
    )  # fmt: skip
    record(fact, about=about(makegood), by=by, at=now)
    return makegood


@transaction.atomic
def decline(makegood: Makegood, *, words: str, by: Actor) -> Makegood:
    """It is not given after all: the customer does not want it, or whoever wanted it thinks again.

    What it took of somebody's authority is free again.
    """
    makegood = locked(makegood)
    if makegood.state == State.DECLINED:
        return makegood
    _refuse_unless(makegood, State.OFFERED, State.APPROVED, word=_("not given yet"))
    now = timezone.now()
    _end(makegood, State.DECLINED, now)
    waiting = Approval.objects.filter(makegood=makegood, answered_at=None)
    waiting.update(answer=Approval.Answer.NEVER, answered_at=now)
    give_back(makegood.ref, by=by)
    fact = MakegoodDeclined(makegood=makegood.pk, amount=digits(makegood.face), words=_said(words))
    record(fact, about=about(makegood), by=by)
    return makegood


@transaction.atomic
def take_back(makegood: Makegood, *, words: str, is_void: bool = False, by: Actor) -> Makegood:
    """What was given is taken back, with a reason; its money counts no more.

    Money that the shop has paid back stays paid. A coupon that the shop has made can be used until
    it ends there: `is_void` says that it did, or that nobody has heard of it.
    """
    makegood = locked(makegood)
    if makegood.state == State.TAKEN_BACK:
        return makegood
    _refuse_unless(makegood, State.GIVEN, word=_("given, and not used"))
    if not words.strip():
        raise Refused(_("Say why it is taken back."))
    if isinstance(by, Agent):
        refuse_to_take_back(makegood, by)
    _refuse_what_the_shop_did(makegood, is_void=is_void)
    now = timezone.now()
    _end(makegood, State.TAKEN_BACK, now)
    enter(makegood, Entry.Kind.TAKEN_BACK, now)
    give_back(makegood.ref, by=by)
    fact = MakegoodTakenBack(makegood=makegood.pk, amount=digits(makegood.face), words=_said(words))
    record(fact, about=about(makegood), by=by)
    return makegood


def refuse_to_take_back(makegood: Makegood, agent: Agent) -> None:
    """What somebody gave is taken back by themselves, or by who sees everything."""
    if agent.pk != makegood.agent_id and not agent.sees_everything():
        raise Refused(_("Only whoever gave it, or somebody who sees everything, takes it back."))


def is_done_by_shop(makegood: Makegood) -> bool:
    """Whether the shop itself has paid or made it."""
    return Errand.objects.filter(key=key_of(makegood), state=Errand.State.DONE).exists()


def _refuse_what_the_shop_did(makegood: Makegood, *, is_void: bool) -> None:
    if not is_done_by_shop(makegood):
        return
    if makegood.remedy == Remedy.REFUND:
        raise Refused(_("The shop has paid it back: that cannot be taken back here."))
    if makegood.remedy == Remedy.REPLACEMENT:
        raise Refused(_("The shop sends it already: that cannot be taken back here."))
    if not is_void:
        raise Refused(_("The shop has made it: end it there first, and say that you have."))


@transaction.atomic
def use_after_all(makegood: Makegood, *, with_: str, at: datetime, by: Actor) -> bool:
    """A code that had ended was used: what it cost counts again. Once."""
    makegood = locked(makegood)
    if makegood.state not in (State.TAKEN_BACK, State.EXPIRED):
        return False
    makegood.state, makegood.redeemed_at = State.REDEEMED, at
    makegood.redeemed_with, makegood.ended_at = with_[:80], None
    makegood.save(update_fields=["state", "redeemed_at", "redeemed_with", "ended_at"])
    enter(makegood, Entry.Kind.USED, timezone.now())
    fact = MakegoodRedeemed(
        makegood=makegood.pk, amount=digits(makegood.face), used_with=makegood.redeemed_with
    )
    record(fact, about=[*about(makegood), with_], by=by)
    return True


@transaction.atomic
def redeem(
    makegood: Makegood, *, with_: str = "", at: datetime | None = None, by: Actor
) -> Makegood:
    """The customer used it: `with_` names the order."""
    makegood = locked(makegood)
    if makegood.state == State.REDEEMED:
        return makegood
    _refuse_unless(makegood, State.GIVEN, word=_("given, and not used"))
    makegood.state, makegood.redeemed_at = State.REDEEMED, at or timezone.now()
    makegood.redeemed_with = with_[:80]
    makegood.save(update_fields=["state", "redeemed_at", "redeemed_with"])
    fact = MakegoodRedeemed(
        makegood=makegood.pk, amount=digits(makegood.face), used_with=makegood.redeemed_with
    )
    record(fact, about=[*about(makegood), *filter(None, [with_])], by=by)
    return makegood


@transaction.atomic
def expire(makegood: Makegood, now: datetime, *, by: Actor) -> bool:
    """Nobody used it in time: its money counts no more. Only once, and only what can expire."""
    makegood = locked(makegood)
    is_due = makegood.valid_until is not None and makegood.valid_until <= now
    if makegood.state != State.GIVEN or not is_due:
        return False
    _end(makegood, State.EXPIRED, now)
    enter(makegood, Entry.Kind.EXPIRED, now)
    give_back(makegood.ref, by=by)
    record(
        MakegoodExpired(makegood=makegood.pk, amount=digits(makegood.face)),
        about=about(makegood), by=by, at=now,
    )  # fmt: skip
    return True


@transaction.atomic
def tie(makegood: Makegood, conversation: Conversation, *, by: Actor) -> Makegood:
    """What was given for an order is from now on seen in the conversation that told of it. Once."""
    makegood = locked(makegood)
    if makegood.conversation_id is not None:
        return makegood
    makegood.conversation = conversation
    makegood.save(update_fields=["conversation"])
    fact = MakegoodTied(makegood=makegood.pk, amount=digits(makegood.face))
    record(fact, about=about(makegood), by=by)
    return makegood


def _end(makegood: Makegood, state: "Makegood.State", at: datetime) -> None:
    makegood.state, makegood.ended_at = state, at
    makegood.save(update_fields=["state", "ended_at"])


def _refuse_unless(makegood: Makegood, *states: "Makegood.State", word: str) -> None:
    if makegood.state not in states:
        told = {"wanted": word, "now": State(makegood.state).label}
        raise Refused(_("This can be done while it is %(wanted)s; it is %(now)s.") % told)
