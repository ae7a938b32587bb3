from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from makegood.conversations.models import Conversation
from makegood.ledger.wakeup import nudge
from makegood.notices.models import Notice
from makegood.team.models import Agent

KEPT = timedelta(days=90)
AT_ONCE = 1000


def read_notices_of(conversation: Conversation, *, by: Agent) -> int:
    """The agent has the conversation before them: what it told them is read."""
    here = Q(conversation=conversation.pk) | Q(conversation__joined_into=conversation.pk)
    return _read(here, by)


def read_notices(numbers: Iterable[int], *, by: Agent) -> int:
    """Mark these as read, as far as they are the agent's."""
    return _read(Q(pk__in=list(numbers)[:AT_ONCE]), by)


def read_all_notices(until: int, *, by: Agent) -> int:
    """Mark everything that stood on the page; what came since stays unread."""
    return _read(Q(pk__lte=until), by)


def _read(which: Q, by: Agent) -> int:
    """Looked up first: where all is read already, nothing is written."""
    unread = Notice.objects.filter(which, agent=by, read_at=None)
    if not unread.exists():
        return 0
    with transaction.atomic():
        count: int = unread.update(read_at=timezone.now())
        nudge()
    return count


def forget_old_notices(now: datetime) -> int:
    """What is a quarter of a year old tells nobody anything any more; some at a time."""
    old = Notice.objects.filter(at__lt=now - KEPT).order_by("pk")
    numbers = list(old.values_list("pk", flat=True)[:AT_ONCE])
    return Notice.objects.filter(pk__in=numbers).delete()[0] if numbers else 0
