"""What files said of people is not kept for ever: their lines go after a while, in small steps."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from makegood.rolls.models import Roll, RollLine

KEPT_FOR = timedelta(days=90)
"""So long a file that was brought in can be taken back, and what was refused be fetched."""
UNBEGUN_FOR = timedelta(days=14)
"""So long one waits to be brought in at all."""
AT_ONCE = 1000
ENDED = (Roll.State.DONE, Roll.State.STOPPED, Roll.State.UNDONE)
NEVER_BEGUN = (Roll.State.READING, Roll.State.MATCHING, Roll.State.LOOKED)


def throw_old_lines_away(now: datetime) -> int:
    """Some lines of the oldest file whose time is over; how many there were."""
    is_old = Q(state__in=ENDED, worked_at__lt=now - KEPT_FOR)
    is_old |= Q(state__in=NEVER_BEGUN, worked_at__lt=now - UNBEGUN_FOR)
    has_lines = Exists(RollLine.objects.filter(roll=OuterRef("pk")))
    old = Roll.objects.filter(is_old, has_lines)
    return _throw_away(old) if old.exists() else 0


@transaction.atomic
def _throw_away(old: "QuerySet[Roll]") -> int:
    roll = old.select_for_update(of=("self",)).order_by("pk").first()
    if roll is None:
        return 0
    some = list(roll.lines.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return RollLine.objects.filter(pk__in=some).delete()[0]
