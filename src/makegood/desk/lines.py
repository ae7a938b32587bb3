"""So many of which articles of an order: the fields that ask, and what was filled in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from makegood.shop.models import Order

LINE = "line-"


def fields_of_lines(order: Order) -> dict[str, forms.Field]:
    """One for each line, from none to as many as were bought."""
    return {
        LINE + line.external_id: forms.IntegerField(
            min_value=0, max_value=line.quantity, required=False,
            label=_("%(title)s: how many of %(n)s") % {"title": line.title, "n": line.quantity},
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        for line in order.lines.all()
    }  # fmt: skip


def lines_in(said: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """What was named: the shop's number of each line, and how many of it."""
    found = ((name, count) for name, count in said.items() if name.startswith(LINE))
    return tuple((name.removeprefix(LINE), count) for name, count in found if count)
