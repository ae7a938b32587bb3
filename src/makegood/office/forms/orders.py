from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from makegood.office.forms.hours import all_zones
from makegood.shop.queries import all_shops
from makegood.shop.runs import LARGEST


class BringOrders(forms.Form):
    """A file of orders, and which shop they are of."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, one line for each article of an order; packed with gzip, if you like."),
    )
    shop = forms.CharField(
        label=_("Shop"),
        max_length=80,
        help_text=_("What you call it. Orders of one name stand together."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        initial="EUR",
        help_text=_("Three letters, for orders that name none: EUR."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("For times that name none."), choices=()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone: Any = self.fields["time_zone"]
        zone.choices = [(name, name.replace("_", " ")) for name in all_zones()]
        zone.initial = settings.TIME_ZONE
        newest = next(iter(reversed(all_shops())), None)
        if newest is not None:
            self.initial.setdefault("shop", newest.name)
            self.initial.setdefault("currency", newest.currency)
            self.initial.setdefault("time_zone", newest.time_zone)

    def content(self) -> bytes:
        return bytes(self.cleaned_data["file"].read(LARGEST + 1))
