"""What an agent writes to somebody else: whom, what, which files, and what is passed on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.beside.models import SideDraft
from makegood.beside.recipients import read_recipients
from makegood.beside.saying import Wish
from makegood.conversations.models import Message
from makegood.conversations.replying import new_client_key


class NumbersField(forms.Field):
    """Numbers that were ticked. Whose they are, the action looks at."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[int]:
        found = [str(one) for one in value or ()]
        if any(not one.isdecimal() or len(one) > 15 for one in found) or len(found) > 100:
            raise forms.ValidationError(_("This file is not here any more."))
        return [int(one) for one in found]


class SideForm(forms.Form):
    """One mail to somebody else. What stands in `quoted` leaves as it stands there."""

    to = forms.CharField(
        label=_("To"),
        max_length=3000,
        required=False,
        help_text=_("One address or several, never the customer’s."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=250, required=False)
    text = forms.CharField(label=_("Your words"), required=False, strip=False, max_length=100_000)
    quoted = forms.CharField(
        label=_("What is passed on"), required=False, strip=False, max_length=200_000
    )
    attach = NumbersField(required=False)
    client_key = forms.CharField(max_length=64, required=False)
    accept = forms.CharField(max_length=2000, required=False)
    is_forward = forms.BooleanField(required=False)
    then = forms.CharField(max_length=10, required=False)

    def wish(self, draft: SideDraft | None, about: Message | None = None) -> Wish:
        """Raises `Refused` where an address is none."""
        data = self.cleaned_data
        return Wish(
            to=read_recipients(data["to"]),
            subject=data["subject"],
            text=data["text"],
            quoted=data["quoted"],
            files=data["attach"],
            draft=draft,
            client_key=data["client_key"] or new_client_key(),
            accepted=data["accept"].split(),
            about=about,
            is_forward=data["is_forward"],
            rests=data["then"] == "rest",
        )
