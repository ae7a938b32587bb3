"""How often strangers may do what costs us or others something (security.md T15, D22).

Counted in the database, so that every process counts together and a restart forgets nothing.
What one call takes from several purses is one statement: all of it is taken, or none.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from makegood.kit.secrets import sign
from makegood.portal.models import Spending

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERYBODY = ""
SWEPT_AT_ONCE = 1000
SWEPT_EVERY = 60.0


@dataclass(frozen=True)
class Budget:
    """So much in such a time; from `free` on, only for some work."""

    limit: int
    period: timedelta
    free: int | None = None


BUDGETS = {
    "writes-of-a-network": Budget(20, HOUR),
    "writes": Budget(3_000, HOUR),
    "bytes-of-a-network": Budget(100_000_000, DAY),
    "bytes": Budget(5_000_000_000, DAY),
    "confirmations-to-an-address": Budget(1, DAY),
    "confirmations-for-a-network": Budget(10, HOUR),
    "confirmations": Budget(500, HOUR),
    "answers-by-a-link": Budget(60, HOUR),
    "chat-words-a-minute": Budget(30, MINUTE, free=15),
    "chat-words-an-hour": Budget(200, HOUR, free=120),
    "chat-words-a-day": Budget(500, DAY),
    "chat-words-of-a-network": Budget(1_500, HOUR, free=240),
    "chat-words": Budget(150_000, HOUR, free=90_000),
    "chat-visitors-of-a-network": Budget(300, HOUR, free=30),
    "chat-visitors": Budget(30_000, HOUR, free=12_000),
    "chat-claims-of-a-network": Budget(120, HOUR),
    "chat-files": Budget(20, HOUR),
    "chat-files-of-a-network": Budget(150, HOUR, free=60),
    "chat-bytes": Budget(60_000_000, DAY),
    "chat-bytes-of-a-network": Budget(300_000_000, DAY),
    "chat-secrets": Budget(8, DAY),
    "chat-names-of-a-network": Budget(600, HOUR),
    "chat-invitations-of-a-network": Budget(60, DAY),
    "chat-invitations": Budget(20_000, DAY),
    "once": Budget(1, DAY),
}


@dataclass(frozen=True)
class Charge:
    """What one call takes from one purse."""

    budget: str
    spender: str = EVERYBODY
    amount: int = 1
    until: datetime | None = None
    """When that purse begins anew, where its time is not the budget's."""

    @property
    def purse(self) -> str:
        return sign("budget", f"{self.budget} {self.spender}")


class Exhausted(Exception):
    """A purse does not hold so much. Nothing was taken from any."""

    def __init__(self, charge: Charge, wait: int) -> None:
        super().__init__(charge.budget)
        self.charge = charge
        self.wait = wait
        """Seconds until it is filled again."""


def spend(name: str, spender: str = EVERYBODY, amount: int = 1) -> bool:
    """Take from a budget; False where it would go below nothing, and then nothing is taken."""
    try:
        take([Charge(name, spender, amount)])
    except Exhausted:
        return False
    return True


def take(charges: Sequence[Charge]) -> Mapping[str, int]:
    """Take from several purses at once; how much each has spent now. Raises `Exhausted`."""
    now = timezone.now()
    _sweep(now)
    charges = sorted(charges, key=lambda one: one.budget)  # so that two never wait for each other
    too_large = next((one for one in charges if one.amount > BUDGETS[one.budget].limit), None)
    if too_large is not None:
        raise Exhausted(too_large, int(BUDGETS[too_large.budget].period.total_seconds()))
    with transaction.atomic():
        spent = _take(charges, now)
        short = next((one for one in charges if one.budget not in spent), None)
        if short is not None:
            raise Exhausted(short, _seconds_left(short, now))
    return spent


# An upsert whose condition leaves out what would go below nothing: that row is not returned.
_TAKE = """
    INSERT INTO portal_spending (budget, spender, ends_at, spent) VALUES {rows}
    ON CONFLICT (budget, spender) DO UPDATE SET
      spent = excluded.spent
        + CASE WHEN portal_spending.ends_at <= %s THEN 0 ELSE portal_spending.spent END,
      ends_at = CASE WHEN portal_spending.ends_at <= %s
        THEN excluded.ends_at ELSE portal_spending.ends_at END
    WHERE portal_spending.ends_at <= %s
      OR portal_spending.spent + excluded.spent <= CASE excluded.budget {limits} END
    RETURNING budget, spent
"""


def _take(charges: Sequence[Charge], now: datetime) -> Mapping[str, int]:
    moment = connection.ops.adapt_datetimefield_value
    rows: list[Any] = []
    limits: list[Any] = []
    for one in charges:
        budget = BUDGETS[one.budget]
        ends = one.until or now + budget.period
        rows += [one.budget, one.purse, moment(ends), one.amount]
        limits += [one.budget, budget.limit]
    sql = _TAKE.format(
        rows=", ".join(["(%s, %s, %s, %s)"] * len(charges)),
        limits=" ".join(["WHEN %s THEN CAST(%s AS bigint)"] * len(charges)),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*rows, *[moment(now)] * 3, *limits])
        return dict(cursor.fetchall())


def _seconds_left(charge: Charge, now: datetime) -> int:
    found = Spending.objects.filter(budget=charge.budget, spender=charge.purse)
    ends = found.values_list("ends_at", flat=True).first() or now
    return max(1, int((ends - now).total_seconds()) + 1)


class _Broom:
    """When this process swept last."""

    at = 0.0
    lock = threading.Lock()


def _sweep(now: datetime) -> None:
    """Purses whose time is over go, some of them once a minute."""
    with _Broom.lock:
        if time.monotonic() - _Broom.at < SWEPT_EVERY:
            return
        _Broom.at = time.monotonic()
    over = Spending.objects.filter(ends_at__lt=now - HOUR).order_by("ends_at")
    Spending.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:SWEPT_AT_ONCE])).delete()
