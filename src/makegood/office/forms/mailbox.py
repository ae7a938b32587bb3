from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SECURITY = [
    ("tls", _("TLS")),
    ("starttls", _("STARTTLS")),
    ("none", _("None: passwords travel in the clear")),
]
WAYS = [("password", _("Password, or an app password")), ("xoauth2", _("OAuth token (XOAUTH2)"))]


class Host(forms.CharField):
    def __init__(self, label: Any, *, required: bool = True) -> None:
        super().__init__(
            label=label,
            max_length=253,
            required=required,
            widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
        )


class Port(forms.IntegerField):
    def __init__(self) -> None:
        super().__init__(label=_("Port"), min_value=1, max_value=65535)


class Security(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Encryption"),
            choices=SECURITY,
            widget=forms.Select(attrs={"class": "input"}),
        )


class WhichAddress(forms.Form):
    """The address that customers write to: where connecting begins."""

    address = forms.EmailField(
        label=_("The address that customers write to"),
        max_length=254,
        widget=forms.EmailInput(attrs={"placeholder": "hello@example.com"}),
    )


class Sending(forms.Form):
    """How answers leave: an SMTP server and how to sign in there."""

    login = forms.CharField(
        label=_("Sign-in name"),
        help_text=_("Mostly the address itself."),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "off", "autocomplete": "off"}),
    )
    auth = forms.ChoiceField(label=_("Signing in by"), choices=WAYS, widget=forms.RadioSelect)
    secret = forms.CharField(
        label=_("Password or token"),
        help_text=_("Kept sealed; nobody can read it here again."),
        max_length=4000,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    smtp_host = Host(_("Sending server (SMTP)"))
    smtp_port = Port()
    smtp_security = Security()
    aliases = forms.CharField(
        label=_("Other addresses that lead here"),
        help_text=_("One a line."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reply_domain = Host(_("Reply domain"), required=False)

    def settings(self, before: dict[str, Any]) -> dict[str, Any]:
        """The inbox's settings as they should be; what is not asked for here stays."""
        data = self.cleaned_data
        aliases = [line.strip().lower() for line in data["aliases"].splitlines() if line.strip()]
        return {
            **before,
            "auth": data["auth"],
            "aliases": aliases,
            "reply_domain": data["reply_domain"].lower(),
            "smtp": {**before.get("smtp", {}), **self._server("smtp")},
        }

    def secrets(self) -> dict[str, str]:
        """What to seal; nothing where the field was left empty: then the old one stays."""
        secret = self.cleaned_data["secret"]
        if not secret:
            return {}
        return {"access_token" if self.cleaned_data["auth"] == "xoauth2" else "password": secret}

    def _server(self, kind: str) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "host": data[f"{kind}_host"].lower(),
            "port": data[f"{kind}_port"],
            "security": data[f"{kind}_security"],
            "username": data["login"],
        }


class Forwarding(Sending):
    """An address whose mail another server hands to our listener."""

    address = forms.EmailField(label=_("The address that customers write to"), max_length=254)
    field_order = ("address",)


class Mailbox(Sending):
    """A mailbox at a provider: fetched from by IMAP, answered from by SMTP."""

    imap_host = Host(_("Receiving server (IMAP)"))
    imap_port = Port()
    imap_security = Security()

    def settings(self, before: dict[str, Any]) -> dict[str, Any]:
        imap = {**before.get("imap", {}), **self._server("imap")}
        return {**super().settings(before), "imap": imap}
