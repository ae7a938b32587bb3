"""What is added to the sums, and taken out of them, in one step."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from makegood.parcels.journeys import Journey
from makegood.parcels.lanes import Lane, lengths_of, month_of
from makegood.parcels.lengths import Lengths
from makegood.parcels.models import LateDay, Learned, Weighed

LateKey = tuple[str, str, str, date]
LaneKey = tuple[str, str, date]
JUDGED = (Weighed.Verdict.ON_TIME, Weighed.Verdict.LATE)
BATCH = 400


class Sums:
    """Differences, laid upon what stands there at the end."""

    def __init__(self) -> None:
        self._orders: Counter[LateKey] = Counter()
        self._late: Counter[LateKey] = Counter()
        self._lengths: dict[LaneKey, Lengths] = {}

    def count(self, row: Weighed, sign: int) -> None:
        """What one order adds; with -1, what it had added."""
        if row.verdict in JUDGED:
            is_late = row.verdict == Weighed.Verdict.LATE
            for sku in ["", *row.skus]:
                key = (sku, row.country, row.carrier, row.day)
                self._orders[key] += sign
                self._late[key] += sign * is_late
        for clock, lane, begins, ends in _times(row):
            for circle in lane.circles():
                lane_key = (circle, clock, month_of(begins))
                self._lengths.setdefault(lane_key, Lengths()).add(begins, ends, sign)

    def write(self) -> None:
        """Only one at a time does this: whoever holds `Turn`."""
        self._write_late()
        self._write_lengths()

    def _write_late(self) -> None:
        keys = [key for key in self._orders if self._orders[key] or self._late[key]]
        known: dict[LateKey, LateDay] = {}
        for some in _some(sorted({key[0] for key in keys})):
            days = [key[3] for key in keys]
            found = LateDay.objects.filter(sku__in=some, day__gte=min(days), day__lte=max(days))
            known |= {(row.sku, row.country, row.carrier, row.day): row for row in found}
        rows = [self._late_day(key, known.get(key)) for key in keys]
        LateDay.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, update_fields=["orders", "late"],
            unique_fields=["sku", "country", "carrier", "day"],
        )  # fmt: skip

    def _late_day(self, key: LateKey, was: LateDay | None) -> LateDay:
        return LateDay(
            sku=key[0], country=key[1], carrier=key[2], day=key[3],
            orders=(was.orders if was else 0) + self._orders[key],
            late=(was.late if was else 0) + self._late[key],
        )  # fmt: skip

    def _write_lengths(self) -> None:
        wanted = {key: one for key, one in self._lengths.items() if one.days or one.work}
        known: dict[LaneKey, Learned] = {}
        for some in _some(sorted({key[0] for key in wanted})):
            months = {key[2] for key in wanted}
            found = Learned.objects.filter(lane__in=some, month__in=months)
            known |= {(row.lane, row.clock, row.month): row for row in found}
        rows = [_learned(key, known.get(key), more) for key, more in wanted.items()]
        Learned.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True,
            update_fields=["n", "weekends", "days", "work"],
            unique_fields=["lane", "clock", "month"],
        )  # fmt: skip


def _learned(key: LaneKey, was: Learned | None, more: Lengths) -> Learned:
    whole = lengths_of(was) if was else Lengths()
    whole.lay_upon(more)
    return Learned(
        lane=key[0], clock=key[1], month=key[2], n=whole.n, weekends=whole.weekends,
        days=whole.days, work=whole.work,
    )  # fmt: skip


def _some(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(words), BATCH):
        yield words[begin : begin + BATCH]


def _times(row: Weighed) -> Iterator[tuple[str, Lane, datetime, datetime]]:
    """Each time of an order that is over: of itself, and of each of its parcels."""
    lane = Lane(shop=row.shop, method=row.method, country=row.country, area=row.area)
    if row.delivered_at is not None:
        yield Learned.Clock.PLACED, lane, row.placed_at, row.delivered_at
    for said in row.parcels:
        one = Journey.from_json(said)
        if one.delivered_at is None:
            continue
        way = Lane(
            shop=row.shop, carrier=one.carrier, method=row.method, country=row.country,
            area=row.area,
        )  # fmt: skip
        if one.label_at is not None:
            yield Learned.Clock.LABEL, way, one.label_at, one.delivered_at
        if one.first_at is not None:
            yield Learned.Clock.FIRST, way, one.first_at, one.delivered_at
