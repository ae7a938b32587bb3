"""What is asked when a promise moves, is handed on, or is taken back."""

from collections.abc import Sequence
from typing import Any

from django import forms

from makegood.desk.forms import MOMENTS
from makegood.promises.causes import every_cause
from makegood.promises.models import Cause
from makegood.team.models import Agent


class ReasonForm(forms.Form):
    """Why a promise is taken back."""

    reason = forms.CharField(max_length=250)


class MoveForm(ReasonForm):
    """By when, and why."""

    due_at = forms.DateTimeField(input_formats=MOMENTS)


class CauseForm(forms.Form):
    """Why a promise broke."""

    cause = forms.ModelChoiceField(queryset=Cause.objects.none())
    words = forms.CharField(max_length=250, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].queryset = every_cause()  # type: ignore[attr-defined]


class HandForm(forms.Form):
    """On whose day it rides from now on; empty is nobody's."""

    owner = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, agents: Sequence[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agents = {agent.ref: agent for agent in agents}
        choices = [("", ""), *((ref, ref) for ref in self.agents)]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def owner_of(self) -> Agent | None:
        return self.agents.get(self.cleaned_data["owner"])
