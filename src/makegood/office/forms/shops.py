from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from makegood.kit.errors import Refused
from makegood.office.forms.hours import all_zones
from makegood.shop.connectors.interface import Field
from makegood.shop.models import Connection
from makegood.shop.ways import Way, sorted_out


class WayFields(forms.Form):
    """The fields of one kind of shop. A secret that is there already may stay empty."""

    def __init__(self, kind: str, asked: Sequence[Field], *args: Any, **kwargs: Any) -> None:
        there: Connection | None = kwargs.pop("there", None)
        super().__init__(*args, **kwargs)
        self.kind, self._names = kind, [one.name for one in asked]
        known = set(there.secrets()) if there else set()
        for one in asked:
            is_kept = one.is_secret and one.name in known
            self.fields[one.name] = _field(one, is_kept)
            if there is not None and not one.is_secret:
                value = there.base_url if one.name == "base_url" else there.settings.get(one.name)
                self.fields[one.name].initial = value

    def clean(self) -> dict[str, Any]:
        try:
            sorted_out(self.kind, self.said())
        except Refused as refused:
            self.add_error("base_url", str(refused))
        return self.cleaned_data

    def said(self) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name) or "").strip() for name in self._names}


class NewWay(WayFields):
    """A shop that is to be connected."""

    name = forms.CharField(
        label=_("Shop"), max_length=80,
        help_text=_("What you call it. A shop that files told of before goes on under its name."),
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency"), max_length=3, initial="EUR",
        help_text=_("Three letters, for orders that name none: EUR."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("For times that name none."), choices=()
    )

    def __init__(self, kind: str, asked: Sequence[Field], *args: Any, **kwargs: Any) -> None:
        super().__init__(kind, asked, *args, **kwargs)
        zone: Any = self.fields["time_zone"]
        zone.choices = [(name, name.replace("_", " ")) for name in all_zones()]
        zone.initial = settings.TIME_ZONE

    def wanted(self) -> Way:
        said = self.cleaned_data
        return Way(
            kind=self.kind, name=said["name"], currency=said["currency"],
            time_zone=said["time_zone"], said=self.said(),
        )  # fmt: skip


def _field(one: Field, is_kept: bool) -> forms.Field:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"}) if one.is_secret else None
    words = _("Leave it empty, and the one we have stays.") if is_kept else one.help
    label: Any = one.label
    help_text: Any = words
    made = forms.CharField(
        label=label, help_text=help_text, max_length=500, widget=widget,
        required=not (one.is_optional or is_kept),
    )  # fmt: skip
    if one.example:
        made.widget.attrs["placeholder"] = one.example
    return made
