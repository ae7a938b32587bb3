"""Forms for saved replies and macros, with as many rows as there are and two more."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.acts.vocabulary import acts_for_macros
from makegood.macros.actions import MacroWish, ReplyWish
from makegood.macros.languages import languages
from makegood.macros.models import Kept, Macro, SavedReply
from makegood.macros.queries import teams_to_keep_for
from makegood.office.forms.acts import WithActs, rows_wanted
from makegood.team.models import Agent, Team

_SELECT = {"class": "input"}


class _ForWhom(forms.Form):
    """A name, and for whom it is kept."""

    name = forms.CharField(label=_("Name"), max_length=80)
    scope = forms.ChoiceField(label=_("For whom"), widget=forms.Select(attrs=_SELECT))

    def __init__(self, data: Any = None, *, thing: Kept | None, by: Agent) -> None:
        super().__init__(data, initial={"name": thing.name, "scope": thing.scope} if thing else {})
        self.by, self.known = by, {f"team:{team.pk}": team for team in teams_to_keep_for(by)}
        mine: list[tuple[str, Any]] = [("me", _("Only me"))]
        shared = [(key, team.name) for key, team in self.known.items()]
        everybody: list[tuple[str, Any]] = (
            [("all", _("Everybody"))] if by.may("kept.everybody") else []
        )
        self.fields["scope"].choices = everybody + shared + mine  # type: ignore[attr-defined]

    def whose(self) -> tuple[Team | None, Agent | None]:
        scope = self.cleaned_data["scope"]
        return self.known.get(scope), self.by if scope == "me" else None


class SaveReply(_ForWhom):
    """A saved reply: its words in one language or several."""

    shortcut = forms.CharField(
        label=_("Shortcut"),
        help_text=_("Typed after a slash where you write: /late"),
        max_length=41,
        required=False,
    )

    def __init__(self, data: Any = None, *, thing: SavedReply | None, by: Agent) -> None:
        super().__init__(data, thing=thing, by=by)
        self.initial["shortcut"] = thing.shortcut if thing else ""
        texts = list(thing.texts.items()) if thing else []
        self.count = rows_wanted(self.data, "language", len(texts))
        offered = [("", "–"), *languages()]
        for number in range(self.count):
            language, text = texts[number] if number < len(texts) else ("", "")
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=_("Language"), choices=offered, required=False, initial=language,
                widget=forms.Select(attrs=_SELECT),
            )  # fmt: skip
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Text"), required=False, initial=text, strip=False,
                widget=forms.Textarea(attrs={"rows": 5 if number == 0 else 3, "dir": "auto"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"language_{n}"], self[f"text_{n}"]) for n in range(self.count)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(self.count):
            if data.get(f"text_{number}", "").strip() and not data.get(f"language_{number}"):
                self.add_error(f"language_{number}", _("Say in which language this is."))
        said = [one for n in range(self.count) if (one := data.get(f"language_{n}"))]
        if len(said) != len(set(said)):
            self.add_error(None, _("Each language stands here once."))
        return data

    def wish(self) -> ReplyWish:
        data = self.cleaned_data
        texts = {data[f"language_{n}"]: data[f"text_{n}"] for n in range(self.count)}
        texts.pop("", None)
        team, agent = self.whose()
        return ReplyWish(
            name=data["name"], shortcut=data["shortcut"], texts=texts, team=team, agent=agent
        )


class SaveMacro(_ForWhom, WithActs):
    """A macro: its acts in order."""

    def __init__(self, data: Any = None, *, thing: Macro | None, by: Agent) -> None:
        super().__init__(data, thing=thing, by=by)
        self.add_rows(thing.acts if thing else [], acts_for_macros())

    def wish(self) -> MacroWish:
        team, agent = self.whose()
        acts = self.acts_wanted()
        return MacroWish(name=self.cleaned_data["name"], acts=acts, team=team, agent=agent)


class BringIn(forms.Form):
    """A file, or the text of one that was looked at already."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or JSON."), required=False)
    content = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            if file.size > 2_000_000:
                raise forms.ValidationError(_("This file is too large: one megabyte at most."))
            try:
                data["content"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(
                    _("This is not text in UTF-8: save it as UTF-8 and try again.")
                ) from error
        if not data.get("content"):
            raise forms.ValidationError(_("Choose a file."))
        return data
