from django import forms
from django.utils.translation import gettext_lazy as _


class SaveCause(forms.Form):
    """What a cause of broken promises is called."""

    name = forms.CharField(
        label=_("Why it broke"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
