"""Card and bank account numbers in what customers write: pointed out, for one click to remove."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.kit.rx import rx

_DIGITS = rx(r"\d(?:[ .-]?\d){12,18}")
_ACCOUNT = rx(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}")
LONGEST = 200_000
MOST = 5
CARD_LENGTHS = (16, 15, 14, 19, 18, 13)
"""What networks issue; an expiry date may follow without a word between."""
LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24,
    "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24,
    "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
"""How long an account number is, by country (ISO 13616)."""


@dataclass(frozen=True)
class Spotted:
    """One number that should not lie in a mail: its kind, the words, and what may be shown."""

    what: str
    words: str

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return _("a card number") if self.what == "card" else _("a bank account number")

    @property
    def hint(self) -> str:
        """Its last four signs, as it is printed on receipts."""
        return f"•••• {''.join(sign for sign in self.words if sign.isalnum())[-4:]}"


def spotted_in(text: str) -> Sequence[Spotted]:
    """The card and account numbers of a text, each once, at most five."""
    # In full width, or with blanks that do not break, it is a number as well.
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    found = dict.fromkeys([*_accounts(text), *_cards(text)])
    return list(found)[:MOST]


def _cards(text: str) -> Iterator[Spotted]:
    for match in _DIGITS.finditer(text):
        if not text[match.start() - 1 : match.start()].isalnum():
            words = next(filter(None, (_as_card(text, match.start(), n) for n in CARD_LENGTHS)), "")
            if words:
                yield Spotted("card", words)


def _as_card(text: str, begin: int, wanted: int) -> str:
    """The words of a card number of so many digits that begins here and ends as a whole."""
    words = _first_signs(text[begin : begin + 2 * wanted], wanted)
    digits = "".join(sign for sign in words if sign.isdigit())
    if len(digits) != wanted or digits[0] not in "23456" or len(set(digits)) < 2:
        return ""
    is_whole = not text[begin + len(words) : begin + len(words) + 1].isalnum()
    return words if is_whole and is_luhn(digits) else ""


def is_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _accounts(text: str) -> Iterator[Spotted]:
    for match in _ACCOUNT.finditer(text):
        length = LENGTHS.get(match.group(0)[:2])
        words = _first_signs(match.group(0), length or 0)
        if words and is_iban("".join(sign for sign in words if sign.isalnum())):
            yield Spotted("iban", words)


def _first_signs(words: str, wanted: int) -> str:
    """The words up to so many letters and digits; empty where there are fewer."""
    seen = 0
    for at, sign in enumerate(words):
        seen += sign.isalnum()
        if seen == wanted:
            return words[: at + 1]
    return ""


def is_iban(signs: str) -> bool:
    """The check digits of ISO 13616: the number modulo 97 is one."""
    turned = signs[4:] + signs[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
