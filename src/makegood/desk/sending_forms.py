"""How an answer is to leave, as the buttons and fields below it say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from makegood.acts.rests import read_rest, rest_of
from makegood.desk.forms import MOMENTS, ReplyForm
from makegood.kit.errors import Refused
from makegood.sending.answering import STAYS, After
from makegood.sending.models import Prepared, Then
from makegood.sending.preparing import Wish
from makegood.sending.rules import habit_of
from makegood.team.models import Agent

State = Prepared.State
WEEK = 7
MORNING, EVENING = 9, 18


class SendForm(ReplyForm):
    """An answer, and what becomes of the conversation: `resolve`, `snooze@2026-…`, or as usual."""

    then = forms.CharField(max_length=60, required=False)

    def after(self, agent: Agent) -> After:
        word, _at, until = str(self.cleaned_data["then"] or habit_of(agent)).partition("@")
        if word == Then.SNOOZE:
            return After(then=word, until=_moment(until) or tomorrow(timezone.now()))
        return After(then=word) if word in Then.values else STAYS


class PutForm(SendForm):
    """An answer that is not said yet: `later@2026-…`, `later` with a typed time, `shared`…"""

    put = forms.CharField(max_length=60)
    due_at = forms.DateTimeField(input_formats=MOMENTS, required=False)

    def clean_put(self) -> str:
        if str(self.cleaned_data["put"]).partition("@")[0] not in Prepared.OPEN:
            raise forms.ValidationError(_("Say what is to become of it."))
        return str(self.cleaned_data["put"])

    def wish(self, agent: Agent) -> Wish:
        word, _at, due = self.cleaned_data["put"].partition("@")
        due_at = _due(due, agent) or self.cleaned_data["due_at"] if word == State.LATER else None
        return Wish(state=word, due_at=due_at, after=self.after(agent))

    def again(self) -> str:
        """The button that says the same once more."""
        word, _at, due = str(self.cleaned_data.get("put", "")).partition("@")
        due_at = self.cleaned_data.get("due_at")
        typed = due_at.isoformat() if due_at else ""
        return f"{word}@{due or typed}" if word == State.LATER else word


class EditForm(forms.Form):
    """Other words for a waiting answer, over those that were read."""

    text = forms.CharField(required=False, strip=False)
    revision = forms.IntegerField(min_value=0)
    due_at = forms.DateTimeField(input_formats=MOMENTS, required=False)
    accept = forms.CharField(required=False, max_length=2000)


class YesForm(forms.Form):
    """What stood on the page of whoever lets an answer leave."""

    seen = forms.IntegerField(required=False, min_value=0)
    revision = forms.IntegerField(required=False, min_value=0)
    accept = forms.CharField(required=False, max_length=2000)


class HabitForm(forms.Form):
    """What an agent's own Send button does."""

    then = forms.ChoiceField(choices=Then.choices)


def _due(words: str, agent: Agent) -> datetime | None:
    """A moment, or one of the words that a rest is said with: `2h`, `tomorrow`."""
    try:
        return _moment(words) or (rest_of(read_rest(words), agent).until if words else None)
    except Refused:
        return None


def _moment(words: str) -> datetime | None:
    try:
        moment = parse_datetime(words) if words else None
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def tomorrow(now: datetime) -> datetime:
    return _morning(now, 1)


def _morning(now: datetime, days: int) -> datetime:
    """Nine o'clock by the wall, so many days on: not so many times 24 hours."""
    wall = timezone.make_naive(now).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return timezone.make_aware(wall + timedelta(days=days))


def later_times(now: datetime) -> Sequence[tuple[Any, datetime]]:
    """The times that are offered for sending later, in the order of the days."""
    local = timezone.localtime(now)
    times: list[tuple[Any, datetime]] = []
    if local.hour < EVENING - 1:
        # Two hours as they pass, over a change of the clocks too.
        soon = timezone.localtime(now + timedelta(hours=2)).replace(second=0, microsecond=0)
        times.append((_("In two hours"), soon))
    times.append((_("Tomorrow morning"), _morning(now, 1)))
    if local.weekday() != WEEK - 1:
        times.append((_("Monday morning"), _morning(now, WEEK - local.weekday())))
    return times
