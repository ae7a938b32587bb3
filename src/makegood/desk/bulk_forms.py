"""What an agent asks of many conversations at once: which, what, and what goes with it."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from makegood.bulk.verbs import VERBS, Act
from makegood.conversations.actions import tag_words
from makegood.desk.forms import MOMENTS
from makegood.team.models import Agent, Team

MOST_CHOSEN = 2000


class BulkForm(forms.Form):
    """One act on what was chosen, or on all of a list."""

    do = forms.ChoiceField(choices=[(name, verb.title) for name, verb in VERBS.items()])
    all = forms.BooleanField(required=False)
    to = forms.CharField(max_length=40, required=False)
    add = forms.CharField(max_length=1000, required=False)
    remove = forms.CharField(max_length=1000, required=False)
    until = forms.DateTimeField(required=False, input_formats=MOMENTS)

    def __init__(self, data: QueryDict, *, agents: list[Agent], teams: list[Team]) -> None:
        super().__init__(data)
        self.choices: dict[str, Agent | Team] = {}
        self.choices.update((agent.ref, agent) for agent in agents)
        self.choices.update((team.ref, team) for team in teams)
        self.picked = data.getlist("pick")[:MOST_CHOSEN]

    @property
    def numbers(self) -> list[int]:
        return [int(pk) for pk in self.picked if pk.isascii() and pk.isdigit() and len(pk) < 16]

    @property
    def verb(self) -> str:
        return str(self.cleaned_data.get("do", ""))

    def clean_to(self) -> str:
        to = str(self.cleaned_data["to"])
        if to and to != "nobody" and to not in self.choices:
            raise forms.ValidationError(_("This agent or team is not here any more."))
        return to

    def is_complete(self) -> bool:
        """Whether everything is said that this act needs."""
        if not self.is_valid():
            return False
        said: dict[str, Any] = self.cleaned_data
        needs = VERBS[self.verb].needs
        return not needs or bool(said[needs] or (needs == "add" and said["remove"]))

    def act(self) -> Act:
        said: dict[str, Any] = self.cleaned_data
        act: Act = {"do": self.verb}
        if self.verb == "assign":
            act["to"] = said["to"]
        elif self.verb == "tag":
            act |= {name: sorted(tag_words(_words(said[name]))) for name in ("add", "remove")}
        elif self.verb == "snooze":
            act["until"] = said["until"].isoformat()
        return act


def _words(said: str) -> list[str]:
    return said.replace(";", ",").split(",")
