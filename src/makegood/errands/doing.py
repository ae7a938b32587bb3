"""The worker goes to the shop: leased, killed anywhere, and never twice for one key.

Before the shop is spoken with, it is written down that it may have happened from now on. Whoever
finds that note without an answer beside it looks in the shop first, by the errand's key.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.errands.actions import declined, done, doubted
from makegood.errands.models import Errand
from makegood.errands.saying import wanted_of
from makegood.ledger.actors import System
from makegood.shop.connecting import do, look
from makegood.shop.connectors.interface import Declined, Done, TryLater, Unsure
from makegood.shop.fetching import fetch_order

State = Errand.State
LEASE = timedelta(minutes=5)
LOOKS = [timedelta(seconds=s) for s in (30, 120, 600, 3600, 21600)]
"""When something in doubt is looked for again; after the last a person has to say."""
MOST_TRIES = 5
BY = System("errands")


def run_next_errand() -> int:
    """One errand that may be gone on; how many there were. Run by any number of processes."""
    now = timezone.now()
    if not _due(now).exists():
        return 0
    errand = _lease(now)
    if errand is None:
        return 0
    if errand.begun_at is not None:
        _look(errand)
    else:
        _do(errand)
    return 1


def _due(now: datetime) -> "QuerySet[Errand]":
    return Errand.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), next_at__lte=now)


@transaction.atomic
def _lease(now: datetime) -> Errand | None:
    rows = _due(now).select_for_update(skip_locked=True, of=("self",))
    errand = rows.select_related("shop", "order", "conversation").order_by("next_at", "pk").first()
    if errand is None:
        return None
    errand.fence += 1
    errand.leased_until = now + LEASE
    if errand.state == State.WAITING:
        errand.state = State.DOING
    errand.save(update_fields=["fence", "leased_until", "state"])
    return errand


def _do(errand: Errand) -> None:
    if not _note_that_it_begins(errand):
        return  # another process has it
    try:
        answer = do(errand.shop, wanted_of(errand), errand.key)
    except Declined as no:
        _settle(errand, str(no))
    except TryLater as later:
        _wait(errand, later.seconds)
    except Unsure:
        _doubt(errand)
    else:
        _finish(errand, answer)


def _finish(errand: Errand, answer: Done) -> None:
    """It happened; and the order is seen as it is now, as far as the shop can say it at once."""
    if _settle(errand, answer) and errand.order is not None:
        fetch_order(errand.order)


def _look(errand: Errand) -> None:
    """It may have happened: go by what the shop says, and do nothing as long as it says nothing."""
    try:
        answer = look(errand.shop, wanted_of(errand), errand.key)
    except Declined as no:
        # The shop was switched off in between: what happened there, only a person can see.
        _doubt(errand, words=str(no), is_last=True)
    except (TryLater, Unsure):
        _doubt(errand)
    else:
        if answer is not None:
            _finish(errand, answer)
        elif errand.tries >= MOST_TRIES:
            _settle(errand, _("The shop did not answer, and nothing happened there."))
        else:
            _begin_anew(errand)


@transaction.atomic
def _note_that_it_begins(errand: Errand) -> bool:
    errand.begun_at = timezone.now()
    errand.tries += 1
    return _mine(errand).update(begun_at=errand.begun_at, tries=errand.tries) == 1


@transaction.atomic
def _settle(errand: Errand, answer: Done | str) -> bool:
    held = _held(errand)
    if held is None:
        return False  # its lease ran out, and somebody else looks
    if isinstance(answer, Done):
        done(held, answer, by=BY)
    else:
        declined(held, answer, by=BY)
    return True


@transaction.atomic
def _wait(errand: Errand, seconds: float) -> None:
    """The shop says that nothing happened, and when it may be asked again."""
    _mine(errand).update(
        state=State.WAITING, begun_at=None, leased_until=None,
        next_at=timezone.now() + timedelta(seconds=min(max(seconds, 1.0), 3600.0)),
    )  # fmt: skip


@transaction.atomic
def _begin_anew(errand: Errand) -> None:
    """It surely did not happen."""
    _mine(errand).update(
        state=State.WAITING, begun_at=None, leased_until=None, next_at=timezone.now(), looks=0
    )


@transaction.atomic
def _doubt(errand: Errand, *, words: str = "", is_last: bool = False) -> None:
    held = _held(errand)
    if held is None:
        return
    is_last = is_last or held.looks >= len(LOOKS)
    look_at = None if is_last else timezone.now() + LOOKS[held.looks]
    held.looks += 1
    if words:
        held.words = words[:500]
        held.save(update_fields=["words"])
    doubted(held, look_at=look_at, by=BY)


def _mine(errand: Errand) -> "QuerySet[Errand]":
    return Errand.objects.filter(pk=errand.pk, fence=errand.fence, settled_at=None)


def _held(errand: Errand) -> Errand | None:
    rows = _mine(errand).select_for_update(of=("self",)).select_related("order", "conversation")
    return rows.first()
