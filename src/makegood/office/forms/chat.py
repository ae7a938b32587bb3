"""The chat in the shop's pages: how it looks, what it says and asks, and whom it invites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from makegood.channels.connecting import InboxSettings
from makegood.channels.models import Inbox
from makegood.chat.going_on import minutes_until_mail
from makegood.chat.inviting import most_in_a_day
from makegood.chat.queries import settings_of
from makegood.kit.text import one_line
from makegood.office.forms.inboxes import ContactForm, face_of

COLOUR = "#0b6166"
HEX = frozenset("0123456789abcdefABCDEF")
LANGUAGES = tuple(dict(settings.LANGUAGES))
QUESTIONS, INVITATIONS = 3, 3
KINDS = [
    ("text", _("a line of text")),
    ("name", _("their name")),
    ("email", _("an e-mail address")),
    ("phone", _("a telephone number")),
    ("choice", _("one of several")),
]
NAMED = ("name", "email")
"""Kinds whose answers say who somebody is, or where they are reached."""
MOST_CHOICES = 20


@dataclass(frozen=True)
class Row:
    """The fields of one question or invitation."""

    number: int
    fields: Sequence[BoundField]
    ticks: Sequence[BoundField]
    is_used: bool


def _line(label: Any, most: int = 120, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **more)


def _number(label: Any, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False, **more)


def _time(label: Any, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"class": "input", "type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, **more)


class ChatForm(ContactForm):
    """A chat, and the mailbox that goes on for it."""

    colour = forms.CharField(
        label=_("Colour"), max_length=7, initial=COLOUR, widget=forms.TextInput({"type": "color"})
    )
    position = forms.ChoiceField(
        label=_("Where the button stands"),
        choices=[("end", _("where lines end")), ("start", _("where lines begin"))],
    )
    corner = forms.ChoiceField(
        label=_("Corners"), choices=[("round", _("round")), ("square", _("square"))]
    )
    mail_after_minutes = _number(
        _("Minutes until mail"),
        24 * 60,
        help_text=_("So long an answer waits to be read in the chat. 0: it never goes by mail."),
    )
    calls_at_once = _number(
        _("Calls in one half hour"),
        50,
        help_text=_("So many calls are promised for the same half hour. 0: none at all."),
    )
    invites_from = _time(_("Invite from"))
    invites_until = _time(
        _("Invite until"),
        help_text=_("By the clock of your hours; outside of it nobody is invited. Empty: always."),
    )
    invites_most = _number(
        _("Invitations to one visitor in a day"),
        20,
        help_text=_("By all rules together. 0: nobody is invited."),
    )
    shows_team = forms.BooleanField(
        label=_("Show the names of the team"),
        help_text=_("Of up to three who answer here, before anybody has written."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mail_inbox"].help_text = _("What is not read in the chat leaves from here.")
        for code, name in settings.LANGUAGES:
            self.fields[f"greeting_{code}"] = _line(
                _("Greeting (%(language)s)") % {"language": name}
            )
            self.fields[f"intro_{code}"] = _line(
                _("Line below it (%(language)s)") % {"language": name}, 200
            )
        for number in range(QUESTIONS):
            self.fields |= _fields_of(f"question_{number}_", _question())
        for number in range(INVITATIONS):
            self.fields |= _fields_of(f"invitation_{number}_", _invitation())

    def words(self) -> Sequence[BoundField]:
        return [self[f"{part}_{code}"] for code in LANGUAGES for part in ("greeting", "intro")]

    def questions(self) -> Sequence[Row]:
        return [self._row("question", number) for number in range(QUESTIONS)]

    def invitations(self) -> Sequence[Row]:
        return [self._row("invitation", number) for number in range(INVITATIONS)]

    def _row(self, kind: str, number: int) -> Row:
        own = [one for one in self if one.name.startswith(f"{kind}_{number}_")]
        ticks = [one for one in own if isinstance(one.field, forms.BooleanField)]
        rest = [one for one in own if one not in ticks]
        return Row(number + 1, rest, ticks, any(one.value() for one in rest[:2]))

    def clean_colour(self) -> str:
        colour: str = self.cleaned_data["colour"]
        if len(colour) != 7 or colour[0] != "#" or not set(colour[1:]) <= HEX:
            raise ValidationError(_("A colour is a # and six letters or digits: #0b6166."))
        return colour.lower()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for number in range(QUESTIONS):
            name = f"question_{number}_choices"
            is_choice = found.get(f"question_{number}_kind") == "choice"
            is_asked = any(found.get(f"question_{number}_label_{code}") for code in LANGUAGES)
            if is_choice and is_asked and len(_choices(found.get(name, ""))) < 2:
                self.add_error(name, _("Name at least two, with commas between them."))
        begins, ends = found.get("invites_from"), found.get("invites_until")
        if begins is not None and begins == ends:
            self.add_error("invites_until", _("It cannot end as it begins."))
        elif (begins is None) != (ends is None) and not self.errors:
            missing = "invites_from" if begins is None else "invites_until"
            self.add_error(missing, _("Name both times, or neither."))
        return found

    def wanted(self, inbox: Inbox, **changes: Any) -> InboxSettings:
        wanted = super().wanted(inbox, **changes)
        wanted.settings["chat"] = settings_of(inbox) | self._chat()
        return wanted

    def _chat(self) -> dict[str, Any]:
        said = self.cleaned_data
        after, calls = said["mail_after_minutes"], said["calls_at_once"]
        most = said["invites_most"]
        return {
            "theme": {name: said[name] for name in ("colour", "position", "corner")},
            "words": {code: self._words(code) for code in LANGUAGES},
            "shows_team": said["shows_team"],
            **({} if after is None else {"mail_after_minutes": after}),
            **({} if calls is None else {"calls_at_once": calls}),
            **({} if most is None else {"invites_most": most}),
            **{
                name: said[name].isoformat("minutes") if said[name] else ""
                for name in ("invites_from", "invites_until")
            },
            "questions": [one for n in range(QUESTIONS) if (one := self._asked(n))],
            "invitations": [one for n in range(INVITATIONS) if (one := self._invited(n))],
        }

    def _words(self, code: str) -> dict[str, str]:
        said = {part: one_line(self.cleaned_data[f"{part}_{code}"], 200)
                for part in ("greeting", "intro")}  # fmt: skip
        return {part: words for part, words in said.items() if words}

    def _asked(self, number: int) -> dict[str, Any] | None:
        said = self._of(f"question_{number}_")
        labels = {code: one_line(said[f"label_{code}"], 120) for code in LANGUAGES}
        if not any(labels.values()):
            return None
        return {
            "key": said["kind"] if said["kind"] in NAMED else f"question-{number + 1}",
            "labels": labels,
            "kind": said["kind"] or "text",
            "choices": _choices(said["choices"]),
            "is_required": said["required"],
        }

    def _invited(self, number: int) -> dict[str, Any] | None:
        said = self._of(f"invitation_{number}_")
        words = {code: one_line(said[f"words_{code}"], 160) for code in LANGUAGES}
        if not any(words.values()):
            return None
        return {
            "key": f"invitation-{number + 1}",
            "words": words,
            "page": said["page"].strip(),
            "seconds": said["seconds"] or 0,
            "cart": said["cart"] or 0,
            "returning": said["returning"],
            "days": 7 if said["days"] is None else said["days"],
        }

    def _of(self, beginning: str) -> dict[str, Any]:
        return {name.removeprefix(beginning): said for name, said in self.cleaned_data.items()
                if name.startswith(beginning)}  # fmt: skip


def _fields_of(beginning: str, fields: Mapping[str, forms.Field]) -> dict[str, forms.Field]:
    return {f"{beginning}{name}": field for name, field in fields.items()}


def _question() -> dict[str, forms.Field]:
    labels = {f"label_{code}": _line(_("Question (%(language)s)") % {"language": name})
              for code, name in settings.LANGUAGES}  # fmt: skip
    return {
        **labels,
        "kind": forms.ChoiceField(
            label=_("Answered by"),
            choices=KINDS,
            required=False,
            widget=forms.Select(attrs={"class": "input"}),
        ),
        "choices": _line(_("To choose from, with commas between"), 600),
        "required": forms.BooleanField(label=_("Has to be answered"), required=False),
    }


def _invitation() -> dict[str, forms.Field]:
    words = {f"words_{code}": _line(_("Words (%(language)s)") % {"language": name}, 160)
             for code, name in settings.LANGUAGES}  # fmt: skip
    return {
        **words,
        "page": _line(_("On pages whose address has"), 200),
        "seconds": _number(_("After so many seconds on the page"), 24 * 3600),
        "cart": _number(_("With at least so much in the cart"), 10**9),
        "days": _number(_("To the same visitor once in so many days"), 3650),
        "returning": forms.BooleanField(
            label=_("Only to who has been here before"), required=False
        ),
    }


def _choices(text: str) -> list[str]:
    found = [one_line(one, 80) for one in text.split(",")]
    return [one for one in found if one][:MOST_CHOICES]


def chat_face_of(inbox: Inbox) -> dict[str, Any]:
    """What the form about a chat begins with."""
    chat = settings_of(inbox)
    found = face_of(inbox) | {"colour": COLOUR} | dict(chat.get("theme") or {})
    found |= {name: chat[name] for name in ("shows_team", "calls_at_once") if name in chat}
    found["mail_after_minutes"] = minutes_until_mail(inbox)
    found["invites_most"] = most_in_a_day(inbox)
    found |= {name: chat.get(name, "") for name in ("invites_from", "invites_until")}
    for code, words in (chat.get("words") or {}).items():
        found |= {f"{part}_{code}": said for part, said in words.items()}
    for number, asked in enumerate(chat.get("questions") or []):
        own = {"kind": asked["kind"], "required": asked["is_required"]}
        own["choices"] = ", ".join(asked["choices"])
        own |= {f"label_{code}": label for code, label in asked["labels"].items()}
        found |= {f"question_{number}_{name}": said for name, said in own.items()}
    for one in chat.get("invitations") or []:
        number = int(one["key"].rpartition("-")[2]) - 1  # it stays where it is counted
        own = {name: one[name] for name in ("page", "seconds", "cart", "returning", "days")}
        own |= {f"words_{code}": words for code, words in one["words"].items()}
        found |= {f"invitation_{number}_{name}": said for name, said in own.items()}
    return found
