"""What is foreseen of waiting: how dear it is to ask, and whether whole histories bear it out."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.utils import timezone

from makegood.bench.figures import Figure, figure, in_turns
from makegood.channels.models import Inbox
from makegood.waits import keeping
from makegood.waits.calibrating import Calibration, Said, calibrated
from makegood.waits.expecting import expected_wait
from makegood.waits.histories import Desk, arrivals, lived
from makegood.waits.models import Hour
from makegood.waits.rebuilding import rebuild
from makegood.waits.replaying import Lived, Replay

RETURNS = Path(__file__).parent.parent / "data" / "returns.txt"
BEGINS = datetime(2026, 1, 5, tzinfo=UTC)
SHOP = ZoneInfo("Europe/London")


def waits(rounds: int) -> Iterator[Figure]:
    """On a desk whose waits are made anew from its ledger first."""
    begun = time.perf_counter()
    read, _written = rebuild()
    yield figure("waits.rebuild", read / (time.perf_counter() - begun), "events/s", n=read)
    yield from _asking(rounds)
    days = 120 if rounds >= 50 else 60
    yield from _truth("generated", made(days), Desk())
    yield from _truth("real_arrivals", lived(Random(7), returns(), RETURNS_DESK), RETURNS_DESK)


RETURNS_DESK = Desk(agents=1, minutes=12)


def _asking(rounds: int) -> Iterator[Figure]:
    """With all that is kept for some seconds, and with nothing."""
    counted = Hour.objects.order_by("inbox").values_list("inbox", flat=True).first() or 0
    inbox, now = Inbox.objects.get(pk=counted), timezone.now()

    def anew() -> None:
        keeping.forget()
        expected_wait(inbox, now)

    kept, fresh = in_turns([lambda: expected_wait(inbox, now), anew], rounds)
    yield figure("waits.expected", kept, "ms", n=rounds)
    yield figure("waits.expected_anew", fresh, "ms", n=rounds)


def _truth(name: str, history: Sequence[Lived], desk: Desk) -> Iterator[Figure]:
    """Each share beside what it should be; the loss beside always saying the same two lengths."""
    told = Replay(zone=desk.hours.zone, hours=desk.hours).run(history)
    real = sorted(one.seconds for one in told)
    ours = _calibrated([(one.median_seconds, one.most_seconds, one.seconds) for one in told])
    half, most = real[len(real) // 2], real[len(real) * 9 // 10]
    same = _calibrated([(half, most, seconds) for seconds in real])
    yield figure(f"waits.{name}.median", 100 * ours.within_median, "%", 50, ours.n)
    yield figure(f"waits.{name}.most", 100 * ours.within_most, "%", 90, ours.n)
    yield figure(f"waits.{name}.pinball", ours.pinball, "h", same.pinball, ours.n)


def _calibrated(said: Sequence[tuple[float, float, float]]) -> Calibration:
    found = calibrated(Said(median=one[0], most=one[1], seconds=one[2]) for one in said)
    assert found is not None
    return found


def made(days: int) -> Sequence[Lived]:
    random = Random(7)  # the same history every time
    return lived(random, arrivals(random, BEGINS, days, 50), Desk())


def returns() -> Sequence[datetime]:
    """When real people sent something back, a year long."""
    lines = RETURNS.read_text("utf-8").splitlines()
    minutes, found = 0, []
    for gap in " ".join(line for line in lines if not line.startswith("#")).split(","):
        minutes += int(gap)
        wall = datetime(1970, 1, 1) + timedelta(minutes=minutes)  # noqa: DTZ001  # a wall clock
        found.append(wall.replace(tzinfo=SHOP).astimezone(UTC))
    return found
