"""Where today leads: what usually still comes, against what the shifts can answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg

from makegood.channels.models import Inbox
from makegood.lead.counting import hour_of
from makegood.lead.models import AgentHour
from makegood.lead.weeks import WEEKS
from makegood.team.shifts import Rota
from makegood.waits.expecting import expected_wait
from makegood.waits.wording import for_customers

MOST_INBOXES = 12
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The rest of the day, where anybody's shifts are known."""

    comes: int
    waiting: int
    hours: float
    """Hours of work that the shifts still hold, of all agents together."""
    can: int
    """So many answers those hours usually give."""

    @property
    def is_enough(self) -> bool:
        return self.can >= self.comes + self.waiting


def forecast(
    rotas: Mapping[int, Rota], comes: int, waiting: int, now: datetime, night: datetime
) -> Forecast | None:
    """None where nobody's shifts are said, or nothing is known of how fast we are."""
    since = hour_of(now) - timedelta(weeks=WEEKS)
    asked = AgentHour.objects.filter(began_at__gte=since, answers__gt=0, agent__in=list(rotas))
    usual = asked.aggregate(each=Avg("answers"))["each"] if rotas else None
    if not usual:
        return None
    left = sum((rota.hours().counted(now, night) for rota in rotas.values()), timedelta())
    hours = left / HOUR
    return Forecast(comes=comes, waiting=waiting, hours=round(hours, 1), can=round(hours * usual))


@dataclass(frozen=True, kw_only=True)
class Way:
    """One inbox, and what whoever writes there now can expect."""

    inbox: Inbox
    words: str


def expectations(inboxes: Iterable[Inbox], now: datetime) -> Sequence[Way]:
    """Of the inboxes of which enough is known."""
    found = [
        Way(inbox=one, words=for_customers(expected_wait(one, now)))
        for one in list(inboxes)[:MOST_INBOXES]
    ]
    return [one for one in found if one.words]
