"""The addresses of signing in. allauth has many more; what is not named here is closed.

No sign-up (an owner invites), no management of several addresses, no social accounts, no
codes by mail. Names are allauth's own, because its pages refer to them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods

from makegood.office.views import signing_in

View = Callable[..., HttpResponseBase]


def ours(view: View) -> View:
    """allauth's page in our manners: GET and POST alone, and 422 where a form comes back."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 422
        return response

    return told


urlpatterns = [
    path("login/", ours(signing_in.sign_in), name="account_login"),
    path("logout/", ours(account.logout), name="account_logout"),
    path("closed/", ours(account.account_inactive), name="account_inactive"),
    path("password/", ours(account.password_change), name="account_change_password"),
    path("password/first/", ours(account.password_set), name="account_set_password"),
    path("password/reset/", ours(signing_in.ask_for_password), name="account_reset_password"),
    path(
        "password/reset/sent/",
        ours(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        "^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        ours(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("again/", ours(account.reauthenticate), name="account_reauthenticate"),
    path("again/code/", ours(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "again/passkey/", ours(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("second-step/", ours(mfa.authenticate), name="mfa_authenticate"),
    path("passkey/", ours(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("security/", ours(mfa.index), name="mfa_index"),
    path("security/app/", ours(totp.activate_totp), name="mfa_activate_totp"),
    path("security/app/off/", ours(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("security/codes/", signing_in.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/",
        ours(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("security/keys/", ours(mfa.index), name="mfa_list_webauthn"),
    path("security/keys/new/", ours(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("security/keys/<int:pk>/", ours(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "security/keys/<int:pk>/remove/", ours(webauthn.remove_webauthn), name="mfa_remove_webauthn"
    ),
]
