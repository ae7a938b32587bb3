from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.watch.tokens import TOKEN_PLACES, Grant

PROVIDERS = [("google", "Google"), ("microsoft", "Microsoft"), ("other", _("Another"))]


class Token(forms.Form):
    """What a provider gave so that tokens can be kept fresh here."""

    provider = forms.ChoiceField(
        label=_("Provider"), choices=PROVIDERS, widget=forms.RadioSelect, initial="google"
    )
    place = forms.URLField(
        label=_("Where tokens are asked for"),
        help_text=_("Only for another provider: its token address, with https."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=500)
    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    refresh_token = forms.CharField(
        label=_("Refresh token"),
        help_text=_("Empty: you sign in at Google or Microsoft, and one is given to Makegood."),
        required=False,
        max_length=8000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        is_other = data.get("provider") == "other"
        if is_other and not str(data.get("place", "")).startswith("https://"):
            self.add_error("place", _("Give an address that begins with https."))
        if is_other and not data.get("refresh_token"):
            self.add_error("refresh_token", _("Another provider has to give one."))
        return data

    @property
    def wants_consent(self) -> bool:
        """Whether the owner signs in at the provider instead of pasting what it gave."""
        return not self.cleaned_data["refresh_token"]

    def grant(self) -> Grant:
        data = self.cleaned_data
        return Grant(
            place=TOKEN_PLACES.get(data["provider"], data["place"]),
            client_id=data["client_id"],
            client_secret=data["client_secret"],
            refresh_token=data["refresh_token"],
        )
