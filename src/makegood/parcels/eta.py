"""When an order will be there: the date by which half of such parcels are, and nine of ten."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.parcels.journeys import Journey, journeys_of
from makegood.parcels.lanes import Lane, area_of, spread_of
from makegood.parcels.lengths import MEDIAN, MOST
from makegood.parcels.models import Learned
from makegood.shop.hearing import parcels_of
from makegood.shop.models import Order

Clock = Learned.Clock


@dataclass(frozen=True, kw_only=True)
class Eta:
    """What is foreseen of an order, from so many parcels that went before."""

    median: datetime
    most: datetime
    n: int
    why: str


def expected(order: Order, now: datetime) -> Eta | None:
    """When it will be there; None where it is, is cancelled, or too little is known.

    Of several parcels the last one counts.
    """
    if order.standing == Order.Standing.CANCELLED:
        return None
    parcels = journeys_of(parcels_of(order))
    if not parcels:
        return expected_of(order, None, now)
    found = [expected_of(order, one, now) for one in parcels if one.delivered_at is None]
    known = [one for one in found if one is not None]
    if not found or len(known) != len(found):
        return None
    return max(known, key=lambda one: one.most)


def expected_of(order: Order, journey: Journey | None, now: datetime) -> Eta | None:
    """The same of one parcel, given how long it is under way already; None: of the order."""
    carrier = journey.carrier if journey else ""
    lane = Lane(
        shop=order.shop_id, carrier=carrier, method=order.method[:60], country=order.country,
        area=area_of(order.address, order.country),
    )  # fmt: skip
    clock, begins = _begins(order, journey)
    if clock == Clock.PLACED:
        lane = Lane(shop=lane.shop, method=lane.method, country=lane.country, area=lane.area)
    known = spread_of(lane, clock, begins)
    if known is None:
        return None
    median, most = known.moment(MEDIAN, begins, now), known.moment(MOST, begins, now)
    if median is None or most is None:
        return None
    return Eta(median=median, most=most, n=known.n, why=_why(lane, clock, known.level, known.n))


def _begins(order: Order, journey: Journey | None) -> tuple[str, datetime]:
    if journey is not None and journey.first_at is not None:
        return Clock.FIRST, journey.first_at
    if journey is not None and journey.label_at is not None:
        return Clock.LABEL, journey.label_at
    return Clock.PLACED, order.placed_at


def _why(lane: Lane, clock: str, level: int, n: int) -> str:
    """From what it is foreseen, in a sentence."""
    names = [lane.carrier.upper(), lane.country, lane.area]
    left = {0: names, 1: names[:2], 2: names[:2], 3: names[:1]}
    whole = 4 if lane.carrier else 3
    said = " ".join(filter(None, left.get(level, []))) if level < whole else ""
    what = {
        Clock.FIRST: _("counted from the first scan"),
        Clock.LABEL: _("counted from the label"),
        Clock.PLACED: _("counted from the order"),
    }[Clock(clock)]
    if not said:
        return _("From %(n)s parcels of all kinds, %(what)s.") % {"n": n, "what": what}
    told = {"n": n, "lane": said, "what": what}
    return _("From %(n)s parcels like it (%(lane)s), %(what)s.") % told
