from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.sheets import rows_of
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.rolls.columns import columns_for, guessed
from makegood.rolls.events import RollBegun, RollStopped, RollTakenBack
from makegood.rolls.models import Roll, RollLine
from makegood.team.models import Agent

AT_ONCE = 1000
MOST_KEPT = 30

State = Roll.State


def read_roll(what: str, name: str, content: bytes, *, by: Agent) -> Roll:
    """Keep the lines of a file, some at a time: nobody waits for the database meanwhile."""
    rows = list(rows_of(content))
    if len(rows) < 2:
        raise Refused(_("This file has no lines under its header."))
    (_first, header), lines, now = rows[0], rows[1:], timezone.now()
    roll = Roll.objects.create(
        what=what, name=one_line(name, 120) or "?", agent=by, header=list(header),
        matched=guessed(what, header), total=len(lines), at=now, worked_at=now,
    )  # fmt: skip
    for some in _pieces(lines):
        RollLine.objects.bulk_create(
            [RollLine(roll=roll, number=number, cells=list(cells)) for number, cells in some]
        )
    Roll.objects.filter(pk=roll.pk).update(state=State.MATCHING)
    _throw_old_away()
    return Roll.objects.get(pk=roll.pk)


def _pieces(
    lines: Sequence[tuple[int, Sequence[str]]],
) -> Iterator[Sequence[tuple[int, Sequence[str]]]]:
    for start in range(0, len(lines), AT_ONCE):
        yield lines[start : start + AT_ONCE]


def _throw_old_away() -> None:
    """Files that never came to anything; what was brought in can be undone as long as it stands."""
    idle = Roll.objects.filter(state__in=[State.READING, State.MATCHING, State.LOOKED])
    for old in idle.order_by("-pk")[MOST_KEPT:]:
        old.delete()


def _lock(roll: Roll) -> Roll:
    return Roll.objects.select_for_update(of=("self",)).select_related("agent").get(pk=roll.pk)


@transaction.atomic
def match_columns(roll: Roll, matched: Sequence[str], *, by: Agent) -> None:
    """Say what each column is; then every line is looked at, and nothing is changed."""
    roll = _lock(roll)
    if roll.state not in (State.MATCHING, State.LOOKED, State.LOOKING):
        raise Refused(_("This file was begun already."))
    known = {column.word for column in columns_for(roll.what)}
    wanted = [word if word in known else "" for word in matched][: len(roll.header)]
    chosen = [word for word in wanted if word]
    if "email" not in chosen:
        raise Refused(_("Say which column holds the e-mail address: it tells people apart."))
    if len(chosen) != len(set(chosen)):
        raise Refused(_("Two columns cannot be the same."))
    roll.lines.update(state=RollLine.State.WAITING, reason="", key="")
    roll.matched, roll.state, roll.counts, roll.agent = wanted, State.LOOKING, {}, by
    roll.save()


@transaction.atomic
def begin_roll(roll: Roll, *, by: Agent) -> None:
    """Bring in what was looked over, or go on with it. Asked twice, it begins once."""
    roll = _lock(roll)
    if roll.state not in (State.LOOKED, State.STOPPED):
        return
    roll.state, roll.agent = State.RUNNING, by
    roll.save(update_fields=["state", "agent"])
    fact = RollBegun(what=roll.what, name=roll.name, count=roll.total)
    record(fact, about=[roll], by=by)


@transaction.atomic
def stop_roll(roll: Roll, *, by: Agent) -> None:
    """Stop where it is: what came in stays until it is undone."""
    roll = _lock(roll)
    if roll.state != State.RUNNING:
        return
    roll.state = State.STOPPED
    roll.save(update_fields=["state"])
    record(RollStopped(name=roll.name), about=[roll], by=by)


@transaction.atomic
def undo_roll(roll: Roll, *, by: Agent) -> None:
    """Take out again what a file brought, as far as nobody changed it since."""
    roll = _lock(roll)
    if roll.state not in (State.DONE, State.STOPPED):
        return
    if roll.total and not roll.lines.exists():
        raise Refused(_("What this file said was thrown away by now: it cannot be taken back."))
    roll.state, roll.agent = State.UNDOING, by
    roll.save(update_fields=["state", "agent"])
    record(RollTakenBack(name=roll.name), about=[roll], by=by)
