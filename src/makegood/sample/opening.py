"""When the sample desk's conversations begin: over two years, the last days somewhat fuller."""

from random import Random

from makegood.sample.plan import DAY

SPAN = 730 * DAY
OPENING_HOURS = (
    1, 1, 1, 1, 1, 2, 4, 8, 12, 15, 16, 15, 13, 14, 14, 13, 12, 11, 11, 12, 12, 9, 5, 2,
)  # fmt: skip
RECENT = 4 * DAY


def beginnings(count: int, now: float, random: Random) -> list[float]:
    """The moments in order. A small desk is mostly recent, or nobody would be waiting."""
    recent = min(count // 4, 500 + count // 200)
    hours = random.choices(range(24), OPENING_HOURS, k=count)
    first_day = (now - SPAN) // DAY
    days = (SPAN - RECENT) / DAY
    moments = [
        (first_day + random.random() ** 0.8 * days // 1) * DAY
        + hour * 3600
        + random.random() * 3600
        for hour in hours[recent:]
    ]
    moments += [now - 60 - random.random() * RECENT for _ in range(recent)]
    return sorted(round(moment) for moment in moments)
