"""When agents work: their weeks, and the dates that are different."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.calendars.hours import DAY_MINUTES, Hours
from makegood.calendars.hours import Shift as Stretch
from makegood.calendars.reading import say_shifts
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.team.events import ShiftsSet
from makegood.team.models import Agent, Shift

DAYS = 7
MOST_DATES = 400
ALL_DAY = (Stretch(0, DAY_MINUTES),)


@dataclass(frozen=True, kw_only=True)
class Rota:
    """When one agent works, as it is said: Monday's shifts first, and dates with their own."""

    zone: str
    week: Sequence[tuple[Stretch, ...]]
    dates: Mapping[date, tuple[Stretch, ...]] = field(default_factory=dict)

    def hours(self) -> Hours:
        """As time is counted in them. Who says nothing of the week works on every day of it."""
        week = tuple(self.week) if any(self.week) else (ALL_DAY,) * DAYS
        return Hours(ZoneInfo(self.zone), week, dict(self.dates))

    def told(self) -> dict[str, str]:
        """As events tell it; empty where nothing is said."""
        week = {str(day): say_shifts(shifts) for day, shifts in enumerate(self.week) if shifts}
        dates = {str(on): say_shifts(shifts) for on, shifts in sorted(self.dates.items())}
        return {"zone": self.zone, **week, **dates} if week or dates else {}


@transaction.atomic
def set_shifts(agent: Agent, rota: Rota, *, by: Agent) -> None:
    """An agent works so from now on; an empty week and no dates: whenever they are here."""
    agent = Agent.objects.select_for_update(of=("self",), no_key=True).get(pk=agent.pk)
    if rota.zone not in available_timezones():
        raise Refused(_("There is no time zone “%(zone)s”.") % {"zone": rota.zone})
    if len(rota.dates) > MOST_DATES:
        raise Refused(_("That is more than %(n)s dates.") % {"n": MOST_DATES})
    before, after = rota_of(agent), rota
    if before is not None and before.told() == after.told():
        return
    Shift.objects.filter(agent=agent).delete()
    Shift.objects.bulk_create(_rows(agent, rota))
    told = before.told() if before else {}
    fact = ShiftsSet(agent_name=agent.name, before=told, after=after.told())
    record(fact, about=[agent], by=by)


def _rows(agent: Agent, rota: Rota) -> list[Shift]:
    def row(one: Stretch | None, **when: int | date) -> Shift:
        ends = {"begins": one.begins, "ends": one.ends} if one else {}
        return Shift(agent=agent, zone=rota.zone, **when, **ends)

    week = [row(one, weekday=day) for day, shifts in enumerate(rota.week) for one in shifts]
    dates = [row(one, on=on) for on, shifts in rota.dates.items() for one in shifts or (None,)]
    return [*week, *dates]


def rota_of(agent: Agent) -> Rota | None:
    return rotas_of([agent.pk]).get(agent.pk)


def rotas_of(agents: Iterable[int]) -> Mapping[int, Rota]:
    """When these agents work, in one query; of whom nothing is said is not in it."""
    kept: dict[int, list[Shift]] = defaultdict(list)
    for row in Shift.objects.filter(agent__in=list(agents)).order_by("agent", "pk"):
        kept[row.agent_id].append(row)
    return {agent: _rota(rows) for agent, rows in kept.items()}


def _rota(rows: Sequence[Shift]) -> Rota:
    week: list[list[Stretch]] = [[] for _day in range(DAYS)]
    dates: dict[date, list[Stretch]] = {}
    for row in rows:
        shifts = dates.setdefault(row.on, []) if row.on else week[row.weekday or 0]
        if row.begins is not None and row.ends is not None:
            shifts.append(Stretch(row.begins, row.ends))
    return Rota(
        zone=rows[0].zone,
        week=[tuple(sorted(shifts)) for shifts in week],
        dates={on: tuple(sorted(shifts)) for on, shifts in dates.items()},
    )


def is_on_shift(rota: Rota | None, now: datetime) -> bool:
    """Whether an agent works now. Of whom nothing is said works whenever they are here."""
    return rota is None or rota.hours().is_open(now)
