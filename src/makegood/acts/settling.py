"""Acts that settle a conversation, open it again, let it rest, count it as read or join it."""

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run
from makegood.acts.portraits import Portrait
from makegood.acts.rests import is_fixed, read_rest, rest_of, tell_rest
from makegood.channels.queries import may_see
from makegood.conversations.actions import (
    mark_seen,
    mark_unseen,
    reopen_conversation,
    resolve_conversation,
)
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import refuse_for_many
from makegood.conversations.resting import snooze_conversation
from makegood.conversations.unwanted import mark_as_spam, mark_as_wanted
from makegood.kit.errors import Refused
from makegood.team.models import Agent

STATUS = ("status", "snoozed_until", "wakes_with", "resolved_at")
Status = Conversation.Status


def _status_back(_kept: str, run: Run, before: Portrait) -> None:
    """Settled again, resting again, or open again; a rest that is over by now is open."""
    here = run.conversation
    if here.status == Status.SPAM:
        mark_as_wanted(here, by=run.by)
    if before["status"] == Status.SPAM:
        mark_as_spam(here, by=run.by)
    elif before["status"] == Status.RESOLVED:
        resolve_conversation(here, by=run.by)
    elif before["status"] == Status.SNOOZED and _rest_again(here, before, run):
        return
    else:
        reopen_conversation(here, by=run.by)


def _rest_again(here: Conversation, before: Portrait, run: Run) -> bool:
    until = parse_datetime(before["snoozed_until"] or "")
    after = Conversation.objects.filter(pk=before.get("wakes_with") or 0).first()
    try:
        snooze_conversation(here, until=until, after=after, by=run.by)
    except Refused:
        return False  # the time has passed meanwhile, or the other is settled: it would have woken
    return True


def _say_resolve(_kept: str, run: Run) -> str:
    return "" if run.conversation.status == Conversation.Status.RESOLVED else _("Resolve it")


def _resolve(_kept: str, run: Run) -> None:
    refuse_for_many(run.conversation, run.newest)
    resolve_conversation(run.conversation, seen=run.seen, by=run.by)


RESOLVE = Act(
    name="resolve",
    label=gettext_lazy("Resolve"),
    icon="circle-check",
    key="e",
    say=_say_resolve,
    do=_resolve,
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


def _do_snooze(kept: str, run: Run) -> None:
    rest = rest_of(kept, run.by, run.conversation)
    after = Conversation.objects.filter(pk=rest.after).first() if rest.after else None
    if rest.after and (after is None or not may_see(run.by, after.inbox_id)):
        raise Refused(_("There is no conversation #%(number)s.") % {"number": rest.after})
    snooze_conversation(run.conversation, until=rest.until, after=after, by=run.by)


def _say_snooze(kept: str, run: Run) -> str:
    return _("Let it rest: %(when)s") % {"when": tell_rest(kept, run.by, run.conversation)}


def _is_resting(kept: str, now: Portrait, by: Agent) -> bool:
    if now["status"] != Status.SNOOZED or not is_fixed(kept):
        return False
    rest, until = rest_of(kept, by), parse_datetime(now["snoozed_until"] or "")
    return (rest.until, rest.after or None) == (until, now.get("wakes_with"))


SNOOZE = Act(
    name="snooze",
    label=gettext_lazy("Snooze"),
    icon="alarm-clock",
    key="s",
    takes="rest",
    read=read_rest,
    tell=tell_rest,
    say=_say_snooze,
    do=_do_snooze,
    back=_status_back,
    touches=STATUS,
    is_so=_is_resting,
)


SPAM = Act(
    name="spam",
    label=gettext_lazy("Spam"),
    icon="ban",
    key="#",
    say=lambda _kept, run: "" if run.conversation.status == Status.SPAM else _("Mark it as spam"),
    do=lambda _kept, run: mark_as_spam(run.conversation, by=run.by),
    back=_status_back,
    touches=STATUS,
    is_so=lambda _kept, now, _by: now["status"] == Status.SPAM,
)


def _say_wanted(_kept: str, run: Run) -> str:
    return _("Say that it is no spam") if run.conversation.status == Status.SPAM else ""


WANTED = Act(
    name="wanted",
    label=gettext_lazy("Not spam"),
    icon="shield-check",
    say=_say_wanted,
    do=lambda _kept, run: mark_as_wanted(run.conversation, by=run.by),
    back=_status_back,
    touches=STATUS,
    is_so=lambda _kept, now, _by: now["status"] != Status.SPAM,
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
    into = Conversation.objects.filter(pk=int(kept or 0)).first()
    if into is None or not may_see(run.by, into.inbox_id):
        raise Refused(_("There is no conversation #%(number)s.") % {"number": kept})
    join_conversation(run.conversation, into=into, by=run.by)


def _part(_kept: str, run: Run, _before: Portrait) -> None:
    part_conversation(run.conversation, by=run.by)


JOIN = Act(
    name="join",
    label=gettext_lazy("Join into one"),
    icon="merge",
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
