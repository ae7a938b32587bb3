"""What the pages of promises are asked: which ones, and on whose day one shall ride."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.channels.queries import inboxes_visible_to
from makegood.lead.listing import RESTING, STATES, UNSAID, Wish
from makegood.promises.causes import every_cause
from makegood.promises.models import Promise
from makegood.team.models import Agent
from makegood.team.queries import agents_to_choose, teams

EVERY_KIND, EVERY_TEAM = ("", _("Every kind")), ("", _("Every team"))
EVERY_INBOX, EVERY_CAUSE = ("", _("Every inbox")), ("", _("Every cause"))
MOST_DAYS = 3660


class WishForm(forms.Form):
    """The filters of the list. What is not understood does not filter."""

    state = forms.ChoiceField(
        required=False, choices=[EVERY_KIND, *((one, one) for one in (*STATES, RESTING, UNSAID))]
    )
    mine = forms.BooleanField(required=False)
    kind = forms.ChoiceField(
        required=False, label=_("What is promised"), choices=[EVERY_KIND, *Promise.Kind.choices]
    )
    team = forms.TypedChoiceField(required=False, label=_("Team"), coerce=int, empty_value=None)
    inbox = forms.TypedChoiceField(required=False, label=_("Inbox"), coerce=int, empty_value=None)
    cause = forms.TypedChoiceField(
        required=False, label=_("Why it broke"), coerce=int, empty_value=None
    )
    days = forms.IntegerField(required=False, min_value=1, max_value=MOST_DAYS)

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = [(one.pk, one.name) for one in inboxes_visible_to(agent)]
        causes = [(one.pk, str(one)) for one in every_cause()]
        self.fields["cause"].choices = [EVERY_CAUSE, *causes]  # type: ignore[attr-defined]
        self.fields["team"].choices = [EVERY_TEAM, *((one.pk, one.name) for one in teams())]  # type: ignore[attr-defined]
        self.fields["inbox"].choices = [EVERY_INBOX, *seen]  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        self.is_valid()
        return Wish(**self.cleaned_data)


class OwnerForm(forms.Form):
    """Who shall keep it."""

    agent = forms.ModelChoiceField(queryset=Agent.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = agents_to_choose()  # type: ignore[attr-defined]
