"""Letters that leave by themselves: of causes that are switched to it, in their standing words.

The same refuses as by hand, and every doubt too: what a person might pass over waits for a person.
Whoever holds the row of `Sender` sends, so that the cap of a day holds however many workers run.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.ahead.finding import look_at
from makegood.ahead.models import Prepared, Sender, Slip, Switch, Telling
from makegood.ahead.preparing import prepare, send_prepared
from makegood.ahead.switching import Standing, switch_of
from makegood.ahead.telling import Letter, may_tell, tell
from makegood.ahead.wording import LANGUAGES, date_for
from makegood.kit.errors import Refused

AT_ONCE = 5
GRACE = timedelta(minutes=15)
"""So long somebody may leave it out, or say it in other words."""
AGAIN = timedelta(hours=1)
FRESH = timedelta(days=3)
"""What nobody could be told of for so long is left to people."""
A_DAY = timedelta(days=1)


def send_letters() -> int:
    """One step of the worker: how many slips were tried."""
    now = timezone.now()
    return send_prepared(now) + send_due(now)


def send_due(now: datetime) -> int:
    tried = 0
    while tried < AT_ONCE:
        slip = _next(now)
        if slip is None:
            break
        look_at([slip.order_id], now)
        if not _send(slip.pk, now):
            break
        tried += 1
    return tried


def why_not(sender: Sender, now: datetime) -> str:
    """Why nothing would leave by itself now, in words; empty where it would."""
    if sender.agent is None:
        return _("Nobody is named in whose name letters leave by themselves.")
    if not sender.agent.is_active or not may_tell(sender.agent):
        return _("In whose name it would be may not send without somebody’s yes.")
    if by_itself_lately(now) >= sender.most:
        return _("As many as may left within a day; it goes on by itself.")
    return ""


def by_itself_lately(now: datetime) -> int:
    """How many letters left by themselves within a day."""
    left = Telling.objects.filter(is_by_itself=True, at__gt=now - A_DAY).count()
    return left + Prepared.objects.filter(is_by_itself=True, ended_at=None).count()


def _next(now: datetime) -> Slip | None:
    switched = list(Switch.objects.filter(way=Switch.Way.SEND, since__isnull=False))
    if not switched:
        return None
    wanted = Q()
    for one in switched:
        wanted |= Q(cause=one.cause, found_at__gte=one.since)
    due = Q(tried_at=None) | Q(tried_at__lte=now - AGAIN)
    rows = Slip.objects.filter(wanted, due, state=Slip.State.FOUND)
    rows = rows.exclude(pk__in=Prepared.objects.values("slip"))
    rows = rows.filter(found_at__lte=now - GRACE, found_at__gt=now - FRESH)
    return rows.order_by(F("tried_at").asc(nulls_first=True), "found_at", "pk").first()


@transaction.atomic
def _send(pk: int, now: datetime) -> bool:
    """Try one. False where nothing may leave now, or somebody else is sending."""
    rows = Sender.objects.select_for_update(of=("self",), skip_locked=True)
    sender = rows.select_related("agent").filter(pk=1).first()
    if sender is None or sender.agent is None or why_not(sender, now):
        return False
    slip = Slip.objects.select_related("order__shop").get(pk=pk)
    standing = switch_of(slip.cause)
    if standing.way != Switch.Way.SEND:
        return False
    if slip.state == Slip.State.FOUND:
        with suppress(Refused):  # the page of its group says why; a person decides
            letter = _letter(slip, standing, now)
            (prepare if letter.amends else tell)(slip, letter, by=sender.agent)
    Slip.objects.filter(pk=pk).update(tried_at=now)
    return True


def _letter(slip: Slip, standing: Standing, now: datetime) -> Letter:
    texts = {one: standing.words(one) for one in LANGUAGES}
    day = date_for(slip, now) if standing.names_day else None
    if day is not None:
        tomorrow = now.astimezone(ZoneInfo(slip.order.shop.time_zone)).date() + A_DAY
        day = max(tomorrow, day)
    return Letter(texts=texts, day=day, is_by_itself=True, amends=standing.amends)
