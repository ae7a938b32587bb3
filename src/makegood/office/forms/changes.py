from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.office.changes import PAGES
from makegood.team.queries import all_agents

_SELECT = {"class": "input"}


class WhichChanges(forms.Form):
    """Of which page, by whom, until when."""

    page = forms.ChoiceField(
        label=_("Of"),
        choices=[("", _("Everything")), *((word, name) for word, (name, _kinds) in PAGES.items())],
        required=False,
        widget=forms.Select(attrs=_SELECT),
    )
    by = forms.ChoiceField(
        label=_("By"),
        choices=lambda: [("", _("Everybody")), *((one.ref, one.name) for one in all_agents())],
        required=False,
        widget=forms.Select(attrs=_SELECT),
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}),
    )


class AddKeys(forms.Form):
    """A file of public keys."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A certificate (PEM or DER) or an OpenPGP public key, or several in one file."),
    )
