"""Here, or away: what an agent says of themselves. That they are gone is seen by `presence`."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.team.events import CameBack, WentAway
from makegood.team.models import Absence, Agent

LONGEST = timedelta(days=366)


@transaction.atomic
def go_away(agent: Agent, *, until: datetime | None = None, by: Agent) -> None:
    """Nothing new is given to them, until that time or until they say that they are back."""
    agent, now = _hold(agent), timezone.now()
    if until is not None and not now < until <= now + LONGEST:
        raise Refused(_("Say a time that is still to come, within a year."))
    open_one = Absence.objects.filter(agent=agent, ended_at=None).first()
    if open_one is not None and open_one.is_on(now):
        if open_one.until == until:
            return
        open_one.until = until
        open_one.save(update_fields=["until"])
    else:
        _end(open_one, now)
        Absence.objects.create(agent=agent, since=now, until=until)
    told = until.isoformat(timespec="minutes") if until else ""
    record(WentAway(agent_name=agent.name, until=told), about=[agent], by=by, at=now)


@transaction.atomic
def come_back(agent: Agent, *, by: Agent) -> None:
    """They are here again. Said twice, it is so once."""
    agent, now = _hold(agent), timezone.now()
    open_one = Absence.objects.filter(agent=agent, ended_at=None).first()
    if open_one is None:
        return
    was_on = open_one.is_on(now)
    _end(open_one, now)
    if was_on:
        record(CameBack(agent_name=agent.name), about=[agent], by=by, at=now)


def _hold(agent: Agent) -> Agent:
    """One word of theirs after the other, without standing in the way of what they write."""
    return Agent.objects.select_for_update(of=("self",), no_key=True).get(pk=agent.pk)


def _end(absence: Absence | None, now: datetime) -> None:
    if absence is not None:
        absence.ended_at = min(now, absence.until or now)
        absence.save(update_fields=["ended_at"])


def absence_of(agent: Agent, now: datetime) -> Absence | None:
    """The absence that runs now; None while they are here."""
    return absences_of([agent.pk], now).get(agent.pk)


def absences_of(agents: Iterable[int], now: datetime) -> Mapping[int, Absence]:
    """The absences that run now, by agent, in one query."""
    rows = Absence.objects.filter(agent__in=list(agents), ended_at=None)
    return {row.agent_id: row for row in rows if row.is_on(now)}
