"""How the install fares, asked without writing anything: for machines and for the owner."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.troubles import (
    late_collectors,
    oldest_arrival_waiting,
    oldest_delivery_waiting,
)
from makegood.conversations.intake import ATTEMPTS
from makegood.files.room import has_room
from makegood.ledger.followers import followers_behind
from makegood.shop.knowing import oldest_signal_waiting

INTAKE_WITHIN = timedelta(minutes=5)
SENDING_WITHIN = timedelta(minutes=15)
FOLLOWING_WITHIN = timedelta(minutes=2)
FETCHING_WITHIN = timedelta(minutes=15)
PROBE_WAITS_MS = 2000
LOCK_EVERY_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question about the install and its answer, in a few words without secrets."""

    name: str
    is_ok: bool
    says: str = "ok"


def database(_now: datetime) -> Check:
    """Whether somebody could write. The lock is taken and given back now and then; no write."""
    try:
        says = lock_of_sqlite() if connection.vendor == "sqlite" else _mode_of_postgresql()
    except DatabaseError as error:
        says = type(error).__name__
    return Check(name="database", is_ok=not says, says=says or _("can be written"))


class LastLook:
    """What the last try for the lock said, and when: whoever asks more often hears the same."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._at, self._said = float("-inf"), ""

    def __call__(self) -> str:
        # Strangers may ask too: however many do, writers are disturbed once in a while.
        with self._turn:
            if time.monotonic() - self._at > LOCK_EVERY_SECONDS:
                self._said = _said_by(_try_the_lock)
                self._at = time.monotonic()
            return self._said


def _said_by(question: Callable[[], None]) -> str:
    try:
        question()
    except DatabaseError as error:
        return type(error).__name__
    return ""


lock_of_sqlite = LastLook()


def _try_the_lock() -> None:
    with connection.cursor() as cursor:
        if connection.in_atomic_block:  # in a test: the lock is ours already
            return
        cursor.execute(f"PRAGMA busy_timeout={PROBE_WAITS_MS}")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        finally:
            cursor.execute("PRAGMA busy_timeout=20000")


def _mode_of_postgresql() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool"
        )
        return _("read only") if cursor.fetchone()[0] else ""


def disk(_now: datetime) -> Check:
    is_ok = has_room()
    return Check(name="disk", is_ok=is_ok, says=_("has room") if is_ok else _("nearly full"))


def intake(now: datetime) -> Check:
    return _age("intake", now, oldest_arrival_waiting(ATTEMPTS), INTAKE_WITHIN)


def sending(now: datetime) -> Check:
    return _age("sending", now, oldest_delivery_waiting(now), SENDING_WITHIN)


def _age(name: str, now: datetime, since: datetime | None, within: timedelta) -> Check:
    if since is None:
        return Check(name=name, is_ok=True, says=_("nothing waits"))
    seconds = max(0, int((now - since).total_seconds()))
    return Check(
        name=name,
        is_ok=now - since <= within,
        says=_("the oldest waits %(n)s min") % {"n": seconds // 60},
    )


def followers(now: datetime) -> Check:
    behind = followers_behind(now - FOLLOWING_WITHIN)
    names = ", ".join(behind)
    says = _("behind: %(names)s") % {"names": names} if behind else _("up to date")
    return Check(name="followers", is_ok=not behind, says=says)


def fetching(now: datetime) -> Check:
    late = late_collectors(now - FETCHING_WITHIN)
    says = _("%(n)s late") % {"n": late} if late else _("up to date")
    return Check(name="fetching", is_ok=not late, says=says)


def signals(now: datetime) -> Check:
    return _age("signals", now, oldest_signal_waiting(now), SENDING_WITHIN)


CHECKS: Sequence[Callable[[datetime], Check]] = (
    database, disk, intake, sending, followers, fetching, signals,
)  # fmt: skip


def condition() -> Sequence[Check]:
    now = timezone.now()
    found = [database(now)]
    if found[0].is_ok:
        found += [check(now) for check in CHECKS[1:]]
    return found
