"""The clock of rules: states that have lasted long enough are due. Found by an index, by key."""

from datetime import datetime

from django.db import transaction

from makegood.automation.hearing import switch
from makegood.automation.models import Due, Watch

AT_ONCE = 100


def ring(now: datetime) -> int:
    """Let what has lasted long enough be due, the earliest first; how many there were."""
    if not Watch.objects.filter(due_at__lte=now).exists():
        return 0
    return _ring(now)


@transaction.atomic
def _ring(now: datetime) -> int:
    if switch().is_off:
        return 0
    found = Watch.objects.filter(due_at__lte=now, rule__is_on=True).order_by("due_at", "pk")
    locked = found.select_for_update(of=("self",), skip_locked=True)
    watches = list(locked.select_related("rule__version")[:AT_ONCE])
    Due.objects.bulk_create([_due(one, now) for one in watches])
    Watch.objects.filter(pk__in=[one.pk for one in watches]).update(due_at=None)
    return len(watches)


def _due(watch: Watch, now: datetime) -> Due:
    version = watch.rule.version
    state = version.state if version else ""
    return Due(
        conversation_id=watch.conversation_id,
        kind=f"since:{state}",
        cause=f"{state}:{watch.since.isoformat()}",
        event=watch.event,
        root=watch.root,
        depth=watch.depth,
        rule=watch.rule,
        at=now,
        not_before=now,
    )
