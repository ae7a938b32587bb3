"""What a customer hears of what is promised to them: one honest line, and nothing internal."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from makegood.conversations.models import Conversation
from makegood.promises.models import Promise

Kind = Promise.Kind
TOLD = (Kind.PERSONAL, Kind.CALL_BACK, Kind.BACK_IN_STOCK, Kind.FIRST, Kind.NEXT)
"""A resolution is a target of ours, and no word given to anybody."""


def honest_line(conversation: Conversation, now: datetime) -> str:
    """By when we write, in the language of the page; empty where nothing was promised."""
    standing = Promise.objects.filter(
        conversation=conversation, settled_at=None, rests_since=None, kind__in=TOLD
    )
    promise = standing.order_by("due_at", "pk").first()
    if promise is None:
        return ""
    told = {"when": _when(promise.due_at, now), "words": promise.words}
    is_late = promise.due_at < now
    if is_late and promise.kind == Kind.BACK_IN_STOCK:
        words = _("We promised: “%(words)s”, by %(when)s, and are late. You are not forgotten.")
    elif is_late:
        words = _("We meant to answer by %(when)s and are late. You are not forgotten.")
    elif promise.words:
        words = _("We promised: “%(words)s”, by %(when)s.")
    else:
        words = _("We answer by %(when)s.")
    return words % told


def _when(at: datetime, now: datetime) -> str:
    """`12:00` today; `Thursday 12:00` within a week; else with its day."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = formats.time_format(local.time(), "H:i")
    days = (local.date() - today).days
    if days == 0:
        return clock
    form = "l" if 0 < days < 7 else "l, j F"
    return f"{formats.date_format(local, form)} {clock}"
