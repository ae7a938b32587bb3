"""Amounts as shops write them in JSON: decimal text, always with a point, of a known currency."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.money import digits_of, known_currency

LONGEST = 24


def exact(said: Any, currency: str) -> int:
    """In whole minor units; refused where that would lose anything. Nothing said is nothing."""
    number = _number(said).scaleb(digits_of(known_currency(currency)))
    if number != number.to_integral_value():
        told = {"amount": str(said)[:20], "currency": currency}
        raise Refused(_("%(amount)s has more digits than %(currency)s has.") % told)
    return int(number)


def rounded(said: Any, currency: str) -> int:
    """The same for parts of a sum, which some shops keep with more digits than anybody pays."""
    number = _number(said).scaleb(digits_of(known_currency(currency)))
    return int(number.to_integral_value(ROUND_HALF_UP))


def decimal_text(minor: int, currency: str) -> str:
    """As shops want to read it: `12.50`, `1000` for yen."""
    digits = digits_of(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def _number(said: Any) -> Decimal:
    text = "0" if said in (None, "") else str(said)
    bare = text.removeprefix("-").replace(".", "", 1)
    try:
        if isinstance(said, bool | float) or len(text) > LONGEST or not _is_digits(bare):
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation as wrong:
        told = {"amount": text[:20]}
        raise Refused(_("“%(amount)s” cannot be read as a number for certain.") % told) from wrong


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def moment(said: Any) -> datetime | None:
    """A time of a shop's JSON; one without a zone is of Greenwich. Nothing said is none."""
    if said in (None, ""):
        return None
    try:
        found = datetime.fromisoformat(said)
    except (TypeError, ValueError) as wrong:
        raise Refused(_("“%(word)s” is no time.") % {"word": str(said)[:40]}) from wrong
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def needed(said: Any) -> datetime:
    """A time that has to be there."""
    found = moment(said)
    if found is None:
        raise Refused(_("A time is missing."))
    return found
