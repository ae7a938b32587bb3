"""What is wrong with an order, by everything that is known of it now. Others add theirs.

A cause registers with `register(name, ask)`. It is asked of one order at a time, with its parcels
by everybody's word and its running promises, and answers with what it finds. Where several causes
hold of one parcel the first of `RANK` is told: one letter, and the one that says most.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.ahead.models import AFTERWARDS, Cause, Telling
from makegood.fulfilment.facts import HANDED
from makegood.parcels.eta import expected
from makegood.parcels.journeys import journey_of
from makegood.parcels.lanes import Lane, area_of, spread_of
from makegood.parcels.lengths import MOST
from makegood.parcels.models import Learned
from makegood.parcels.naming import family_of
from makegood.promises.models import Promise
from makegood.shop.goods import UNSENT, goes_without, shorts_of
from makegood.shop.hearing import Parcels
from makegood.shop.models import Order, Scan
from makegood.shop.seen import ScanSeen, ShipmentSeen

SILENT = timedelta(days=4)
"""A parcel that nobody scanned for so long has gone silent, whatever was learned."""
QUIET = timedelta(days=1)
"""Nobody is told of silence earlier than this, however quick the carrier is else."""
UNHANDED = timedelta(days=3)
"""A label that is so old, and no scan."""
WAITED = timedelta(days=3)
"""After so long whoever was told without a new day hears again; with one, when it has passed."""
SETTLED, OVER = timedelta(days=1), timedelta(days=7)
"""Nobody is asked at the door, nor a week after, whether all is well."""
TROUBLE = (Scan.Kind.EXCEPTION, Scan.Kind.RETURNED)
RANK: tuple[str, ...] = (
    Cause.CARRIER_EXCEPTION, Cause.STOCK_GONE, Cause.NOT_HANDED_OVER, Cause.SCAN_SILENCE,
    Cause.NOT_SHIPPED, Cause.LATE_DELIVERY,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One order with its parcels, and what is promised of it and not kept yet, by kind."""

    order: Order
    parcels: Parcels
    promises: Mapping[str, Promise]
    now: datetime
    told: Sequence[Telling] = ()
    """Letters about it that stand, the oldest first, to whoever has said nothing since."""

    def due(self, kind: str) -> datetime | None:
        promise = self.promises.get(kind)
        return promise.due_at if promise else None

    def is_warned(self, kind: str) -> bool:
        """Whether what is promised is at risk or broken."""
        promise = self.promises.get(kind)
        return promise is not None and promise.warn_at <= self.now


@dataclass(frozen=True, kw_only=True)
class Found:
    cause: str
    since: datetime
    part: str = ""
    carrier: str = ""
    due_at: datetime | None = None


Ask = Callable[[Matter], Iterable[Found]]
_CAUSES: dict[str, Ask] = {}


def register(name: str, ask: Ask) -> None:
    """Let one more cause be asked for. `name` is one of `models.Cause`."""
    _CAUSES[Cause(name)] = ask


def found_in(matter: Matter) -> Sequence[Found]:
    """What its customer should hear of: of each parcel, and of the order itself, one cause.

    Besides, what those who were told and said nothing are to be told next.
    """
    if matter.order.standing == Order.Standing.CANCELLED:
        return []
    slipping = [] if matter.order.handed == Order.Handed.DELIVERED else _slipping(matter)
    return [*slipping, *_afterwards(matter, is_slipping=bool(slipping))]


def _slipping(matter: Matter) -> Sequence[Found]:
    first: dict[str, Found] = {}
    for name in RANK:
        for one in _CAUSES[name](matter) if name in _CAUSES else ():
            first.setdefault(one.part, one)
    return [one for part, one in first.items() if part or len(first) == 1]


def _afterwards(matter: Matter, *, is_slipping: bool) -> Iterable[Found]:
    told = [one for one in matter.told if one.cause not in AFTERWARDS]
    if not told:
        return
    last = told[-1]
    if is_slipping:
        if matter.now >= (last.due_at or last.at + WAITED):
            yield Found(cause=Cause.STILL_WAITING, since=last.at, due_at=last.due_at)
        return
    there = [journey_of(parcel).delivered_at for parcel in matter.parcels]
    came = [at for at in there if at is not None]
    if not there or len(came) < len(there) or max(came) <= last.at:
        return
    if SETTLED <= matter.now - max(came) < OVER:
        yield Found(cause=Cause.CAME_LATE, since=max(came), due_at=last.due_at)


def _handed(parcel: ShipmentSeen) -> Sequence[ScanSeen]:
    scans = [one for one in parcel.scans if one.kind in HANDED]
    return sorted(scans, key=lambda one: one.at)


def _carrier_exception(matter: Matter) -> Iterable[Found]:
    for parcel in matter.parcels:
        scans = _handed(parcel)
        if scans and scans[-1].kind in TROUBLE:
            yield _of(matter, Cause.CARRIER_EXCEPTION, parcel, scans[-1].at, "delivered")


def _not_handed_over(matter: Matter) -> Iterable[Found]:
    for parcel in matter.parcels:
        label_at = journey_of(parcel).label_at
        if _handed(parcel) or label_at is None:
            continue
        if matter.is_warned("first_scan") or matter.now - label_at >= UNHANDED:
            yield _of(matter, Cause.NOT_HANDED_OVER, parcel, label_at, "first_scan")


def _scan_silence(matter: Matter) -> Iterable[Found]:
    for parcel in matter.parcels:
        scans = _handed(parcel)
        if not scans or scans[-1].kind in (*TROUBLE, Scan.Kind.DELIVERED):
            continue
        if matter.now - scans[-1].at >= _patience(matter, parcel, scans[-1].at):
            yield _of(matter, Cause.SCAN_SILENCE, parcel, scans[-1].at, "delivered")


def _patience(matter: Matter, parcel: ShipmentSeen, last: datetime) -> timedelta:
    """How long it may be silent: until nine of ten such parcels were there, or four days."""
    order, journey = matter.order, journey_of(parcel)
    begins = journey.first_at or last
    lane = Lane(
        shop=order.shop_id, carrier=journey.carrier, method=order.method[:60],
        country=order.country, area=area_of(order.address, order.country),
    )  # fmt: skip
    known = spread_of(lane, Learned.Clock.FIRST, begins)
    there = known.moment(MOST, begins, begins) if known else None
    return SILENT if there is None else min(SILENT, max(QUIET, there - last))


def _stock_gone(matter: Matter) -> Iterable[Found]:
    if matter.order.standing != Order.Standing.OPEN or matter.order.handed not in UNSENT:
        return
    lacking = [one for one in shorts_of(matter.order) if goes_without(one)]
    if lacking:
        since = lacking[0].variant.stock_at
        yield Found(cause=Cause.STOCK_GONE, since=since, due_at=matter.due("shipped"))


def _not_shipped(matter: Matter) -> Iterable[Found]:
    promise = matter.promises.get("shipped")
    if promise is not None and not matter.parcels and matter.is_warned("shipped"):
        yield Found(cause=Cause.NOT_SHIPPED, since=promise.since, due_at=promise.due_at)


def _late_delivery(matter: Matter) -> Iterable[Found]:
    promise = matter.promises.get("delivered")
    if promise is None:
        return
    eta = None
    if promise.due_at > matter.now:
        eta = expected(matter.order, matter.now)
        if eta is None or eta.median <= promise.due_at:
            return
    carrier = family_of(matter.parcels[0].carrier) if matter.parcels else ""
    yield Found(
        cause=Cause.LATE_DELIVERY, since=promise.since, due_at=promise.due_at, carrier=carrier
    )


def _of(matter: Matter, cause: str, parcel: ShipmentSeen, at: datetime, kind: str) -> Found:
    return Found(
        cause=cause, since=at, part=parcel.external_id[:120], carrier=family_of(parcel.carrier),
        due_at=matter.due(kind),
    )  # fmt: skip


register(Cause.CARRIER_EXCEPTION, _carrier_exception)
register(Cause.STOCK_GONE, _stock_gone)
register(Cause.NOT_HANDED_OVER, _not_handed_over)
register(Cause.SCAN_SILENCE, _scan_silence)
register(Cause.NOT_SHIPPED, _not_shipped)
register(Cause.LATE_DELIVERY, _late_delivery)
