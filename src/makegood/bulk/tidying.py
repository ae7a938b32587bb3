"""What was tried and never begun is thrown away after some days, in small steps."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from makegood.bulk.models import BulkAct, BulkItem

KEPT_FOR = timedelta(days=7)
AT_ONCE = 1000
NEVER_BEGUN = (BulkAct.State.TRIED, BulkAct.State.LEFT)


def throw_away_tried(now: datetime) -> int:
    """Some rows of the oldest act that nobody began, or at last the act; how many there were."""
    old = BulkAct.objects.filter(state__in=NEVER_BEGUN, worked_at__lt=now - KEPT_FOR)
    return _throw_away(old) if old.exists() else 0


@transaction.atomic
def _throw_away(old: "QuerySet[BulkAct]") -> int:
    bulk = old.select_for_update().order_by("pk").first()
    if bulk is None:
        return 0
    some = list(bulk.items.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not some:
        bulk.delete()  # what was asked stands in the ledger
        return 1
    BulkItem.objects.filter(pk__in=some).delete()
    return len(some)
