"""What is said by each cause, to start from; and the fields of it, filled in for one order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.functional import Promise as Words
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makegood.ahead.models import Cause, Slip
from makegood.customers.models import Customer
from makegood.kit.markdown import escaped
from makegood.kit.rx import rx
from makegood.kit.text import one_line
from makegood.parcels.eta import expected
from makegood.shop.hearing import parcels_of

_FIELD = rx(r"\{([^{}\n|]{1,60})(?:\|([^{}\n]{0,120}))?\}")
TEXTS: Mapping[str, str | Words] = {
    Cause.CARRIER_EXCEPTION: _(
        "Hello {customer.first_name|there},\n\nthe carrier tells us that something went wrong"
        " with your order {order.number} on its way. We are on to it.\n\nWe expect it"
        " {order.date|later than we said}. You need not do anything; if it no longer helps you"
        " then, just answer this mail."
    ),
    Cause.NOT_HANDED_OVER: _(
        "Hello {customer.first_name|there},\n\nyour order {order.number} is packed, but the"
        " carrier has not taken it yet. We should have been quicker, and we are sorry.\n\nWe"
        " expect it {order.date|later than we said}. If it no longer helps you then, just answer"
        " this mail."
    ),
    Cause.SCAN_SILENCE: _(
        "Hello {customer.first_name|there},\n\nyour order {order.number} is on its way, but"
        " nobody has scanned the parcel for longer than is usual. We are asking the carrier.\n\nWe"
        " expect it {order.date|later than we said}. If it no longer helps you then, just answer"
        " this mail."
    ),
    Cause.NOT_SHIPPED: _(
        "Hello {customer.first_name|there},\n\nwe have not sent your order {order.number} yet,"
        " though we said that we would have by now. We are sorry.\n\nWe expect it to be with you"
        " {order.date|later than we said}. If it no longer helps you then, just answer this mail."
    ),
    Cause.LATE_DELIVERY: _(
        "Hello {customer.first_name|there},\n\nyour order {order.number} will be with you later"
        " than we promised, and we are sorry.\n\nWe expect it {order.date|soon}. If it no longer"
        " helps you then, just answer this mail."
    ),
    Cause.STOCK_GONE: _(
        "Hello {customer.first_name|there},\n\nof what you ordered ({order.number}) there is none"
        " left, and we are sorry.\n\nWe expect to send it {order.date|as soon as there is more}."
        " If you would rather have something else, or your money back, just answer this mail."
    ),
    Cause.STILL_WAITING: _(
        "Hello {customer.first_name|there},\n\nwe wrote to you that your order {order.number} is"
        " late, and it is still not with you. We are sorry.\n\nWe expect it"
        " {order.date|as soon as we hear more}. If you would rather not wait, answer this mail with"
        " a word: whether we shall send it once more, or pay your money back."
    ),
    Cause.CAME_LATE: _(
        "Hello {customer.first_name|there},\n\nyour order {order.number} is with you by now, later"
        " than we had promised. We are sorry that you had to wait.\n\nIs everything as it should"
        " be? If not, just answer this mail."
    ),
}
MAKEGOOD = "makegood"
FIELDS = ("customer.first_name", "order.number", "order.date", "order.carrier", "order.tracking",
          MAKEGOOD)  # fmt: skip
LANGUAGES = ("en", "de")


def unknown_in(text: str) -> str:
    """The first field in braces that is none of `FIELDS`; empty where all are known."""
    names = (found.group(1).strip() for found in _FIELD.finditer(text))
    return next((name for name in names if name not in FIELDS), "")


@dataclass(frozen=True, kw_only=True)
class Said:
    text: str
    language: str
    unknown: tuple[str, ...] = ()
    """Names in braces that are none of `FIELDS`."""


def text_for(cause: str, language: str) -> str:
    with translation.override(language):
        return str(TEXTS[cause])


def language_of(customer: Customer | None, country: str) -> str:
    """Theirs where we know it; else German for German-speaking countries, English elsewhere."""
    known = customer.language[:2] if customer and customer.language else ""
    if known in LANGUAGES:
        return known
    return "de" if country in ("DE", "AT") and not known else "en"


def date_for(slip: Slip, now: datetime) -> date | None:
    """The day that is foreseen for it, as its shop's clock has it; None where nothing is known."""
    eta = expected(slip.order, now)
    return eta.most.astimezone(ZoneInfo(slip.order.shop.time_zone)).date() if eta else None


def filled(text: str, slip: Slip, language: str, day: date | None, *, gives: str = "") -> Said:
    """A text with its fields filled in; what nothing is known for says what stands behind `|`.

    `gives` is the sentence that tells of a make-good: it stands where the text has `{makegood}`,
    or else at the end.
    """
    values = _values(slip, language, day) | {MAKEGOOD: gives}
    if gives and MAKEGOOD not in (name.strip() for name, _else in _FIELD.findall(text)):
        text = f"{text.rstrip()}\n\n{{{MAKEGOOD}}}"
    unknown: list[str] = []

    def put(found: Any) -> str:
        name = found.group(1).strip()
        if name not in FIELDS:
            unknown.append(name)
        return escaped(values.get(name, "")) or (found.group(2) or "")

    said = _FIELD.sub(put, text)
    return Said(text=str(said), language=language, unknown=tuple(unknown))


def _values(slip: Slip, language: str, day: date | None) -> dict[str, str]:
    order = slip.order
    parcels = [one for one in parcels_of(order) if slip.part in ("", one.external_id)]
    names = order.name.split()
    with translation.override(language):
        when = _on(day) if day else ""
    return {
        "customer.first_name": one_line(names[0], 60) if names and "@" not in order.name else "",
        "order.number": order.number,
        "order.date": when,
        "order.carrier": ", ".join(filter(None, (one.carrier for one in parcels))),
        "order.tracking": ", ".join(filter(None, (one.tracking for one in parcels))),
    }


def _on(day: date) -> str:
    return gettext("by %(day)s") % {"day": formats.date_format(day, "DATE_FORMAT")}
