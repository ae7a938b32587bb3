"""Readers that run after the commit, in order, each from a cursor of its own.

A follower is leased to one process at a time. Its work and the move of its cursor are one
transaction guarded by a fencing number: a process that slept past its lease cannot commit.
To rebuild what a follower makes, set its cursor to zero.

An event that a follower fails at again and again, over some time, is set aside and the rest
goes on: see `holding`. A follower that registers with `keeps_order=True` is never moved past
anything; it stands until its trouble is mended.
"""

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from makegood.ledger.models import Event, Follower, Held
from makegood.ledger.reading import BATCH, Reader, in_full

LEASE = timedelta(seconds=30)
Work = Callable[[Sequence[Event]], None]
_FOLLOWERS: dict[str, Work] = {}
_KEEP_ORDER: set[str] = set()
TRIES = 8
PATIENCE = timedelta(minutes=10)
"""An event is set aside after this many tries, and not before they took this long."""


class LeaseLost(Exception):
    """Another process took over; what was done here is rolled back."""


def follows(name: str, *, keeps_order: bool = False) -> Callable[[Work], Work]:
    """Register a function that is given every event once, in order, in batches.

    `keeps_order` says that a later event must never be worked through before an earlier one.
    """

    def register(work: Work) -> Work:
        _FOLLOWERS[name] = work
        (_KEEP_ORDER.add if keeps_order else _KEEP_ORDER.discard)(name)
        return work

    return register


def follower_names() -> list[str]:
    return sorted(_FOLLOWERS)


def process_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass
class Following:
    """One process's hold on one follower."""

    name: str
    reader: Reader
    fence: int
    failures: int = 0
    careful_until: int = 0
    """Up to here one event at a time: among these a batch failed."""

    def step(self) -> int:
        """Work through one batch. Returns how many events; raises `LeaseLost`."""
        events = self.reader.read(limit=1 if self._is_careful() else BATCH)
        if not events:
            self._renew()
            return 0
        last = events[-1].pk
        now = timezone.now()
        before, self.careful_until = self.careful_until, last
        with transaction.atomic():
            self._hold(position=last, moved_at=now, trouble="", failures=0, failing_since=None)
            _FOLLOWERS[self.name](events)
        self.reader.advance(last)
        self.failures, self.careful_until = 0, before
        return len(events)

    def _is_careful(self) -> bool:
        """Whether to go one by one, so that only the event at fault is held."""
        return self.failures > 0 or self.reader.position < self.careful_until

    def fail(self, words: str) -> bool:
        """Write down a failure; whether the event at fault was set aside and the rest goes on."""
        now = timezone.now()
        row = Follower.objects.get(name=self.name)
        self.failures = row.failures + 1
        since = row.failing_since or now
        self._hold(trouble=words[:2000], failures=self.failures, failing_since=since)
        if self.name in _KEEP_ORDER or self.failures < TRIES or now - since < PATIENCE:
            return False
        self._set_aside(words)
        return True

    @transaction.atomic
    def _set_aside(self, words: str) -> None:
        event = next(iter(self.reader.read(limit=1)), None)
        if event is None:
            return
        Held.objects.update_or_create(
            follower_id=self.name,
            event=event,
            defaults={"trouble": words[:2000], "held_at": timezone.now()},
        )
        self._hold(position=event.pk, failures=0, failing_since=None)
        self.reader.advance(event.pk)
        self.failures = 0

    def _renew(self) -> None:
        mine = Follower.objects.filter(name=self.name, fence=self.fence)
        lease = mine.values_list("leased_until", flat=True).first()
        if lease is None:
            raise LeaseLost(self.name)
        if lease - timezone.now() < LEASE / 2:
            self._hold()

    def _hold(self, **changes: object) -> None:
        changed = Follower.objects.filter(name=self.name, fence=self.fence).update(
            leased_until=timezone.now() + LEASE, **changes
        )
        if changed != 1:
            raise LeaseLost(self.name)


def take_up(name: str) -> Following | None:
    """Lease a follower for this process, or None while another process holds it."""
    now = timezone.now()
    Follower.objects.get_or_create(name=name)
    me = process_name()
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_by=me)
    taken = Follower.objects.filter(free, name=name).update(
        leased_by=me, leased_until=now + LEASE, fence=F("fence") + 1
    )
    if not taken:
        return None
    row = Follower.objects.get(name=name)
    if row.leased_by != me:
        return None
    return Following(name, Reader(row.position), row.fence, row.failures)


def retry_held(name: str = "") -> tuple[int, int]:
    """Give held events to their followers once more: how many went through, how many did not."""
    through = stuck = 0
    held = Held.objects.order_by("event_id")
    for row in held.filter(follower_id=name) if name else held:
        try:
            with transaction.atomic():
                event = in_full(row.event_id)
                _FOLLOWERS[row.follower_id]([event])
                row.delete()
            through += 1
        except Exception as error:  # noqa: BLE001  # whatever it is, it stays held and is shown
            Held.objects.filter(pk=row.pk).update(trouble=f"{type(error).__name__}: {error}"[:2000])
            stuck += 1
    return through, stuck


def held_events(limit: int = 100) -> Sequence[Held]:
    """What followers passed over, oldest first."""
    return list(Held.objects.select_related("event").order_by("event_id")[:limit])


def held_by_follower() -> dict[str, int]:
    """How many events each follower passed over."""
    counted = Held.objects.values_list("follower_id").annotate(n=Count("pk"))
    return {str(name): int(count) for name, count in counted.order_by("follower_id")}


def followers_behind(since: datetime) -> Sequence[str]:
    """The followers that have not read what was recorded before `since`."""
    kept = dict(Follower.objects.values_list("name", "position"))
    newest = Event.objects.filter(recorded_at__lte=since).order_by("-pk")
    last = newest.values_list("pk", flat=True).first() or 0
    return [name for name in follower_names() if kept.get(name, 0) < last]


def catch_up(name: str) -> int:
    """Bring one follower to the end of the ledger, here and now; how many events it took."""
    following, total = take_up(name), 0
    if following is None:
        return 0
    while count := following.step():
        total += count
    return total


def restart(name: str) -> None:
    """Begin again from the first event: what the follower makes is made anew."""
    Held.objects.filter(follower_id=name).delete()
    Follower.objects.filter(name=name).update(
        position=0, fence=F("fence") + 1, leased_until=None, failures=0, failing_since=None
    )
