from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.money import Money, read_decimal, read_money
from makegood.makegoods.models import History, PolicyLine
from makegood.makegoods.policies import MOST_ROWS
from makegood.makegoods.policy import Row

BLANK = 3
"""Empty lines at the end, to be filled."""
PARTS = ("failure", "from", "below", "history", "remedy", "unit", "least", "most")


@dataclass(frozen=True, kw_only=True)
class TypedRow:
    """One line as it stands in the form."""

    number: int
    said: Mapping[str, str]


def typed(rows: Sequence[Row], currency: str) -> Sequence[TypedRow]:
    """The lines of a table as somebody changes them, and a few empty ones."""
    shown = [_shown(row, currency) for row in rows]
    blank = {"failure": "", "history": str(History.ANY), "unit": str(PolicyLine.Unit.PERCENT)}
    return [
        TypedRow(number=number, said=said) for number, said in enumerate([*shown, *[blank] * BLANK])
    ]


def _shown(row: Row, currency: str) -> dict[str, str]:
    is_sum = row.unit == PolicyLine.Unit.FIXED
    return {
        "failure": row.failure,
        "from": _digits(row.from_minor, currency) if row.from_minor else "",
        "below": _digits(row.below_minor, currency) if row.below_minor is not None else "",
        "history": row.history,
        "remedy": row.remedy,
        "unit": row.unit,
        "least": _digits(row.least, currency) if is_sum else str(row.least),
        "most": _digits(row.most, currency) if is_sum else str(row.most),
    }


def _digits(minor: int, currency: str) -> str:
    return Money(minor, currency).typed()


def as_typed(said: Mapping[str, str]) -> Sequence[TypedRow]:
    """What was posted, to be shown again as it was."""
    found = []
    for number in range(MOST_ROWS + BLANK + 1):
        if f"failure_{number}" not in said:
            break
        row = {part: said.get(f"{part}_{number}", "")[:40] for part in PARTS}
        found.append(TypedRow(number=number, said=row))
    return found


def rows_in(said: Mapping[str, str], currency: str) -> Sequence[Row]:
    """The lines that were posted; one without a failure is left out."""
    kept = [one for one in as_typed(said) if one.said["failure"]]
    return [_row(one.said, number, currency) for number, one in enumerate(kept, 1)]


def _row(said: Mapping[str, str], number: int, currency: str) -> Row:
    is_sum = said["unit"] == PolicyLine.Unit.FIXED
    try:
        least, most = (
            read_money(said[part] or "0", currency).minor if is_sum else _percent(said[part])
            for part in ("least", "most")
        )
        begin = read_money(said["from"], currency).minor if said["from"].strip() else 0
        end = read_money(said["below"], currency).minor if said["below"].strip() else None
    except Refused as refused:
        told = {"n": number, "wrong": str(refused).rstrip(".")}
        raise Refused(_("Line %(n)s: %(wrong)s.") % told) from refused
    return Row(
        failure=said["failure"], remedy=said["remedy"], unit=said["unit"], least=least, most=most,
        from_minor=begin, below_minor=end, history=said["history"],
    )  # fmt: skip


def _percent(text: str) -> int:
    number = read_decimal(text or "0")
    if number != number.to_integral_value():
        raise Refused(_("Percents are whole: %(word)s is not.") % {"word": text[:12]})
    return int(number)
