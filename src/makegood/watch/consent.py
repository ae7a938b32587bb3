"""Asking a provider for a mailbox's tokens: its owner signs in there and agrees (RFC 6749, 4.1).

The code that comes back is worth nothing without the verifier (PKCE, RFC 7636) and the state,
and both stay, sealed, in the session of the agent who began.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.kit.errors import Refused
from makegood.kit.secrets import SecretDamaged, seal, unseal
from makegood.ledger.actors import Actor
from makegood.watch.tokens import Grant, keep_grant, token_from

GOOD_FOR_SECONDS = 15 * 60
_PURPOSE = "consent"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Where a provider asks its people, where it hands out tokens, and what we ask for."""

    name: str
    asks_at: str
    place: str
    scope: str
    more: Mapping[str, str] = field(default_factory=dict)


PROVIDERS = {
    "google": Provider(
        name="Google",
        asks_at="https://accounts.google.com/o/oauth2/v2/auth",
        place="https://oauth2.googleapis.com/token",
        scope="https://mail.google.com/",
        # Without these Google gives a refresh token the first time only.
        more={"access_type": "offline", "prompt": "consent"},
    ),
    "microsoft": Provider(
        name="Microsoft",
        asks_at="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        place="https://login.microsoftonline.com/common/oauth2/v2.0/token",
        scope="offline_access https://outlook.office.com/IMAP.AccessAsUser.All "
        "https://outlook.office.com/SMTP.Send",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What was begun and is waited for."""

    inbox: int
    provider: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    began_at: float


def begin_consent(inbox: Inbox, provider: str, client_id: str, client_secret: str) -> Consent:
    """Make the state and the verifier that only this session will know."""
    return Consent(
        inbox=inbox.pk,
        provider=provider,
        client_id=client_id,
        client_secret=client_secret,
        state=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        began_at=time.time(),
    )


def asking_address(consent: Consent, inbox: Inbox, comes_back_to: str) -> str:
    """Where the mailbox's owner signs in and agrees."""
    provider = PROVIDERS[consent.provider]
    hashed = hashlib.sha256(consent.verifier.encode()).digest()
    fields = {
        "response_type": "code",
        "client_id": consent.client_id,
        "redirect_uri": comes_back_to,
        "scope": provider.scope,
        "state": consent.state,
        "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "login_hint": inbox.address,
        **provider.more,
    }
    return f"{provider.asks_at}?{urlencode(fields)}"


def sealed_for(consent: Consent, session: str) -> str:
    """The consent as it may lie in a session: it opens in that one only."""
    return seal(_PURPOSE, session, json.dumps(asdict(consent)))


def opened_from(sealed: object, session: str) -> Consent | None:
    """The consent that this session began; None where there is none, or it took too long."""
    try:
        told = json.loads(unseal(_PURPOSE, session, str(sealed)).reveal())
    except SecretDamaged:
        return None
    consent = Consent(**told)
    return consent if time.time() - consent.began_at < GOOD_FOR_SECONDS else None


def finish_consent(
    inbox: Inbox, consent: Consent, answer: Mapping[str, str], comes_back_to: str, *, by: Actor
) -> None:
    """Exchange the code for tokens and keep them. Raises `Refused`; then nothing has changed."""
    if not hmac.compare_digest(answer.get("state", "").encode(), consent.state.encode()):
        raise Refused(_("This answer belongs to another sign-in. Please begin again."))
    if not answer.get("code"):
        said = (answer.get("error_description") or answer.get("error") or "")[:300]
        raise Refused(_("The provider did not agree: %(said)s") % {"said": said or "?"})
    fields = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": comes_back_to,
        "client_id": consent.client_id,
        "client_secret": consent.client_secret,
        "code_verifier": consent.verifier,
    }
    place = PROVIDERS[consent.provider].place
    fresh = token_from(place, fields)
    refresh_token = fresh.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token:
        raise Refused(_("The provider gave a token for one hour only, and none to renew it with."))
    grant = Grant(
        place=place,
        client_id=consent.client_id,
        client_secret=consent.client_secret,
        refresh_token=refresh_token,
    )
    with transaction.atomic():
        keep_grant(inbox, grant, fresh, by)
