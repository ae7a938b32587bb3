from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from makegood.channels.connecting import InboxSettings
from makegood.channels.models import Inbox
from makegood.channels.queries import mailboxes_to_choose
from makegood.guard.checking import refusals_in
from makegood.guard.sheet import Sheet
from makegood.kit.text import fit_for_storage
from makegood.office.forms.people import Teams
from makegood.office.forms.signatures import checked_signature
from makegood.sending.answering import UNDO_CHOICES, undo_seconds


def undo_in_words(seconds: int) -> Any:
    if not seconds:
        return _("It leaves at once")
    return format_lazy(_("{seconds} seconds"), seconds=seconds)


SEEN_BY = _("Who sees what comes in here. Nobody named: every agent.")


class Face(forms.Form):
    """How an inbox appears: to us and to customers."""

    name = forms.CharField(
        label=_("Name"), help_text=_("What you call it among yourselves."), max_length=80
    )
    sender_name = forms.CharField(
        label=_("Sender"),
        help_text=_("Whom customers see answering: your shop's name."),
        max_length=120,
        required=False,
    )
    signature = forms.CharField(
        label=_("Signature"),
        help_text=_(
            "Stands under every answer, below the agent’s own. It is formatted as an answer is, "
            "and may hold {agent.first_name|Your team}, {shop.name} and {inbox.address}."
        ),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Of what the desk itself writes to customers."),
        choices=settings.LANGUAGES,
    )
    teams = Teams(SEEN_BY)
    hides_waits = forms.BooleanField(
        label=_("Do not tell customers how long it usually takes"),
        help_text=_(
            "Else the form, the private page and the first answer say so, once it is known."
        ),
        required=False,
    )

    def clean_signature(self) -> str:
        return checked_signature(self.cleaned_data["signature"])

    def wanted(self, inbox: Inbox, **changes: Any) -> InboxSettings:
        """The inbox as it should be, with what this form does not ask for left as it is."""
        kept = dict(changes.pop("settings", inbox.settings))
        kept.pop("hides_waits", None)
        if self.cleaned_data["hides_waits"]:
            kept["hides_waits"] = True
        return InboxSettings(
            name=self.cleaned_data["name"],
            kind=inbox.kind,
            address=inbox.address,
            sender_name=self.cleaned_data["sender_name"],
            signature=fit_for_storage(self.cleaned_data["signature"]),
            language=self.cleaned_data["language"],
            **{"mail_inbox": inbox.mail_inbox, "settings": kept, **changes},
        )


class Mailbox(Face):
    """A mailbox: what it answers by itself, and what it does with what agents forward to it."""

    opens_forwards = forms.BooleanField(
        label=_("Open forwarded mail at once as its first sender’s"),
        help_text=_("When an agent forwards a customer’s mail here. Without it, the desk asks."),
        required=False,
    )

    leaves_free = forms.BooleanField(
        label=_("Who answers does not take it"),
        help_text=_("Without it, a conversation that nobody owns is theirs who answers it."),
        required=False,
    )

    undo_seconds = forms.TypedChoiceField(
        label=_("Undo"),
        help_text=_("How long an answer waits before it leaves, for its writer to take it back."),
        choices=[(seconds, undo_in_words(seconds)) for seconds in UNDO_CHOICES],
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.Select(attrs={"class": "input"}),
    )

    acknowledgement = forms.CharField(
        label=_("First answer, by itself"),
        help_text=_(
            "Sent once to whoever begins a conversation by e-mail and is proven to be its sender."
            " Empty: nothing is sent."
        ),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_acknowledgement(self) -> str:
        """What must not leave is refused here already, and not when it would."""
        text = fit_for_storage(self.cleaned_data["acknowledgement"]).strip()
        for wrong in refusals_in(Sheet(text=text)):
            told = {"why": wrong.reason, "words": wrong.excerpt}
            raise ValidationError(_("%(why)s %(words)s"), params=told)
        return text

    def wanted(self, inbox: Inbox, **changes: Any) -> InboxSettings:
        own = {
            name: self.cleaned_data[name]
            for name in ("opens_forwards", "leaves_free", "acknowledgement")
        }
        others = {name: kept for name, kept in inbox.settings.items() if name not in own}
        settings = others | {name: said for name, said in own.items() if said}
        if self.cleaned_data["undo_seconds"] is not None:
            settings["undo_seconds"] = self.cleaned_data["undo_seconds"]
        return super().wanted(inbox, settings=settings, **changes)


def face_of(inbox: Inbox) -> dict[str, Any]:
    """What a form about an inbox begins with."""
    return {
        "name": inbox.name,
        "sender_name": inbox.sender_name,
        "signature": inbox.signature,
        "language": inbox.language,
        "teams": inbox.teams.all(),
        "hides_waits": inbox.settings.get("hides_waits", False),
        "mail_inbox": inbox.mail_inbox_id,
        "opens_forwards": inbox.settings.get("opens_forwards", False),
        "leaves_free": inbox.settings.get("leaves_free", False),
        "acknowledgement": inbox.settings.get("acknowledgement", ""),
        "undo_seconds": undo_seconds(inbox),
        "embedded_in": "\n".join(inbox.settings.get("embedded_in", ())),
    }


class ContactForm(Face):
    """A form on the shop's page, answered by a mailbox."""

    mail_inbox = forms.ModelChoiceField(
        label=_("Answered from"),
        help_text=_("A form cannot send. This mailbox answers for it."),
        queryset=mailboxes_to_choose(),
        empty_label=None,
        widget=forms.Select(attrs={"class": "input"}),
    )
    embedded_in = forms.CharField(
        label=_("Pages that may hold it"),
        help_text=_("Addresses of your shop, one a line: https://shop.example. No others can."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_embedded_in(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["embedded_in"].splitlines()]
        for line in filter(None, lines):
            parts = urlsplit(line)
            if parts.scheme not in ("https", "http") or not parts.hostname:
                raise ValidationError(
                    _("%(line)s is not the address of a page."), params={"line": line}
                )
        return [line for line in lines if line]

    def wanted(self, inbox: Inbox, **changes: Any) -> InboxSettings:
        settings = {**inbox.settings, "embedded_in": self.cleaned_data["embedded_in"]}
        mailbox = self.cleaned_data["mail_inbox"]
        return super().wanted(inbox, settings=settings, mail_inbox=mailbox, **changes)
