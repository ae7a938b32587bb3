"""The curve of an inbox, from its last weeks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.waits.curves import Counted, Curve, curve_of
from makegood.waits.models import Hour
from makegood.waits.writing_down import hours_at

WEEKS = 8


def curve_at(inbox: int, now: datetime) -> Curve | None:
    """How fast this inbox answers, hour by hour; nothing where too little is known."""
    rows = Hour.objects.filter(inbox=inbox, week__gt=(now - timedelta(weeks=WEEKS)).date())
    known = rows.values_list("slot", "answers", "busy_seconds", "agents")
    counted = [
        Counted(slot=slot, answers=answers, busy_seconds=busy, agents=len(agents))
        for slot, answers, busy, agents in known
    ]
    if not counted:
        return None
    hours = hours_at(Inbox.objects.get(pk=inbox))
    zone = hours.zone if hours else ZoneInfo(timezone.get_default_timezone_name())
    return curve_of(counted, hours, zone)
