"""Why a promise of an order is due when it is, in sentences."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.fulfilment.choosing import booked
from makegood.fulfilment.due import (
    ACKNOWLEDGED,
    CONFIRMED,
    DELIVERED,
    FIRST_SCAN,
    REFUND,
    begins_on,
    sent_on,
)
from makegood.fulfilment.models import TermsVersion
from makegood.kit.records import ref_id
from makegood.promises.deriving import says_why
from makegood.promises.models import Promise


@says_why
def said_of_terms(promise: Promise, zone: ZoneInfo) -> Sequence[str]:
    """Of what stated times promised; nothing of any other."""
    if not promise.made_by.startswith("termsversion:") or promise.order is None:
        return []
    rows = TermsVersion.objects.select_related("terms").filter(pk=ref_id(promise.made_by))
    version = rows.first()
    return _Speaker(promise, version, zone).sentences() if version else []


class _Speaker:
    """Says the parts of one derivation."""

    def __init__(self, promise: Promise, version: TermsVersion, zone: ZoneInfo) -> None:
        self.promise, self.version, self.zone = promise, version, zone
        assert promise.order is not None
        self.stated = booked([version]).stated(version, promise.order)

    def sentences(self) -> list[str]:
        if self.promise.kind in CONFIRMED:
            return [self._terms(), self._told()]
        if self.promise.kind == REFUND:
            return [self._terms(), self._money()]
        return [self._terms(), self._beginning(), self._handling(), *self._transit()]

    def _terms(self) -> str:
        words = _("The stated times “%(name)s”, version %(number)s, hold for order %(order)s.")
        one = self.version
        return words % {"name": one.terms.name, "number": one.number, "order": self.promise.order}

    def _beginning(self) -> str:
        told = {
            "at": self._moment(self.promise.since),
            "cut_off": formats.time_format(self.version.cut_off, "G:i"),
            "day": self._day(begins_on(self.promise.since, self.stated)),
        }
        if self.version.waits_for_money:
            words = _("It was paid on %(at)s; what comes in until %(cut_off)s counts the same "
                      "working day: %(day)s.")  # fmt: skip
        else:
            words = _("It was placed on %(at)s; what comes in until %(cut_off)s counts the same "
                      "working day: %(day)s.")  # fmt: skip
        return words % told

    def _handling(self) -> str:
        days, day = self.version.handling_days, self._day(sent_on(self.promise.since, self.stated))
        words = ngettext(
            "%(n)s working day of the warehouse later it is sent: by the end of %(day)s.",
            "%(n)s working days of the warehouse later it is sent: by the end of %(day)s.",
            days,
        )
        return words % {"n": days, "day": day}

    def _transit(self) -> list[str]:
        one = self.version
        days = {FIRST_SCAN: one.scan_days, DELIVERED: one.transit_to}.get(self.promise.kind)
        if days is None:
            return []
        if self.promise.kind == FIRST_SCAN:
            words = ngettext(
                "The carrier scans it within %(n)s working day of its own.",
                "The carrier scans it within %(n)s working days of its own.",
                days,
            )
            return [words % {"n": days}]
        words = ngettext(
            "The carrier takes %(n)s working day at most.",
            "The carrier takes %(n)s working days at most.",
            days,
        )
        return [words % {"n": days}]

    def _told(self) -> str:
        one, at = self.version, self._moment(self.promise.since)
        if self.promise.kind == ACKNOWLEDGED:
            words = ngettext(
                "It was placed on %(at)s; its customer hears of it within %(n)s minute.",
                "It was placed on %(at)s; its customer hears of it within %(n)s minutes.",
                one.acknowledge_minutes or 0,
            )
            return words % {"at": at, "n": one.acknowledge_minutes or 0}
        words = ngettext(
            "It was paid on %(at)s; its customer hears of that within %(n)s minute.",
            "It was paid on %(at)s; its customer hears of that within %(n)s minutes.",
            one.paid_minutes or 0,
        )
        return words % {"at": at, "n": one.paid_minutes or 0}

    def _money(self) -> str:
        days = self.version.refund_days or 0
        words = ngettext(
            "It came back on %(at)s; the money goes back within %(n)s day.",
            "It came back on %(at)s; the money goes back within %(n)s days.",
            days,
        )
        return words % {"n": days, "at": self._moment(self.promise.since)}

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self.stated.zone)
        return f"{self._day(local)}, {formats.time_format(local.time(), 'G:i')}"

    def _day(self, day: date) -> str:
        return formats.date_format(day, _("D j M"))
