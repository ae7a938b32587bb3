"""Money as it is counted: whole minor units of one currency, and never a floating number."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, list_currencies
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

LARGEST = 10**15
"""In minor units: far above any order, far below what a database holds."""
MOST_AFTER_A_COMMA = 2
"""Digits: `1,234` may be a thousand and more."""
CURRENCIES = frozenset(code for code in list_currencies() if len(code) == 3)


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents; yen; fils) and the currency it is of, by ISO 4217."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def times(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")

    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def typed(self) -> str:
        """As whoever reads the page would type it: `12.50`, `12,50`; after a comma, two at most."""
        if digits_of(self.currency) > MOST_AFTER_A_COMMA:
            return str(self.decimal())
        return number_format(self.decimal(), digits_of(self.currency))

    def __str__(self) -> str:
        """As whoever reads the page writes money: `€12.50`, `12,50 €`."""
        language = (get_language() or "en").replace("-", "_")
        locale = Locale.parse(language, sep="_")
        return format_currency(self.decimal(), self.currency, locale=locale)


def digits_of(currency: str) -> int:
    """How many digits stand behind the point: 2 for euros, 0 for yen, 3 for dinars."""
    return get_currency_precision(currency)


def known_currency(text: str) -> str:
    """A currency by its three letters, or a refusal."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise Refused(
            _("“%(word)s” is no currency: three letters, such as EUR.") % {"word": code[:12]}
        )
    return code


def read_money(text: str, currency: str) -> Money:
    """An amount as people and programs write it, exactly, or a refusal that says why."""
    number = read_decimal(text)
    minor = number.scaleb(digits_of(currency))
    if minor != minor.to_integral_value():
        told = {"amount": text[:20], "currency": currency}
        raise Refused(_("%(amount)s has more digits than %(currency)s has.") % told)
    if abs(minor) > LARGEST:
        raise Refused(_("%(amount)s is more than any order is.") % {"amount": text[:20]})
    return Money(int(minor), currency)


def read_decimal(text: str) -> Decimal:
    """A number with a point or a comma before its last digits; spaces and marks of thousands go."""
    bare = "".join(text.split()).replace("\u2019", "").replace("'", "").replace("\u2212", "-")
    told = {"amount": text[:20]}
    if "," in bare and "." in bare:
        thousands = "," if bare.rindex(".") > bare.rindex(",") else "."
        bare = bare.replace(thousands, "")
    if bare.count(",") == 1 and len(bare) - bare.index(",") <= MOST_AFTER_A_COMMA + 1:
        bare = bare.replace(",", ".")
    if not bare.isascii() or not bare.strip("-+").replace(".", "", 1).isdigit() or len(bare) > 24:
        raise Refused(_("“%(amount)s” cannot be read as a number for certain.") % told)
    try:
        return Decimal(bare)
    except InvalidOperation as error:
        raise Refused(_("“%(amount)s” cannot be read as a number for certain.") % told) from error
