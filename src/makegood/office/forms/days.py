from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makegood.calendars.bringing import Brought
from makegood.calendars.ical import LARGEST
from makegood.calendars.telling import day_in_words


class BringDays(forms.Form):
    """A calendar file, or its text."""

    file = forms.FileField(
        label=_("Calendar file"),
        help_text=_("A file that ends in .ics, as every calendar saves it; a megabyte at most."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("text", "").strip():
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        return data

    def content(self) -> bytes:
        file = self.cleaned_data.get("file")
        if file:
            return bytes(file.read(LARGEST + 1))
        return str(self.cleaned_data["text"]).encode()


class TakeDays(forms.Form):
    """Which of the days that were read are taken in."""

    lines = forms.TypedMultipleChoiceField(
        label=_("What it would close"),
        coerce=Brought.read,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, lines: Sequence[Brought] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("lines") if self.is_bound else []  # type: ignore[attr-defined]
        shown = [(line.value, in_words(line)) for line in lines if not line.is_there]
        field = self.fields["lines"]
        field.choices = shown or [(value, value) for value in given]  # type: ignore[attr-defined]
        self.initial["lines"] = [line.value for line in lines if not line.is_free]


def in_words(line: Brought) -> str:
    """`Thu 24 Dec 2026 – Fri 1 Jan 2027 · Between the years`."""
    first, last = (date.fromisoformat(said[:10]) for said in (line.begins, line.ends))
    when = day_in_words(first)
    if not line.is_all_day:
        when = f"{when} {line.begins[11:]} –"
        when += f" {line.ends[11:]}" if first == last else f" {day_in_words(last)} {line.ends[11:]}"
    elif first != last:
        when = f"{when} – {day_in_words(last)}"
    free = gettext("marked as free in the file") if line.is_free else ""
    return " · ".join(filter(None, (when, line.words, free)))
