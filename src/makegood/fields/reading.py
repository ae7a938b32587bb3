"""What somebody typed, as a value of its kind: read once, said back in words where it cannot be."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from makegood.fields.models import Field
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage, one_line

LONGEST = 1000
LARGEST = Decimal(10) ** 13
YES, NO = "yes", "no"
PHONE_SIGNS = frozenset("0123456789 +-/().")
PHONE_DIGITS = (7, 15)
"""E.164 knows no more than fifteen digits; fewer than seven are no telephone number."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A value as it is shown, as it is compared, and as it is ordered."""

    text: str
    folded: str
    number: Decimal | None = None
    on: date | None = None


def read_value(field: Field, typed: str) -> Read | None:
    """The value, or None where nothing was typed. Raises `Refused` in words."""
    text = fit_for_storage(typed).strip()
    if not text:
        return None
    readers = {
        Field.Kind.NUMBER: _number,
        Field.Kind.DATE: _date,
        Field.Kind.CHOICE: _choice,
        Field.Kind.YES_NO: _yes_or_no,
        Field.Kind.LINK: _link,
    }
    return readers.get(Field.Kind(field.kind), _text)(field, text)


def _text(_field: Field, text: str) -> Read:
    text = one_line(text, LONGEST)
    return Read(text=text, folded=folded(text))


def _number(field: Field, text: str) -> Read:
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Refused(
            _("%(name)s is a number, such as 12 or 12.5.") % {"name": field.name}
        ) from None
    if not number.is_finite() or abs(number) >= LARGEST:
        raise Refused(_("%(name)s cannot be as large as that.") % {"name": field.name})
    number = round(number, 6)
    shown = f"{number:f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return Read(text=shown, folded=shown, number=number)


def _date(field: Field, text: str) -> Read:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        words = _("%(name)s is a day, written as 2026-03-31.") % {"name": field.name}
        raise Refused(words) from None
    return Read(text=on.isoformat(), folded=on.isoformat(), on=on)


def _choice(field: Field, text: str) -> Read:
    chosen = next((one for one in field.choices if folded(one) == folded(text)), None)
    if chosen is None:
        raise Refused(_("“%(text)s” is not one of the choices.") % {"text": text[:80]})
    return Read(text=chosen, folded=folded(chosen))


def _yes_or_no(field: Field, text: str) -> Read:
    word = text.casefold()
    if word not in (YES, NO):
        raise Refused(_("%(name)s is yes or no.") % {"name": field.name})
    return Read(text=word, folded=word)


def _link(field: Field, text: str) -> Read:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    is_plain = not any(letter.isspace() for letter in text)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        words = _("%(name)s is an address that begins with https://.") % {"name": field.name}
        raise Refused(words)
    if len(text) > LONGEST:
        raise Refused(_("%(name)s cannot be as long as that.") % {"name": field.name})
    return Read(text=text, folded=folded(text))


def folded(text: str) -> str:
    """For comparing: no case, no accents of writing habit; a telephone number as its digits."""
    digits = phone_digits(text)
    if digits:
        return digits
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(text.split())[:200]


def phone_digits(text: str) -> str:
    """The last nine digits, by which +49 170 … and 0170 … are the same; nothing for other text."""
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit())
    least, most = PHONE_DIGITS
    looks_so = set(text) <= PHONE_SIGNS and text.strip().startswith(("+", "0", "("))
    return digits[-9:] if looks_so and least <= len(digits) <= most else ""
