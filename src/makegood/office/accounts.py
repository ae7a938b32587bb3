"""How people come in: what allauth asks of us, answered in the house's own way."""

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from makegood.office import known_browsers
from makegood.office.account_mail import post_account_mail
from makegood.team.actions import note_second_step, set_password
from makegood.team.models import Agent

SAID = {
    "account/messages/password_changed.txt": _("Your password was changed."),
    "mfa/messages/totp_activated.txt": _("Codes from your app are on."),
    "mfa/messages/totp_deactivated.txt": _("Codes from your app are off."),
    "mfa/messages/recovery_codes_generated.txt": _("Here are new recovery codes."),
    "mfa/messages/webauthn_added.txt": _("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey was removed."),
}
WRONG = {
    "account_inactive": _("This account is closed."),
    "email_password_mismatch": _("This address and this password do not belong together."),
    "incorrect_password": _("That is not your password."),
    "enter_current_password": _("That is not your present password."),
    "invalid_password_reset": _("This link was used or is too old."),
    "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
    "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    "incorrect_code": _("That code is not right, or it was used already."),
}


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up alone: an owner invites. Mail leaves by our own outbox."""

    error_messages = {**DefaultAccountAdapter.error_messages, **WRONG}

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Agent, password: str) -> None:
        set_password(user, password, by=user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the configured address alone: a forged Host header leads nobody away (T74)."""
        place = {"uidb36": "UID", "key": "KEY"}
        path = reverse("account_reset_password_from_key", kwargs=place)
        return settings.URL + path.replace("UID-KEY", quote(key))

    def reauthenticate(self, user: Agent, password: str) -> bool:
        found = self.authenticate(allauth_context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        post_account_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Agent,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Said to the agent by mail and written into the ledger: nobody changes a key unseen."""
        if template_prefix.startswith("mfa/"):
            note_second_step(user, template_prefix.rpartition("/")[2], by=user)
        post_account_mail(template_prefix, email or user.email, context or {})

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def post_login(self, request: HttpRequest, user: Agent, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known_browsers.remember(response, user)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Strangers' tries never lock out a browser that this person signed in with before."""
        email = str(credentials.get("email") or "").lower()
        return f"{email}:{known_browsers.number(request, email)}"
