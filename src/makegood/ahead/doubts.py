"""What speaks against telling somebody now, in words.

Some of it a person may pass over (somebody wrote to them today, they wait for an answer); the rest
nobody may: no address, blocked, told often lately.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from makegood.ahead.models import AFTERWARDS, Prepared, Slip, Telling
from makegood.automatic.refusing import why_not_to
from makegood.conversations.models import Conversation, Message
from makegood.customers.blocking import block_on
from makegood.customers.queries import handle_at
from makegood.kit.errors import Refused

MOST, WITHIN = 2, timedelta(days=7)
"""So many such letters to one customer within that time, of all their orders."""
LATELY = timedelta(days=1)
STANDING = (Conversation.Status.OPEN, Conversation.Status.SNOOZED)


@dataclass(frozen=True, kw_only=True)
class Against:
    """What speaks against telling, in words: what nobody may pass over, and what a person may."""

    never: str = ""
    doubt: str = ""


def against(slip: Slip, now: datetime, *, is_ready: bool = False) -> Against:
    """Whether there is something that speaks against telling the customer of it now.

    `is_ready`: it is the letter itself that was waited for.
    """
    address = slip.order.email
    if not address:
        return Against(never=_("No address is known"))
    if Telling.objects.standing().filter(order=slip.order_id, cause=slip.cause).exists():
        return Against(never=_("They were told of this already"))
    if not is_ready and Prepared.objects.filter(slip=slip, ended_at=None).exists():
        return Against(never=_("A letter waits for its coupon"))
    reason = why_not_to(address)
    if not reason and block_on("email", address, now) is not None:
        reason = _("They are blocked")
    handle = handle_at("email", address)
    if reason or handle is None:
        return Against(never=reason)
    if _told_lately(handle.customer_id, now) >= MOST:
        words = _("They were written to by ourselves %(n)s times within a week")
        return Against(never=words % {"n": MOST})
    return Against(doubt=_doubt(slip, handle.customer_id, now))


def refuse_what_speaks_against(
    slip: Slip, now: datetime, chosen: Collection[int], *, is_ready: bool = False
) -> None:
    """Raises `Refused`. `chosen`: slips of which a person saw it, and wants it all the same."""
    if slip.state == Slip.State.TOLD:
        raise Refused(_("They were told of this already"))
    if slip.state == Slip.State.CLOSED:
        raise Refused(_("It went away by itself"))
    said = against(slip, now, is_ready=is_ready)
    if said.never or (said.doubt and slip.pk not in chosen):
        raise Refused(said.never or said.doubt)


def _told_lately(customer: int, now: datetime) -> int:
    return Telling.objects.standing().filter(customer=customer, at__gt=now - WITHIN).count()


def _doubt(slip: Slip, customer: int, now: datetime) -> str:
    theirs = Conversation.objects.filter(customer=customer, status__in=STANDING)
    rows = list(theirs.order_by("-last_at", "-pk").values_list("pk", "turn")[:20])
    for pk, turn in rows:
        last = Message.objects.filter(conversation=pk).order_by("-pk").first()
        if last is None:
            continue
        if last.direction == Message.Direction.INCOMING and turn == Conversation.Turn.OURS:
            return _("They wrote and wait for an answer")
        if last.direction == Message.Direction.OUTGOING and last.at > now - LATELY:
            return _("Somebody answered them within a day")
    is_second = slip.cause in AFTERWARDS
    if not is_second and Telling.objects.standing().filter(order=slip.order_id).exists():
        return _("They were told of this order for another reason")
    return ""
