from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.kit.sheets import LARGEST


class BringPeople(forms.Form):
    """A file of people, from a shop, another desk or a spreadsheet."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, as Excel or another desk writes it. 100,000 lines at most."),
    )

    def content(self) -> bytes:
        file = self.cleaned_data["file"]
        return bytes(file.read(LARGEST + 1))
