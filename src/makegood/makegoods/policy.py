"""What is given for what: the table that holds, and what it suggests for one matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from makegood.kit.money import Money
from makegood.makegoods.models import History, PolicyLine, PolicyVersion, Remedy
from makegood.shop.models import Order

Unit = PolicyLine.Unit
VALUED_FROM = 5
"""Orders from which on somebody is valued: half of those who come back do so fewer times."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    failure: str
    remedy: str
    unit: str
    least: int
    most: int
    from_minor: int = 0
    below_minor: int | None = None
    history: str = History.ANY

    def fits(self, failure: str, value: int, history: str) -> bool:
        is_in = self.from_minor <= value and (self.below_minor is None or value < self.below_minor)
        return is_in and self.failure == failure and self.history in (History.ANY, history)

    def bounds(self, value: int, currency: str) -> tuple[Money, Money]:
        """From how much to how much, of an order of this value. Percents are rounded down."""
        if self.unit == Unit.FIXED:
            return Money(self.least, currency), Money(self.most, currency)
        return (
            Money(value * self.least // 100, currency),
            Money(value * self.most // 100, currency),
        )


def _row(failure: str, remedy: str, unit: str, bounds: tuple[int, int], **more: object) -> Row:
    least, most = bounds
    return Row(failure=failure, remedy=remedy, unit=unit, least=least, most=most, **more)  # type: ignore[arg-type]


PERCENT, FIXED = Unit.PERCENT, Unit.FIXED
HOUSE: tuple[Row, ...] = (
    _row("late", Remedy.COUPON, PERCENT, (5, 10)),
    _row("late", Remedy.COUPON, PERCENT, (10, 15), history=History.FIRST),
    _row("late", Remedy.SHIPPING, FIXED, (0, 10_00)),
    _row("lost", Remedy.REPLACEMENT, PERCENT, (0, 100)),
    _row("lost", Remedy.REFUND, PERCENT, (100, 100)),
    _row("lost", Remedy.COUPON, PERCENT, (5, 10)),
    _row("damaged", Remedy.REPLACEMENT, PERCENT, (0, 100)),
    _row("damaged", Remedy.REFUND, PERCENT, (10, 100)),
    _row("wrong", Remedy.REPLACEMENT, PERCENT, (0, 100)),
    _row("wrong", Remedy.COUPON, PERCENT, (5, 10)),
    _row("missing", Remedy.REPLACEMENT, PERCENT, (0, 100)),
    _row("missing", Remedy.REFUND, PERCENT, (0, 100)),
    _row("stock", Remedy.REFUND, PERCENT, (0, 100)),
    _row("stock", Remedy.COUPON, PERCENT, (10, 15)),
    _row("answer", Remedy.COUPON, PERCENT, (5, 10)),
    _row("answer", Remedy.GESTURE, FIXED, (0, 5_00)),
    _row("answer", Remedy.GESTURE, FIXED, (0, 15_00), history=History.VALUED),
    _row("overcharged", Remedy.REFUND, PERCENT, (0, 100)),
    _row("overcharged", Remedy.COUPON, PERCENT, (5, 5)),
    _row("other", Remedy.COUPON, PERCENT, (5, 10)),
    _row("other", Remedy.GESTURE, FIXED, (0, 5_00)),
)
"""What holds until the shop says otherwise; amounts in minor units of whichever currency."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """The lines that hold in one currency, and which version they are of."""

    currency: str
    rows: Sequence[Row]
    version: PolicyVersion | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One remedy that the table names for a matter."""

    remedy: str
    least: Money
    most: Money

    @property
    def name(self) -> str:
        return str(Remedy(self.remedy).label)


def table_of(currency: str) -> Table:
    """What holds now in a currency: the newest version, or the house's own table."""
    version = newest_version(currency)
    if version is None:
        return Table(currency=currency, rows=HOUSE)
    return Table(currency=currency, rows=rows_of(version), version=version)


def newest_version(currency: str) -> PolicyVersion | None:
    found = PolicyVersion.objects.filter(currency=currency, number__isnull=False)
    return found.order_by("-number").first()


def rows_of(version: PolicyVersion) -> Sequence[Row]:
    return [
        Row(
            failure=line.failure, remedy=line.remedy, unit=line.unit, least=line.least,
            most=line.most, from_minor=line.from_minor, below_minor=line.below_minor,
            history=line.history,
        )
        for line in version.lines.order_by("position")
    ]  # fmt: skip


def suggested(table: Table, failure: str, value: int, history: str) -> Sequence[Suggestion]:
    """The remedies for a matter, in the table's order.

    What is said of this history stands in place of what is said of everybody, remedy by remedy.
    """
    fitting = [row for row in table.rows if row.fits(failure, value, history)]
    closer = {row.remedy for row in fitting if row.history != History.ANY}
    found = []
    for row in fitting:
        if row.history == History.ANY and row.remedy in closer:
            continue
        least, most = row.bounds(value, table.currency)
        found.append(Suggestion(remedy=row.remedy, least=least, most=most))
    return found


def history_of(order: Order | None, emails: Sequence[str], at: datetime) -> str:
    """How somebody stands who bought under these addresses, at a moment."""
    theirs = {address for address in (*emails, order.email if order else "") if address}
    bought = Order.objects.filter(email__in=theirs, placed_at__lte=at)
    bought = bought.exclude(standing=Order.Standing.CANCELLED)
    count = bought.count()
    if count <= 1:
        return History.FIRST if count or order else History.ANY
    return History.VALUED if count >= VALUED_FROM else History.RETURNING


def worth(emails: Sequence[str], currency: str) -> Money:
    """What was bought under these addresses in one currency."""
    theirs = Order.objects.filter(email__in=[one for one in emails if one], currency=currency)
    return Money(int(theirs.aggregate(all=Sum("total_minor"))["all"] or 0), currency)
