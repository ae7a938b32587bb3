"""What shops tell us: stored before it is acknowledged, read afterwards, once or more often."""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.shop.connecting import link_of
from makegood.shop.connectors.interface import Greeting, NotGenuine, TryLater
from makegood.shop.doors import reader_of
from makegood.shop.models import Connection, Signal

log = logging.getLogger(__name__)

MOST_BYTES = 2 * 1024 * 1024
LONGEST_WAIT = timedelta(hours=1)
LEASE = timedelta(minutes=5)
GIVES_UP_AFTER = 8
KEPT_FOR = timedelta(days=7)
AT_ONCE = 50
REMOVED_AT_ONCE = 200

State = Signal.State


def take_signal(connection: Connection, raw: bytes, headers: Mapping[str, str]) -> Signal:
    """Keep a genuine signal, once. Raises `NotGenuine`, and nothing is kept.

    It is stored when this returns, and read later: what it says can wait, and the sender not.
    """
    reader = reader_of(connection.kind)
    try:
        head = reader.verify(link_of(connection), raw, headers)
    except Greeting:
        raise
    except NotGenuine:
        FORGED.count(connection)
        raise
    now = timezone.now()
    kept = {name: headers[name][:500] for name in reader.headers if name in headers}
    signal, is_new = Signal.objects.get_or_create(
        connection=connection,
        event_id=head.event_id[:200],
        defaults={
            "topic": one_line(head.topic, 120), "headers": kept, "raw": raw, "came_at": now,
            "happened_at": head.happened_at, "next_at": now,
        },
    )  # fmt: skip
    if is_new:
        Connection.objects.filter(pk=connection.pk).update(heard_at=now)
    return signal


class Forged:
    """Counts what was not genuine; however much comes, one row is written a second."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._seen: dict[int, tuple[int, float]] = {}

    def count(self, connection: Connection) -> None:
        with self._turn:
            count, written = self._seen.get(connection.pk, (0, float("-inf")))
            is_due = time.monotonic() - written > 1.0
            self._seen[connection.pk] = (0, time.monotonic()) if is_due else (count + 1, written)
        if is_due:
            Connection.objects.filter(pk=connection.pk).update(
                forged=F("forged") + count + 1, forged_at=timezone.now()
            )


FORGED = Forged()


def read_next_signals() -> int:
    """Read some of those that wait; how many were. Run by any number of threads."""
    done = 0
    while done < AT_ONCE:
        signal = _lease(timezone.now())
        if signal is None:
            break
        read_signal(signal)
        done += 1
    return done or forget_old_signals(timezone.now())


@transaction.atomic
def _lease(now: datetime) -> Signal | None:
    """The one that waits longest, for this process; another takes it where this one dies."""
    waiting = Signal.objects.filter(
        state=State.WAITING, next_at__lte=now, connection__state=Connection.State.ACTIVE
    )
    signal = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("next_at").first()
    if signal is not None:
        signal.attempts += 1
        signal.next_at = now + LEASE
        signal.save(update_fields=["attempts", "next_at"])
    return signal


def read_signal(signal: Signal) -> None:
    """Understand one signal. What cannot be read keeps its bytes and says its trouble."""
    connection = Connection.objects.select_related("shop").get(pk=signal.connection_id)
    try:
        is_ours = reader_of(connection.kind).take(connection, signal)
    except Refused as refused:
        _settle(signal, State.TROUBLE, str(refused))
    except TryLater as later:
        _wait(signal, later)
    except DatabaseError:
        raise  # says nothing of this signal; its lease runs out, and it is looked at again
    except Exception as error:
        log.exception("A signal failed in a way of its own.", extra={"signal": signal.pk})
        words = _("It could not be understood (%(kind)s).") % {"kind": type(error).__name__}
        _settle(signal, State.TROUBLE, words)
    else:
        _settle(signal, State.DONE if is_ours else State.PASSED, "")


def _settle(signal: Signal, state: Signal.State, trouble: str) -> None:
    signal.state, signal.trouble = state, one_line(trouble, 250)
    signal.read_at = timezone.now()
    signal.save(update_fields=["state", "trouble", "read_at"])


def _wait(signal: Signal, later: TryLater) -> None:
    """The shop could not be asked just now. It is tried for a day or so, then somebody is told."""
    if signal.attempts > GIVES_UP_AFTER and later.seconds < LONGEST_WAIT.total_seconds():
        _settle(signal, State.TROUBLE, _("The shop could not be asked: %(why)s") % {"why": later})
        return
    doubled = timedelta(seconds=max(later.seconds, 2.0**signal.attempts))
    signal.next_at = timezone.now() + min(doubled, LONGEST_WAIT)
    signal.trouble = one_line(str(later), 250)
    signal.save(update_fields=["next_at", "trouble"])


@transaction.atomic
def read_again(signal: Signal) -> None:
    """Somebody mended what was wrong: let the worker try once more."""
    row = Signal.objects.select_for_update().get(pk=signal.pk)
    if row.state in (State.TROUBLE, State.PASSED):
        row.state, row.attempts, row.next_at = State.WAITING, 0, timezone.now()
        row.save(update_fields=["state", "attempts", "next_at"])


def forget_old_signals(now: datetime) -> int:
    """What was read a week ago goes: the mirror has it, and the bytes are of people."""
    old = Signal.objects.filter(state__in=[State.DONE, State.PASSED], came_at__lt=now - KEPT_FOR)
    some = list(old.order_by("came_at").values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    if some:
        Signal.objects.filter(pk__in=some).delete()
    return 0
