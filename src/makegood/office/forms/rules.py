"""The form of a rule: when, for which, what it does."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.acts.vocabulary import acts_for_rules
from makegood.asking.moments import length, length_in_words
from makegood.automation.actions import Wish
from makegood.automation.models import Rule, Version
from makegood.automation.triggers import STATES, facts
from makegood.channels.models import Inbox
from makegood.channels.queries import inboxes_visible_to
from makegood.office.forms.acts import WithActs
from makegood.team.models import Agent, Team
from makegood.team.queries import teams_to_choose

_SELECT = {"class": "input"}


class SaveRule(WithActs):
    """A rule as the office sees it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    trigger = forms.ChoiceField(label=_("What happens"), widget=forms.Select(attrs=_SELECT))
    lasts = forms.CharField(
        label=_("For how long"),
        help_text=_("Where it waits for a time: 30m, 4h, 3d."),
        max_length=20,
        required=False,
    )
    in_hours = forms.BooleanField(label=_("Count opening hours only"), required=False)
    q = forms.CharField(label=_("What must hold"), max_length=1000, required=False)
    inbox = forms.ModelChoiceField(
        Inbox.objects.none(), label=_("In the inbox"), required=False, empty_label=_("Every inbox")
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("For the team"), required=False, empty_label=_("Every team")
    )
    stops_here = forms.BooleanField(
        label=_("Where it holds, ask no rule behind it"), required=False
    )
    hears_machines = forms.BooleanField(
        label=_("Also for what machines write: lists, robots, notices"), required=False
    )

    def __init__(self, data: Any = None, *, rule: Rule | None, by: Agent) -> None:
        super().__init__(data, initial=_as_it_is(rule) if rule else {})
        self.fields["trigger"].choices = _triggers()  # type: ignore[attr-defined]
        numbers = [inbox.pk for inbox in inboxes_visible_to(by)]
        self.fields["inbox"].queryset = Inbox.objects.filter(pk__in=numbers)  # type: ignore[attr-defined]
        self.fields["team"].queryset = teams_to_choose()  # type: ignore[attr-defined]
        self.add_rows(rule.version.acts if rule and rule.version else [], acts_for_rules())

    def clean_lasts(self) -> int:
        typed = self.cleaned_data["lasts"].strip()
        seconds = length(typed) if typed else 0
        if seconds is None:
            raise forms.ValidationError(_("That is no length of time: write 30m, 4h or 3d."))
        return seconds

    def wish(self) -> Wish:
        data = self.cleaned_data
        same = ("name", "trigger", "in_hours", "inbox", "team", "stops_here", "hears_machines")
        return Wish(
            **{name: data[name] for name in same},
            condition=data["q"],
            seconds=data["lasts"],
            acts=self.acts_wanted(),
        )


def _as_it_is(rule: Rule) -> dict[str, Any]:
    said: Version | None = rule.version
    if said is None:
        return {"name": rule.name}
    same = ("trigger", "in_hours", "inbox", "team", "stops_here", "hears_machines")
    return {name: getattr(said, name) for name in same} | {
        "name": rule.name,
        "q": said.condition,
        "lasts": length_in_words(said.seconds) if said.seconds else "",
    }


def _triggers() -> list[tuple[Any, Any]]:
    waits = [(f"since:{name}", one.words) for name, one in STATES.items()]
    return [(_("Something happens"), list(facts().items())), (_("A time has passed"), waits)]
