"""What a letter gives besides its words: a coupon, as much as the table of make-goods names.

Nobody decides a sum here: it was decided beforehand, by failure, value of the order and history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from makegood.ahead.models import Amends, Cause, Slip
from makegood.kit.money import Money
from makegood.makegoods.actions import LASTS, Matter
from makegood.makegoods.models import Makegood, Remedy
from makegood.makegoods.policy import Table, history_of, suggested, table_of
from makegood.makegoods.wording import sentence_in
from makegood.shop.connecting import abilities_of
from makegood.shop.connectors.interface import Ability

FAILURES: Mapping[str, str] = {Cause.STOCK_GONE: "stock"}
"""Every other cause is a failure to be in time."""
NOT_YET = "········"
"""Stands for a code that the shop has not made yet."""


def failure_of(slip: Slip) -> str:
    return FAILURES.get(slip.cause, "late")


def matter_of(slip: Slip) -> Matter:
    return Matter(conversation=None, order=slip.order, emails=[slip.order.email])


@dataclass(kw_only=True)
class Purse:
    """How much each letter of a group would give; asks once for each shop and each currency."""

    amends: str
    now: datetime
    _able: dict[int, bool] = field(default_factory=dict)
    _tables: dict[str, Table] = field(default_factory=dict)

    def coupon(self, slip: Slip) -> Money | None:
        """As the table has it; None where it names none, or the shop cannot make one by itself."""
        if not self.amends or not self._makes_coupons(slip):
            return None
        order, history = slip.order, history_of(slip.order, (), self.now)
        table = self._tables.setdefault(order.currency, table_of(order.currency))
        found = suggested(table, failure_of(slip), order.total_minor, history)
        for one in found:
            if one.remedy == Remedy.COUPON:
                sum_ = one.least if self.amends == Amends.LEAST else one.most
                return sum_ if sum_.minor else None
        return None

    def _makes_coupons(self, slip: Slip) -> bool:
        shop = slip.order.shop_id
        if shop not in self._able:
            self._able[shop] = Ability.COUPON in abilities_of(slip.order.shop)
        return self._able[shop]

    def sentence(self, coupon: Money, language: str) -> str:
        """How a letter would say it, before there is a code."""
        like = Makegood(
            remedy=Remedy.COUPON, face_minor=coupon.minor, currency=coupon.currency, code=NOT_YET,
            valid_until=self.now + LASTS,
        )  # fmt: skip
        return sentence_in(like, language)
