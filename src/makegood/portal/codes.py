"""What the page behind a private link asks of codes that were sent to an order's own address."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.concerns.models import Proof
from makegood.concerns.queries import codes_of
from makegood.conversations.models import Conversation


class CodeForm(forms.Form):
    """Six digits. Which order they are of is not said: whoever looks may be somebody else."""

    code = forms.CharField(
        label=_("The code from our mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@dataclass(frozen=True, kw_only=True)
class Codes:
    waiting: Proof | None
    """The one that can be said now."""
    is_shown: bool
    """Whether one was said rightly lately, and none is waited for."""


def codes_in(conversation: Conversation) -> Codes:
    found = codes_of(conversation)
    waiting = next((one for one in found if one.proven_at is None), None)
    return Codes(waiting=waiting, is_shown=bool(found) and waiting is None)
