from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from makegood.calendars.actions import Wish
from makegood.calendars.free_days import region_names, regions_by_country
from makegood.calendars.models import Calendar
from makegood.calendars.reading import (
    read_closures,
    read_days,
    read_shifts,
    restored,
    say_shifts,
)
from makegood.channels.queries import all_inboxes
from makegood.kit.errors import Refused
from makegood.team.queries import teams_to_choose

NINE_TO_FIVE = "9:00–17:00"


def countries() -> list[tuple[str, str]]:
    names = Locale.parse(get_language() or "en", sep="-").territories
    found = [(code, names.get(code, code)) for code in regions_by_country()]
    return [("", "–"), *sorted(found, key=lambda one: one[1])]


def whose() -> list[tuple[str, str]]:
    """Inboxes and teams, by their references."""
    inboxes = [(inbox.ref, inbox.name) for inbox in all_inboxes()]
    return inboxes + [(team.ref, team.name) for team in teams_to_choose()]


def all_zones() -> list[str]:
    """Those with a place, as people know them."""
    return sorted(zone for zone in available_timezones() if "/" in zone and zone[:3] != "Etc")


class SaveHours(forms.Form):
    """When somebody is there."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        help_text=_(
            "Nobody is there on them. Save, and a country with regions asks for the region."
        ),
        choices=countries,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    region = forms.ChoiceField(
        label=_("Region"), required=False, widget=forms.Select(attrs={"class": "input"})
    )
    days = forms.CharField(
        label=_("Days that are different"),
        help_text=_(
            "One a line: 2026-12-24 9:00–12:00 Christmas Eve. Without hours it is closed; "
            "2026-12-27..2026-12-30 is every day of them. They go before public holidays."
        ),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    closures = forms.CharField(
        label=_("Closed from one time to another"),
        help_text=_("One a line: 2026-12-01 14:00 2026-12-01 16:30 Stocktaking."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    whose = forms.MultipleChoiceField(
        label=_("Whose hours these are"),
        help_text=_("An inbox or a team has one kind of hours; an inbox’s go before its team’s."),
        choices=whose,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_standard = forms.BooleanField(
        label=_("Of everybody who has no hours of their own"), required=False
    )

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in WEEKDAYS.items():
            self.fields[f"day_{number}"] = Day(
                label=name,
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs={"placeholder": _("closed")}),
            )
        chosen = self.data.get("country", country)
        regions = region_names(chosen) if chosen in regions_by_country() else {}
        known = sorted(regions.items(), key=lambda one: one[1])
        self.fields["region"].choices = [("", _("all of it")), *known]  # type: ignore[attr-defined]
        self.has_regions = bool(regions)

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in WEEKDAYS]

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("Choose a zone such as Europe/Berlin."))
        return zone

    def clean_days(self) -> Any:
        return read_by(read_days, self.cleaned_data["days"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        # Their times are by the clock of the zone, so that comes first.
        if "zone" in data:
            try:
                data["closures"] = read_closures(data.get("closures", ""), ZoneInfo(data["zone"]))
            except Refused as refused:
                self.add_error("closures", str(refused))
        if data.get("region") and data["region"] not in dict(self.fields["region"].choices):  # type: ignore[attr-defined]
            data["region"] = ""
        return data

    def wish(self) -> Wish:
        data = dict(self.cleaned_data)
        week = [data.pop(f"day_{number}") for number in WEEKDAYS]
        return Wish(week=week, **data)


class Day(forms.CharField):
    """The shifts of one weekday, as people write them."""

    def clean(self, value: Any) -> Any:
        return read_by(read_shifts, super().clean(value))


def read_by(reader: Any, said: str) -> Any:
    try:
        return reader(said)
    except Refused as refused:
        raise forms.ValidationError(str(refused)) from refused


def shown_hours(calendar: Calendar | None) -> dict[str, Any]:
    """What the form says before anybody types."""
    if calendar is None:
        week = {f"day_{number}": NINE_TO_FIVE if number < 5 else "" for number in WEEKDAYS}
        return {"zone": settings.TIME_ZONE, **week}
    zone = ZoneInfo(calendar.zone)
    days = [
        f"{one.on} {say_shifts(restored(one.shifts))} {one.words}".strip()
        for one in calendar.days.all()
    ]
    closures = [
        f"{one.begins_at.astimezone(zone):%Y-%m-%d %H:%M} "
        f"{one.ends_at.astimezone(zone):%Y-%m-%d %H:%M} {one.words}".strip()
        for one in calendar.closures.all()
    ]
    names = ("name", "zone", "country", "region", "is_standard")
    return {
        **{name: getattr(calendar, name) for name in names},
        **{
            f"day_{number}": say_shifts(restored(shifts))
            for number, shifts in enumerate(calendar.week)
        },
        "days": "\n".join(days),
        "closures": "\n".join(closures),
        "whose": [use.whose for use in calendar.uses.all()],
    }
