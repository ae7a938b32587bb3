from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from makegood.ledger.wakeup import nudge
from makegood.presence.models import Presence
from makegood.team.models import Agent

FORGOTTEN_AFTER = timedelta(minutes=15)
MOST_PAGES = 40
"""Of one agent; a program that makes up pages pushes out its own oldest."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a page is and what is done there; nowhere for a list or a setting."""

    place: str = ""
    inbox: int | None = None
    doing: str = Presence.Doing.LOOKING


def beat(page: str, spot: Spot, *, by: Agent) -> bool:
    """The page is open and seen; whether anything about it changed. Leaves no event."""
    now = timezone.now()
    same = Presence.objects.filter(agent=by, page=page, place=spot.place, doing=spot.doing)
    with _without_waiting_for_the_disk():
        if same.update(seen_at=now, inbox=spot.inbox):
            return False
        _move(page, spot, by, now)
    return True


@transaction.atomic
def _move(page: str, spot: Spot, by: Agent, now: datetime) -> None:
    values = {"place": spot.place, "inbox": spot.inbox, "doing": spot.doing, "seen_at": now}
    _row, is_new = Presence.objects.update_or_create(agent=by, page=page, defaults=values)
    if is_new:
        Presence.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
        pages = Presence.objects.filter(agent=by).order_by("-seen_at", "-pk")
        too_many = list(pages.values_list("pk", flat=True)[MOST_PAGES:])
        Presence.objects.filter(pk__in=too_many).delete()
    nudge()


def leave(page: str, *, by: Agent) -> None:
    """The page is closed or hidden. The agent counts as away for a while, then as gone."""
    left = Presence.objects.filter(agent=by, page=page).exclude(place="", seen_at__lt=_away())
    with _without_waiting_for_the_disk():
        if left.update(place="", inbox=None, doing=Presence.Doing.LOOKING, seen_at=_away()):
            with transaction.atomic():
                nudge()


def _away() -> datetime:
    """A moment just too long ago to count as being here."""
    return timezone.now() - timedelta(seconds=HERE_SECONDS)


HERE_SECONDS = 45


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """A heartbeat need not survive a power cut: on SQLite its commit does not wait for fsync."""
    is_own = connection.vendor == "sqlite" and not connection.in_atomic_block
    if not is_own:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
