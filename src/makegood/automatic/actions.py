from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.automatic.events import (
    AutomaticMailAllowed,
    AutomaticMailQueued,
    AutomaticMailRefused,
    AutomaticMailStopped,
)
from makegood.automatic.models import AutomaticMail, Valve
from makegood.automatic.refusing import is_storm, mailbox_of, why_not_to, why_too_much
from makegood.channels.actions import post
from makegood.channels.interface import Outgoing
from makegood.channels.models import Inbox
from makegood.guard.checking import refusals_in
from makegood.guard.sheet import Sheet
from makegood.kit.records import Record
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System

State = AutomaticMail.State


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Why a machine writes: the rule, of what, and which time. Each is written of once."""

    rule: str
    about: str
    occurrence: str
    why_not: str = ""
    """Why it should not, where whoever asks knows already."""


@transaction.atomic
def write_by_machine(outgoing: Outgoing, *, inbox: Inbox, occasion: Occasion) -> AutomaticMail:
    """Put a machine's mail into the outbox, or write down why not; for each occasion once."""
    valve = _valve_of(inbox)
    now, address = timezone.now(), outgoing.to[0].address
    known = AutomaticMail.objects.filter(
        rule=occasion.rule, about=occasion.about, occurrence=occasion.occurrence
    ).first()
    if known is not None:
        return known
    state, reason = _decide(outgoing, valve, occasion, now)
    mail = AutomaticMail.objects.create(
        inbox=inbox,
        rule=occasion.rule,
        about=occasion.about,
        occurrence=occasion.occurrence,
        mailbox=mailbox_of(address),
        state=state,
        reason=reason[:250],
        at=now,
    )
    by = System("machine")
    about: list[Record | str] = [mail, occasion.about, inbox]
    if state == State.QUEUED:
        post(replace(outgoing, is_automatic=True), inbox=inbox, about=occasion.about)
        record(AutomaticMailQueued(rule=occasion.rule), about=about, by=by)
    else:
        record(AutomaticMailRefused(rule=occasion.rule, reason=mail.reason), about=about, by=by)
    return mail


def _decide(
    outgoing: Outgoing, valve: Valve, occasion: Occasion, now: datetime
) -> tuple[State, str]:
    """Whether it is written. What must not leave, or is a storm, stops the inbox as well."""
    address = outgoing.to[0].address
    reason = occasion.why_not or why_not_to(address)
    if reason:
        return State.REFUSED, reason
    if valve.is_closed():
        return State.HELD, valve.closed_because
    reason = why_too_much(valve.inbox, address, occasion.about, now)
    if reason:
        return State.REFUSED, reason
    if is_storm(valve, occasion.rule, now):
        _close(valve, _("More went out by machine within an hour than can be right"), now)
        return State.HELD, valve.closed_because
    wrong = refusals_in(_sheet(outgoing))
    if wrong:
        _close(valve, f"{wrong[0].reason} {wrong[0].excerpt}", now)
        return State.HELD, valve.closed_because
    return State.QUEUED, ""


def _sheet(outgoing: Outgoing) -> Sheet:
    known = [one.address for one in outgoing.to]
    ours = [outgoing.sender.address] if outgoing.sender else []
    return Sheet(
        text=outgoing.text,
        recipients=known,
        taking_part=known,
        ours=ours,
        house=settings.URL,
    )


def _valve_of(inbox: Inbox) -> Valve:
    """The inbox's valve, held until the transaction ends: budgets are counted behind it."""
    Valve.objects.get_or_create(inbox=inbox)
    return Valve.objects.select_for_update(of=("self",)).select_related("inbox").get(inbox=inbox)


def _close(valve: Valve, reason: str, now: datetime) -> None:
    valve.closed_at, valve.closed_because = now, reason[:250]
    valve.save(update_fields=["closed_at", "closed_because"])
    fact = AutomaticMailStopped(inbox_name=valve.inbox.name, reason=valve.closed_because)
    record(fact, about=[valve.inbox], by=System("machine"))


@transaction.atomic
def allow_automatic_mail(inbox: Inbox, *, by: Actor) -> bool:
    """Somebody looked: the inbox may write by machine again, and its hour begins anew."""
    valve = _valve_of(inbox)
    if not valve.is_closed():
        return False
    valve.closed_at, valve.closed_because, valve.opened_at = None, "", timezone.now()
    valve.save(update_fields=["closed_at", "closed_because", "opened_at"])
    record(AutomaticMailAllowed(inbox_name=inbox.name), about=[inbox], by=by)
    return True
