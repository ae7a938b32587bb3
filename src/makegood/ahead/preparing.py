"""A letter that names a coupon leaves once the shop has made it; before, nobody is told of it.

The make-good is offered as any other: within the authority of whoever sends, by the table, asked
of the shop under a key. What becomes of it is looked at by the worker, a few at a time.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.ahead.amends import Purse, failure_of, matter_of
from makegood.ahead.doubts import refuse_what_speaks_against
from makegood.ahead.events import LetterPrepared, LetterStayed
from makegood.ahead.models import Prepared, Slip
from makegood.ahead.telling import ITSELF, Letter, held, tell
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.makegoods.actions import LASTS, Wish, offer, take_back, tie
from makegood.makegoods.claims import signs
from makegood.makegoods.holding import hold_shop
from makegood.makegoods.models import Makegood, Remedy
from makegood.makegoods.telling import digits
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

AT_ONCE = 5
GIVEN = (Makegood.State.GIVEN,)
OPEN = (Makegood.State.OFFERED, Makegood.State.APPROVED)


@transaction.atomic
def prepare(slip: Slip, letter: Letter, *, by: Agent) -> Prepared:
    """Have the coupon made that a letter names. Raises `Refused`, also beyond their authority."""
    refuse_unless(by, "answer")
    refuse_unless(by, "answer.alone")
    now = timezone.now()
    hold_shop(slip.order)
    _customer, rows = held(slip, by)
    slip = next(one for one in rows if one.pk == slip.pk)
    refuse_what_speaks_against(slip, now, letter.chosen)
    if letter.is_by_itself and signs([slip.order.email], now):
        raise Refused(_("Somebody should look at their claims first"))
    coupon = Purse(amends=letter.amends, now=now).coupon(slip)
    if coupon is None:
        raise Refused(_("The table names no coupon for it, or its shop cannot make one by itself"))
    nth = Prepared.objects.filter(slip=slip).count()
    wish = Wish(
        failure=failure_of(slip), remedy=Remedy.COUPON, face=coupon, valid_until=now + LASTS,
        client_key=f"ahead:{slip.pk}:{nth}", reason_ref=slip.ref,
    )  # fmt: skip
    makegood = offer(matter_of(slip), wish, by=by)
    prepared = Prepared.objects.create(
        slip=slip, makegood=makegood, agent=by, texts=dict(letter.texts), day=letter.day, at=now,
        is_chosen=slip.pk in letter.chosen, is_by_itself=letter.is_by_itself,
    )  # fmt: skip
    fact = LetterPrepared(
        number=slip.order.number, cause=slip.cause, makegood=makegood.pk, amount=digits(coupon)
    )
    record(fact, about=[slip, slip.order, makegood], by=ITSELF if letter.is_by_itself else by)
    return prepared


def send_prepared(now: datetime) -> int:
    """One step of the worker: how many letters were looked at whose coupon is decided on."""
    ended = Prepared.objects.filter(ended_at=None).exclude(makegood__state__in=OPEN)
    numbers = list(ended.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_end(pk, now) for pk in numbers)


@transaction.atomic
def _end(pk: int, now: datetime) -> bool:
    """Tell, or say why not. False where somebody else does just then."""
    rows = Prepared.objects.select_for_update(of=("self",), skip_locked=True)
    parts = ("slip__order__shop", "makegood", "agent")
    prepared = rows.select_related(*parts).filter(pk=pk, ended_at=None).first()
    if prepared is None:
        return False
    makegood = prepared.makegood
    if makegood.state not in GIVEN:
        _stay(prepared, _("There is no coupon: %(state)s.") % {"state": _state(makegood)}, now)
        return True
    try:
        telling = tell(prepared.slip, _letter(prepared), by=prepared.agent)
    except Refused as refused:
        why = str(refused)
        take_back(makegood, words=why, is_void=True, by=ITSELF)
        _stay(prepared, why, now)
        return True
    tie(makegood, telling.conversation, by=ITSELF)
    prepared.state, prepared.ended_at = Prepared.State.TOLD, now
    prepared.save(update_fields=["state", "ended_at"])
    return True


def _state(makegood: Makegood) -> str:
    return str(Makegood.State(makegood.state).label)


def _letter(prepared: Prepared) -> Letter:
    return Letter(
        texts=prepared.texts, day=prepared.day, is_by_itself=prepared.is_by_itself,
        chosen=frozenset([prepared.slip_id] if prepared.is_chosen else []),
        makegood=prepared.makegood,
    )  # fmt: skip


def _stay(prepared: Prepared, why: str, now: datetime) -> None:
    prepared.state, prepared.ended_at = Prepared.State.FAILED, now
    prepared.why = why[:250]
    prepared.save(update_fields=["state", "ended_at", "why"])
    slip = prepared.slip
    fact = LetterStayed(number=slip.order.number, cause=slip.cause, why=prepared.why)
    record(fact, about=[slip, slip.order, prepared.makegood], by=ITSELF)
