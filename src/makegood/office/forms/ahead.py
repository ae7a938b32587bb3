from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.ahead.models import Amends, Switch
from makegood.ahead.switching import MOST_A_DAY, Standing
from makegood.ahead.telling import may_tell
from makegood.ahead.wording import unknown_in
from makegood.team.models import Agent
from makegood.team.queries import agents_to_choose

LONGEST = 4000


def _words(label: Any, language: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, required=False,
        help_text=gettext_lazy("Empty: the words that came with it."),
        widget=forms.Textarea(attrs={"rows": 9, "lang": language}),
    )  # fmt: skip


class SaveSwitch(forms.Form):
    """What is done where an order slips by one cause."""

    way = forms.ChoiceField(
        label=gettext_lazy("What is done"), choices=Switch.Way.choices, widget=forms.RadioSelect
    )
    amends = forms.ChoiceField(
        label=gettext_lazy("To make up for it"),
        choices=Amends.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("By itself too, within what they may give in whose name it leaves."),
    )
    text_en = _words(gettext_lazy("What they read, in English"), "en")
    text_de = _words(gettext_lazy("What they read, in German"), "de")
    names_day = forms.BooleanField(
        label=gettext_lazy("By itself, promise the day that is foreseen"),
        required=False,
        help_text=gettext_lazy("Where none is foreseen, or it is off, no new day is promised."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("text_en", "text_de"):
            if field := unknown_in(said.get(name, "")):
                words = _("There is no field %(name)s") % {"name": "{" + field + "}"}
                self.add_error(name, words)
        return said

    def wish(self, cause: str) -> Standing:
        said = self.cleaned_data
        texts = {"en": said["text_en"], "de": said["text_de"]}
        return Standing(cause=cause, way=said["way"], texts=texts, names_day=said["names_day"],
                        amends=said["amends"])  # fmt: skip


class SaveSender(forms.Form):
    """In whose name letters leave by themselves, and how many a day."""

    agent = forms.ModelChoiceField(
        label=gettext_lazy("In whose name"),
        queryset=Agent.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: nothing leaves by itself"),
    )
    most = forms.IntegerField(
        label=gettext_lazy("At most within a day"), min_value=1, max_value=MOST_A_DAY
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["agent"]
        chosen.queryset = agents_to_choose()
        chosen.label_from_instance = lambda agent: agent.name

    def clean_agent(self) -> Agent | None:
        agent: Agent | None = self.cleaned_data["agent"]
        if agent is not None and not may_tell(agent):
            words = _("Their answers wait for somebody’s yes: choose somebody else.")
            raise forms.ValidationError(words)
        return agent
