"""Who gets what: a team's way of giving conversations out, and one agent's work."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from makegood.calendars.reading import read_days, say_shifts
from makegood.kit.errors import Refused
from makegood.office.forms.hours import Day, read_by
from makegood.routing.asking import CHANNELS, read_strengths, said_strengths
from makegood.routing.models import Strength, TeamRouting
from makegood.routing.setting import RoutingWish, strengths_of
from makegood.team.capacity import MOST_EVER, WEIGHTS, Room, room_of
from makegood.team.models import Agent
from makegood.team.shifts import DAYS, Rota, rota_of

CHANNEL_WORDS = {
    "email": _("E-mail"),
    "web": _("Contact form"),
    "social": _("Social media"),
    "review": _("Reviews"),
    "chat": _("Chat"),
    "voice": _("Telephone"),
}
Level = Strength.Level


class SaveRouting(forms.Form):
    """How a team's conversations find somebody."""

    gives = forms.BooleanField(
        label=_("Give new conversations to who is best placed"),
        help_text=_("Without it agents take them: by hand, or by “Next for me”."),
        required=False,
    )
    when_away = forms.ChoiceField(
        label=_("What waits for somebody who is away"),
        help_text=_("Nothing moves where somebody types, or while nobody else is here."),
        choices=TeamRouting.WhenAway.choices,
        widget=forms.RadioSelect,
    )
    grace_minutes = forms.IntegerField(
        label=_("After so many minutes"), min_value=0, max_value=24 * 60
    )

    def wish(self) -> RoutingWish:
        return RoutingWish(**self.cleaned_data)


def shown_routing(row: TeamRouting) -> dict[str, Any]:
    return {
        "gives": row.gives_since is not None,
        "when_away": row.when_away,
        "grace_minutes": row.grace_minutes,
    }


class SaveWork(forms.Form):
    """When one agent works, how much they can hold, and what they know."""

    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    days = forms.CharField(
        label=_("Days that are different"),
        help_text=_("One a line: 2026-12-24 9:00–12:00. Without hours it is a free day."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    most = forms.IntegerField(
        label=_("How much may wait for them"),
        help_text=_("Weighed by channel: a mail is 1, a chat 3. What is answered weighs nothing."),
        min_value=0,
        max_value=MOST_EVER,
    )
    well = forms.CharField(
        label=_("Knows well"),
        help_text=_("Tags, and languages and channels: returns, language:de, channel:chat"),
        required=False,
        max_length=2000,
    )
    knows = forms.CharField(label=_("Knows"), required=False, max_length=2000)
    never = forms.CharField(
        label=_("Not for them"),
        help_text=_("This is never given to them. They can still take it by hand."),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in WEEKDAYS.items():
            self.fields[f"day_{number}"] = Day(label=name, required=False, max_length=120)
        for channel in CHANNELS:
            self.fields[f"weighs_{channel}"] = forms.IntegerField(
                label=CHANNEL_WORDS[channel],
                required=False,
                min_value=1,
                max_value=MOST_EVER,
                widget=forms.NumberInput(attrs={"placeholder": WEIGHTS[channel]}),
            )

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in WEEKDAYS]

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[f"weighs_{channel}"] for channel in CHANNELS]

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("Choose a zone such as Europe/Berlin."))
        return zone

    def clean_days(self) -> Any:
        return read_by(read_days, self.cleaned_data["days"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = {
            Level.WELL: data.get("well", ""),
            Level.KNOWS: data.get("knows", ""),
            Level.NOT: data.get("never", ""),
        }
        try:
            data["levels"] = read_strengths({str(level): words for level, words in said.items()})
        except Refused as refused:
            self.add_error("knows", str(refused))
        return data

    def rota(self) -> Rota:
        data = self.cleaned_data
        return Rota(
            zone=data["zone"],
            week=[data[f"day_{number}"] for number in WEEKDAYS],
            dates={on: shifts for on, (shifts, _words) in data["days"].items()},
        )

    def room(self) -> Room:
        data = self.cleaned_data
        own = {channel: data[f"weighs_{channel}"] for channel in CHANNELS}
        weights = {channel: weight for channel, weight in own.items() if weight}
        return Room(most=data["most"], weights=weights)


def shown_work(agent: Agent) -> dict[str, Any]:
    """What the form says before anybody types."""
    rota = rota_of(agent) or Rota(zone=agent.zone.key, week=[()] * DAYS)
    room, said = room_of(agent), said_strengths(strengths_of(agent))
    dates = [f"{on} {say_shifts(shifts)}".strip() for on, shifts in sorted(rota.dates.items())]
    return {
        "zone": rota.zone,
        "days": "\n".join(dates),
        "most": room.most,
        "well": said.get(Level.WELL, ""),
        "knows": said.get(Level.KNOWS, ""),
        "never": said.get(Level.NOT, ""),
        **{f"day_{number}": say_shifts(shifts) for number, shifts in enumerate(rota.week)},
        **{f"weighs_{channel}": weight for channel, weight in room.weights.items()},
    }
