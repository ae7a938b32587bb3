from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from makegood.customers.actions import Details
from makegood.customers.models import Consent
from makegood.fields.queries import Filled

FIELD = "field."
LONGEST = 2000

LANGUAGES = (
    ("", "–"), ("ar", "العربية"), ("cs", "čeština"), ("da", "dansk"), ("de", "Deutsch"),
    ("el", "Ελληνικά"), ("en", "English"), ("es", "español"), ("fi", "suomi"),
    ("fr", "français"), ("he", "עברית"), ("hu", "magyar"), ("it", "italiano"),
    ("ja", "日本語"), ("ko", "한국어"), ("nb", "norsk"), ("nl", "Nederlands"),
    ("pl", "polski"), ("pt", "português"), ("ro", "română"), ("ru", "русский"),
    ("sv", "svenska"), ("tr", "Türkçe"), ("uk", "українська"), ("zh", "中文"),
)  # fmt: skip
"""Each in its own words, so that nobody has to translate them."""

BLOCK_DAYS = (
    ("", _("until somebody lifts it")), ("hour", _("an hour")), ("1", _("a day")),
    ("7", _("a week")), ("30", _("a month")),
)  # fmt: skip


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """Places of the world; not the abbreviations of history. Read off the disk once."""
    zones = (zone for zone in available_timezones() if "/" in zone and "Etc" not in zone)
    return tuple(sorted(zones))


class DetailsForm(forms.Form):
    """Who somebody is, as far as we may correct it."""

    name = forms.CharField(max_length=120, required=False)
    language = forms.ChoiceField(choices=LANGUAGES, required=False)
    time_zone = forms.CharField(max_length=64, required=False)

    def details(self) -> Details:
        return Details(**self.cleaned_data)


class WordsForm(forms.Form):
    """A note, or tags with commas between."""

    text = forms.CharField(max_length=20_000, required=False, strip=False)
    tags = forms.CharField(max_length=LONGEST, required=False)

    def names(self) -> list[str]:
        return str(self.cleaned_data["tags"]).replace(";", ",").split(",")


class ConsentForm(forms.Form):
    """What a customer agreed to, or took back, and how we know."""

    purpose = forms.ChoiceField(choices=Consent.Purpose.choices)
    answer = forms.ChoiceField(choices=[("given", _("agreed")), ("withdrawn", _("took back"))])
    how = forms.CharField(max_length=250, required=False)

    def is_given(self) -> bool:
        return bool(self.cleaned_data["answer"] == "given")


class BlockForm(forms.Form):
    """Why somebody is not heard, and for how long."""

    reason = forms.CharField(max_length=250, required=False)
    days = forms.ChoiceField(choices=BLOCK_DAYS, required=False)
    network = forms.BooleanField(required=False)

    def until(self) -> datetime | None:
        days = self.cleaned_data["days"]
        if not days:
            return None
        lasts = timedelta(hours=1) if days == "hour" else timedelta(days=int(days))
        return timezone.now() + lasts


class ForgetForm(forms.Form):
    """The word that is typed before a person is forgotten."""

    word = forms.CharField(max_length=320, required=False, label=_("Type it here"))

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["word"].widget.attrs = {"autocomplete": "off", "autofocus": True}

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"]).strip()
        if word.casefold() != self.expected.casefold():
            raise forms.ValidationError(_("That is not what stands above. Nothing was changed."))
        return word


class SegmentForm(forms.Form):
    """What customers of one sort have in common."""

    title = forms.CharField(label=_("Name of the segment"), max_length=80)
    name = forms.CharField(label=_("Found by"), max_length=120, required=False)
    tag = forms.CharField(label=_("Tag"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    blocked = forms.ChoiceField(
        label=_("Blocked"),
        choices=[("", "–"), ("yes", _("yes")), ("no", _("no"))],
        required=False,
    )
    seen_within = forms.CharField(
        label=_("Heard of within so many days"), max_length=6, required=False
    )
    silent_for = forms.CharField(label=_("Silent for so many days"), max_length=6, required=False)
    conversations = forms.CharField(
        label=_("Conversations, at least"), max_length=6, required=False
    )
    consent = forms.ChoiceField(
        label=_("Agreed to"), choices=[("", "–"), *Consent.Purpose.choices], required=False
    )
    field = forms.ChoiceField(label=_("A field of your own"), required=False)
    operator = forms.ChoiceField(
        label=_("that"),
        required=False,
        choices=[
            ("is", _("is")), ("is not", _("is not")), ("says", _("says")),
            ("<", "<"), ("<=", "≤"), (">", ">"), (">=", "≥"), ("has", _("says anything")),
        ],
    )  # fmt: skip
    value = forms.CharField(label=_("Value"), max_length=200, required=False)

    def __init__(self, *args: Any, own: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", "–"), *own]  # type: ignore[attr-defined]
        for number in ("seen_within", "silent_for", "conversations"):
            self.fields[number].widget.attrs["inputmode"] = "numeric"
        for chosen in ("language", "blocked", "consent", "field", "operator"):
            self.fields[chosen].widget.attrs["class"] = "input"

    def conditions(self) -> dict[str, str]:
        asked = {key: str(value) for key, value in self.cleaned_data.items() if key != "title"}
        if not asked["field"]:
            asked |= {"operator": "", "value": ""}
        return asked


def typed_fields(typed: QueryDict, filled: list[Filled]) -> dict[str, str]:
    """What a form says of the fields that its sender may edit, by their words."""
    return {
        one.field.key: str(typed.get(FIELD + one.field.key, ""))[:LONGEST]
        for one in filled
        if one.may_edit and FIELD + one.field.key in typed
    }


def spoken_languages() -> dict[str, str]:
    return {**dict(LANGUAGES), **{code: str(name) for code, name in settings.LANGUAGES}}
