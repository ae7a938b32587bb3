"""allauth's forms in our words: labels that say what is meant, no words inside the fields."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Your present password"),
    "password1": _("New password"),
    "code": _("Code"),
    "name": _("What you call this device"),
    "passwordless": _("Sign in with it alone, without address and password"),
}
HELP: dict[str, Any] = {
    "password1": _("At least ten characters; several words are good. Not one you use elsewhere."),
}


class InOurWords(BaseForm):
    """Relabels what allauth named, and takes out what we do not ask twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.label = WORDS.get(name, field.label)
            field.help_text = HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)
        if "code" in self.fields:
            self.fields["code"].widget.attrs.update(inputmode="numeric", autocapitalize="off")
        if "login" in self.fields:
            self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"


class SignIn(InOurWords, account.LoginForm):  # type: ignore[misc]
    pass


class ChangePassword(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPassword(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    pass


class AskForPassword(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ChoosePassword(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ProveByPassword(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class EnterCode(InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ProveByCode(InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ConnectApp(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    pass


class AddPasskey(InOurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    pass


class RenamePasskey(InOurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    pass
