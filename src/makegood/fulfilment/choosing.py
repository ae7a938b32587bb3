"""Which stated times hold for an order: the first that fit it, as they read when it was placed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours
from makegood.calendars.queries import calendars_numbered, hours_in
from makegood.fulfilment.due import Stated
from makegood.fulfilment.models import TermsVersion
from makegood.shop.models import Order


@dataclass(frozen=True, kw_only=True)
class Book:
    """All stated times as they are now, with the days on which warehouses and carriers work."""

    by_terms: Sequence[Sequence[TermsVersion]]
    """The versions of each that are on, the newest first, in the order in which they are asked."""
    by_ref: Mapping[str, TermsVersion]
    hours: Mapping[int, Hours]

    def version_for(self, order: Order) -> TermsVersion | None:
        """The first that fit it. What was placed before the first version follows that."""
        for versions in self.by_terms:
            version = _in_force(versions, order.placed_at)
            if fits(version, order):
                return version
        return None

    def confirms(self) -> bool:
        """Whether any promise that customers are told of an order or of its payment."""
        rows = self.by_ref.values()
        return any(one.acknowledge_minutes or one.paid_minutes for one in rows)

    def still(self, ref: str, order: Order) -> TermsVersion | None:
        """The version that something was promised under, where it fits the order still."""
        version = self.by_ref.get(ref)
        return version if version and version.terms.is_on and fits(version, order) else None

    def stated(self, version: TermsVersion, order: Order) -> Stated:
        warehouse = self.hours.get(version.warehouse_id or 0)
        return Stated(
            zone=warehouse.zone if warehouse else ZoneInfo(order.shop.time_zone),
            cut_off=version.cut_off, handling_days=version.handling_days,
            scan_days=version.scan_days, transit_to=version.transit_to,
            acknowledge_minutes=version.acknowledge_minutes, paid_minutes=version.paid_minutes,
            refund_days=version.refund_days, waits_for_money=version.waits_for_money,
            warehouse=warehouse, carrier=self.hours.get(version.carrier_id or 0),
        )  # fmt: skip


def book() -> Book | None:
    """None where no times were ever stated."""
    rows = list(TermsVersion.objects.select_related("terms").order_by("-number"))
    if not rows:
        return None
    return booked(rows)


def booked(rows: Sequence[TermsVersion]) -> Book:
    """A book of these versions, the newest of each first."""
    versions: dict[int, list[TermsVersion]] = defaultdict(list)
    for row in rows:
        if row.terms.is_on:
            versions[row.terms_id].append(row)
    ordered = sorted(versions.values(), key=lambda one: (one[0].terms.position, one[0].terms_id))
    numbers = {pk for row in rows for pk in (row.warehouse_id, row.carrier_id) if pk}
    hours = {one.pk: hours_in(one) for one in calendars_numbered(numbers)} if numbers else {}
    return Book(by_terms=ordered, by_ref={row.ref: row for row in rows}, hours=hours)


def _in_force(versions: Sequence[TermsVersion], at: datetime) -> TermsVersion:
    return next((one for one in versions if one.published_at <= at), versions[-1])


def fits(version: TermsVersion, order: Order) -> bool:
    if version.shop_id is not None and version.shop_id != order.shop_id:
        return False
    countries, methods = words_in(version.countries), words_in(version.methods)
    is_there = not countries or order.country.casefold() in countries
    return is_there and (not methods or order.method.casefold() in methods)


def words_in(text: str) -> set[str]:
    """`DE, at` as it is compared."""
    return {one.strip().casefold() for one in text.split(",") if one.strip()}
