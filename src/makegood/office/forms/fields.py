from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.fields.actions import Wish
from makegood.fields.models import Field


class SaveField(forms.Form):
    """Something that the shop wants to know of every customer, or of every conversation."""

    name = forms.CharField(label=_("Name"), max_length=80)
    noun = forms.ChoiceField(
        label=_("Of whom or what"), choices=Field.Noun.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("What it holds"),
        help_text=_("It stays what it is, once it is made."),
        choices=Field.Kind.choices,
        widget=forms.Select(attrs={"class": "input"}),
    )
    choices = forms.CharField(
        label=_("Choices"),
        help_text=_("One a line; for a field of several choices."),
        required=False,
        max_length=9000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    help = forms.CharField(label=_("What helps to fill it in"), max_length=250, required=False)
    place = forms.IntegerField(
        label=_("Place"),
        help_text=_("Fields stand in the order of this number."),
        min_value=0,
        max_value=100_000,
    )
    seen_by = forms.ChoiceField(
        label=_("Who sees it"), choices=Field.Least.choices, widget=forms.RadioSelect
    )
    edited_by = forms.ChoiceField(
        label=_("Who may fill it in"), choices=Field.Least.choices, widget=forms.RadioSelect
    )
    is_telling = forms.BooleanField(
        label=_("The same value says that two customers may be one person"),
        help_text=_("Such as a customer number, an order number, a telephone number."),
        required=False,
    )

    def __init__(self, *args: Any, is_settled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_settled:
            for settled in ("noun", "kind"):
                self.fields[settled].disabled = True

    def wish(self) -> Wish:
        data = dict(self.cleaned_data)
        data["choices"] = [one.strip() for one in data["choices"].splitlines()]
        return Wish(**data)


def shown(field: Field | None, place: int) -> dict[str, Any]:
    """What the form says before anybody types."""
    if field is None:
        least = Field.Least.AGENT
        return {"noun": "customer", "place": place, "seen_by": least, "edited_by": least}
    names = ("name", "noun", "kind", "help", "place", "seen_by", "edited_by", "is_telling")
    return {name: getattr(field, name) for name in names} | {"choices": "\n".join(field.choices)}
