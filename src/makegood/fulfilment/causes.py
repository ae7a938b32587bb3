"""Why an order is at risk, as far as anybody told: what is true of it, and what is said only."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.fulfilment.due import CONFIRMED
from makegood.fulfilment.facts import HANDED
from makegood.promises.models import Promise
from makegood.shop.hearing import Parcels
from makegood.shop.models import Scan

QUIET = timedelta(days=2)
"""A parcel that nobody scanned for so long is worth a word."""


def cause_of(promise: Promise, parcels: Parcels, now: datetime, refusal: str = "") -> str:
    """The first thing that is wrong, in words; empty where nothing is known.

    `refusal` says why we did not send by ourselves what the shop did not.
    """
    if promise.kind in CONFIRMED:
        return refusal or _("not confirmed yet")
    if promise.kind == Promise.Kind.REFUND_ARRIVED:
        return _("came back, and the money did not go back")
    if not parcels:
        return _("not sent yet")
    scans = [scan for one in parcels for scan in one.scans if scan.kind in HANDED]
    scanned = [one for one in parcels if any(scan.kind in HANDED for scan in one.scans)]
    if len(scanned) < len(parcels):
        return _("label made, not yet handed over")
    newest = max(scans, key=lambda one: one.at)
    if newest.kind == Scan.Kind.EXCEPTION:
        return _("the carrier says that something went wrong")
    if newest.kind == Scan.Kind.RETURNED:
        return _("came back")
    days = (now - newest.at) // timedelta(days=1)
    if now - newest.at >= QUIET and newest.kind != Scan.Kind.DELIVERED:
        return ngettext("no scan for %(n)s day", "no scan for %(n)s days", days) % {"n": days}
    return ""
