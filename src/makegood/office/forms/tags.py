from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Tag


class SaveTag(forms.Form):
    """What a tag is called, and its colour."""

    name = forms.CharField(label=_("Name"), max_length=40)
    colour = forms.ChoiceField(
        label=_("Colour"), choices=Tag.Colour.choices, required=False, widget=forms.RadioSelect
    )


class MergeTag(forms.Form):
    """Into which tag another is merged."""

    into = forms.TypedChoiceField(
        label=_("Merge it into"), coerce=int, widget=forms.Select(attrs={"class": "input"})
    )

    def __init__(self, data: Any = None, *, others: Sequence[Tag]) -> None:
        super().__init__(data)
        choices = [(str(one.pk), one.name) for one in others]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]
