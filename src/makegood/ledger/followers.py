"""Readers that run after the commit, in order, each from a cursor of its own.

A follower is leased to one process at a time. Its work and the move of its cursor are one
transaction guarded by a fencing number: a process that slept past its lease cannot commit.
To rebuild what a follower makes, set its cursor to zero.
"""

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from makegood.ledger.models import Event, Follower
from makegood.ledger.reading import Reader

LEASE = timedelta(seconds=30)
Work = Callable[[Sequence[Event]], None]
_FOLLOWERS: dict[str, Work] = {}


class LeaseLost(Exception):
    """Another process took over; what was done here is rolled back."""


def follows(name: str) -> Callable[[Work], Work]:
    """Register a function that is given every event once, in order, in batches."""

    def register(work: Work) -> Work:
        _FOLLOWERS[name] = work
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

    def step(self) -> int:
        """Work through one batch. Returns how many events; raises `LeaseLost`."""
        events = self.reader.read()
        if not events:
            self._renew()
            return 0
        last = events[-1].pk
        with transaction.atomic():
            self._hold(position=last, moved_at=timezone.now(), trouble="")
            _FOLLOWERS[self.name](events)
        self.reader.advance(last)
        return len(events)

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
    return Following(name, Reader(row.position), row.fence)


def note_trouble(name: str, words: str) -> None:
    """What stopped a follower, for the health page; it tries again by itself."""
    Follower.objects.filter(name=name).update(trouble=words[:2000])


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
    Follower.objects.filter(name=name).update(position=0, fence=F("fence") + 1, leased_until=None)
