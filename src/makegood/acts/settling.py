"""Acts that settle a conversation, open it again, let it rest, count it as read or join it."""

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run
from makegood.acts.portraits import Portrait
from makegood.conversations.actions import (
    mark_seen,
    mark_unseen,
    reopen_conversation,
    resolve_conversation,
    snooze_conversation,
)
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.conversations.models import Conversation
from makegood.kit.errors import Refused
from makegood.kit.rx import rx
from makegood.team.models import Agent

STATUS = ("status", "snoozed_until", "resolved_at")
_REST = rx(r"(\d{1,4})\s*([hd])")


def _status_back(_kept: str, run: Run, before: Portrait) -> None:
    """Settled again, resting again, or open again; a rest that is over by now is open."""
    until = parse_datetime(before["snoozed_until"] or "")
    if before["status"] == Conversation.Status.RESOLVED:
        resolve_conversation(run.conversation, by=run.by)
        return
    if until is not None:
        try:
            snooze_conversation(run.conversation, until=until, by=run.by)
            return
        except Refused:
            pass  # the time has passed meanwhile: it would have woken
    reopen_conversation(run.conversation, by=run.by)


def _say_resolve(_kept: str, run: Run) -> str:
    return "" if run.conversation.status == Conversation.Status.RESOLVED else _("Resolve it")


RESOLVE = Act(
    name="resolve",
    label=gettext_lazy("Resolve"),
    icon="circle-check",
    key="e",
    say=_say_resolve,
    do=lambda _kept, run: resolve_conversation(run.conversation, by=run.by),
    back=_status_back,
    touches=STATUS,
    is_so=lambda _kept, now, _by: now["status"] == "resolved",
)


def _say_reopen(_kept: str, run: Run) -> str:
    return "" if run.conversation.status == Conversation.Status.OPEN else _("Open it again")


REOPEN = Act(
    name="reopen",
    label=gettext_lazy("Open again"),
    icon="inbox",
    key="o",
    say=_say_reopen,
    do=lambda _kept, run: reopen_conversation(run.conversation, by=run.by),
    back=_status_back,
    touches=STATUS,
    is_so=lambda _kept, now, _by: now["status"] == "open",
)


def _read_rest(words: str) -> str:
    """`3h`, `2d`, or a moment with its zone."""
    match = _REST.fullmatch(words.strip().lower())
    if match is not None and int(match.group(1)):
        return f"{int(match.group(1))}{match.group(2)}"
    moment = _moment(words.strip())
    if moment is None:
        raise Refused(_("Say for how long: 3h for three hours, 2d for two days."))
    return moment.isoformat()


def _moment(words: str) -> datetime | None:
    try:
        moment = parse_datetime(words)
    except ValueError:  # it looks like one, and there is no such day
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def _until(kept: str) -> datetime:
    moment = _moment(kept)
    if moment is not None:
        return moment
    number = int(kept[:-1])
    length = timedelta(hours=number) if kept[-1] == "h" else timedelta(days=number)
    return timezone.now() + length


def _tell_rest(kept: str) -> str:
    if _moment(kept) is None:
        return kept
    return formats.date_format(timezone.localtime(_until(kept)), "SHORT_DATETIME_FORMAT")


def _say_snooze(kept: str, run: Run) -> str:
    until = timezone.localtime(_until(kept))
    return _("Let it rest until %(when)s") % {
        "when": formats.date_format(until, "SHORT_DATETIME_FORMAT")
    }


def _is_resting(kept: str, now: Portrait, _by: Agent) -> bool:
    moment = _moment(kept)
    return moment is not None and parse_datetime(now["snoozed_until"] or "") == moment


SNOOZE = Act(
    name="snooze",
    label=gettext_lazy("Snooze"),
    icon="alarm-clock",
    key="s",
    takes="rest",
    read=_read_rest,
    tell=_tell_rest,
    say=_say_snooze,
    do=lambda kept, run: snooze_conversation(run.conversation, until=_until(kept), by=run.by),
    back=_status_back,
    touches=STATUS,
    is_so=_is_resting,
)


def _read(_kept: str, run: Run) -> None:
    mark_seen(run.conversation, run.conversation.last_message, by=run.by)


def _read_back(_kept: str, run: Run, before: Portrait) -> None:
    mark_unseen(run.conversation, before["seen"], by=run.by)


READ = Act(
    name="read",
    label=gettext_lazy("Mark read"),
    icon="eye",
    key="r",
    say=lambda _kept, _run: _("Count it as read"),
    do=_read,
    back=_read_back,
    touches=("seen",),
    is_so=lambda _kept, now, _by: now["seen"] >= now["last_message"],
    is_for_macros=False,
)


def _read_number(words: str) -> str:
    """The number of the conversation that stays; of those chosen together the oldest, if none."""
    number = words.strip().lstrip("#")
    if number and not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Refused(_("That is no number of a conversation."))
    return number


def _join(kept: str, run: Run) -> None:
    into = Conversation.objects.get(pk=int(kept))
    join_conversation(run.conversation, into=into, by=run.by)


def _part(_kept: str, run: Run, _before: Portrait) -> None:
    part_conversation(run.conversation, by=run.by)


JOIN = Act(
    name="join",
    label=gettext_lazy("Join into one"),
    icon="link",
    key="m",
    read=_read_number,
    tell=lambda kept: f"#{kept}" if kept else "",
    say=lambda kept, _run: _("Make it part of #%(number)s") % {"number": kept},
    do=_join,
    back=_part,
    touches=("joined_into",),
    is_so=lambda kept, now, _by: now["joined_into"] == int(kept),
    is_for_macros=False,
)
