"""Desks that never were, for trying out what is foreseen: made from a seed, the same every time.

Customers come as they come, agents work in shifts, take what waited longest (or, now and then,
what they like), and need as long as they need.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours, Shift
from makegood.waits.replaying import Lived

ZONE = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = Hours(zone=ZONE, week=(*(((Shift(540, 1020),),) * 5), (), ()))


@dataclass(frozen=True, kw_only=True)
class Desk:
    """How such a desk works."""

    agents: int = 3
    minutes: float = 8
    """What an answer takes, in the middle; now and then much longer."""
    spread: float = 0.8
    picks: float = 0.15
    """How often an agent takes another than the one that waited longest."""
    hours: Hours = NINE_TO_FIVE


def arrivals(
    random: Random, begins_at: datetime, days: int, a_day: float, zone: ZoneInfo = ZONE
) -> Iterator[datetime]:
    """Customers who write: more by day, fewer at weekends, some days twice as many."""
    for number in range(days):
        day = begins_at + timedelta(days=number)
        weekend = 0.5 if day.astimezone(zone).weekday() >= 5 else 1.0
        wanted = a_day * weekend * (2.0 if random.random() < 0.1 else 1.0)
        moments = []
        left = random.expovariate(1 / wanted) if wanted < 1 else random.gauss(wanted, wanted**0.5)
        for _one in range(max(0, round(left))):
            hour = random.triangular(0, 24, 14)
            moments.append(day + timedelta(hours=hour))
        yield from sorted(moments)


def lived(random: Random, came: Iterable[datetime], desk: Desk) -> Sequence[Lived]:
    """What becomes of these at a desk that works like that, in order of their coming."""
    queue = sorted(came)
    free = [(desk.hours.opens_next(queue[0]), agent) for agent in range(1, desk.agents + 1)]
    heapq.heapify(free)
    waiting: list[datetime] = []
    done: list[Lived] = []
    while queue or waiting:
        at, agent = heapq.heappop(free)
        if not waiting:
            at = desk.hours.opens_next(max(at, queue[0]))
        while queue and queue[0] <= at:
            waiting.append(queue.pop(0))
        picked = random.randrange(len(waiting)) if random.random() < desk.picks else 0
        began_at = waiting.pop(picked)
        needs = timedelta(minutes=desk.minutes * random.lognormvariate(0, desk.spread))
        ended_at = desk.hours.after(at, needs)
        here = desk.agents if desk.hours.is_open(began_at) else 0
        done.append(Lived(began_at=began_at, ended_at=ended_at, agent=agent, here=here))
        heapq.heappush(free, (ended_at, agent))
    return sorted(done, key=lambda one: one.began_at)
