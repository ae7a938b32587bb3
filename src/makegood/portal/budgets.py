"""How often strangers may do what costs us or others something (security.md T15, D22).

Counted in the database, so that every process counts together and a restart forgets nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from makegood.kit.secrets import sign
from makegood.portal.models import Spending

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERYBODY = ""
SWEPT_AT_ONCE = 20


@dataclass(frozen=True)
class Budget:
    """So much in such a time."""

    limit: int
    period: timedelta


BUDGETS = {
    "writes-of-a-network": Budget(20, HOUR),
    "writes": Budget(3_000, HOUR),
    "bytes-of-a-network": Budget(100_000_000, DAY),
    "bytes": Budget(5_000_000_000, DAY),
    "confirmations-to-an-address": Budget(1, DAY),
    "confirmations-for-a-network": Budget(10, HOUR),
    "confirmations": Budget(500, HOUR),
    "answers-by-a-link": Budget(60, HOUR),
}


@transaction.atomic
def spend(name: str, spender: str = EVERYBODY, amount: int = 1) -> bool:
    """Take from a budget; False where it would go below nothing, and then nothing is taken."""
    budget, now = BUDGETS[name], timezone.now()
    row, made = Spending.objects.get_or_create(
        budget=name, spender=sign("budget", f"{name} {spender}"), defaults={"began_at": now}
    )
    if made:
        _sweep(name, budget)
    purse = Spending.objects.filter(pk=row.pk)
    purse.filter(began_at__lte=now - budget.period).update(began_at=now, spent=0)
    return bool(purse.filter(spent__lte=budget.limit - amount).update(spent=F("spent") + amount))


def _sweep(name: str, budget: Budget) -> None:
    """Purses whose time is long over go, a few whenever a new one is made."""
    over = Spending.objects.filter(budget=name, began_at__lt=timezone.now() - 2 * budget.period)
    Spending.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:SWEPT_AT_ONCE])).delete()
