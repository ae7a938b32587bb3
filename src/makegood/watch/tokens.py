"""Keeping the tokens of a mailbox fresh: Google's and Microsoft's last an hour (RFC 6749, 6).

The owner gives the client's id and secret and a refresh token, once; both are sealed beside the
password. A process claims a renewal by moving its time, so that two never renew at once.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.actions import note_inbox_trouble
from makegood.channels.connecting import renew_secrets
from makegood.channels.events import InboxChanged
from makegood.channels.models import Inbox
from makegood.kit.egress import Unreachable, submit
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.watch.models import Watched
from makegood.watch.probing import watched

log = logging.getLogger(__name__)

TOKEN_PLACES = {
    "google": "https://oauth2.googleapis.com/token",
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
}
BEFORE_ITS_END = timedelta(minutes=10)
CLAIM = timedelta(minutes=5)
AFTER_REFUSAL = timedelta(hours=1)
LEAST_SECONDS, USUAL_SECONDS, MOST_SECONDS = 60, 3600, 90 * 86_400


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a provider gave to a shop so that it may ask for tokens."""

    place: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(repr=False)


class TokenRefused(Refused):
    """The provider gave no token; the words are its own."""


def connect_tokens(inbox: Inbox, grant: Grant, *, by: Actor) -> None:
    """Sign in by tokens from now on. They are tried first; refused, nothing changes."""
    fresh = ask_for_token(grant)
    keep_grant(inbox, grant, fresh, by)


@transaction.atomic
def keep_grant(inbox: Inbox, grant: Grant, fresh: dict[str, Any], by: Actor) -> None:
    """Seal what the provider gave, and sign in by it from now on."""
    row = Inbox.objects.select_for_update().get(pk=inbox.pk)
    oauth = {"place": grant.place, "client_id": grant.client_id}
    row.settings = {**row.settings, "auth": "xoauth2", "oauth": oauth}
    row.save(update_fields=["settings"])
    secrets = {"client_secret": grant.client_secret, "refresh_token": grant.refresh_token}
    renew_secrets(row, {**secrets, **_secrets_in(fresh)})
    _plan(row, fresh)
    record(InboxChanged(inbox_name=row.name), about=[row], by=by)


def ask_for_token(grant: Grant) -> dict[str, Any]:
    """A fresh token and how long it lasts. Raises `TokenRefused`, or `Unreachable`."""
    fields = {
        "grant_type": "refresh_token",
        "client_id": grant.client_id,
        "client_secret": grant.client_secret,
        "refresh_token": grant.refresh_token,
    }
    return token_from(grant.place, fields)


def token_from(place: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """What a provider's token address gives for these. Raises `TokenRefused`, or `Unreachable`."""
    answer = submit(place, {name: value for name, value in fields.items() if value})
    try:
        told = json.loads(answer.content)
    except ValueError:
        told = {}
    if answer.status >= 500:
        raise Unreachable(_("The provider answers with %(code)s.") % {"code": answer.status})
    if not isinstance(told, dict) or not isinstance(told.get("access_token"), str):
        said = told.get("error_description") or told.get("error") if isinstance(told, dict) else ""
        raise TokenRefused(str(said or answer.status)[:500])
    return told


def keep_tokens_fresh(now: datetime) -> int:
    """Renew what ends soon; how many were asked for."""
    due = Watched.objects.filter(next_token_at__lte=now).exclude(inbox__state=Inbox.State.PAUSED)
    claimed = [
        row
        for row in due.select_related("inbox")[:20]
        if Watched.objects.filter(pk=row.pk, next_token_at=row.next_token_at).update(
            next_token_at=now + CLAIM
        )
    ]
    for row in claimed:
        _renew(row.inbox, now)
    return len(claimed)


def _renew(inbox: Inbox, now: datetime) -> None:
    grant = grant_of(inbox)
    if grant is None:
        Watched.objects.filter(inbox=inbox).update(next_token_at=None)
        return
    try:
        fresh = ask_for_token(grant)
    except TokenRefused as refusal:
        host = (inbox.settings.get("imap") or {}).get("host", "")
        note_inbox_trouble(inbox, f"IMAP {host}: AUTHENTICATIONFAILED (token) {refusal}")
        Watched.objects.filter(inbox=inbox).update(next_token_at=now + AFTER_REFUSAL)
    except Unreachable:
        # The claim runs out and it is asked again; the old token may still be good.
        log.warning("No token could be asked for.", extra={"inbox": inbox.pk})
    else:
        renew_secrets(inbox, _secrets_in(fresh))
        _plan(inbox, fresh)


def grant_of(inbox: Inbox) -> Grant | None:
    """What the owner gave, where tokens are kept fresh here."""
    oauth = inbox.settings.get("oauth") or {}
    secrets = json.loads(inbox.secrets().reveal())
    if inbox.settings.get("auth") != "xoauth2" or not secrets.get("refresh_token"):
        return None
    return Grant(
        place=str(oauth.get("place", "")),
        client_id=str(oauth.get("client_id", "")),
        client_secret=secrets.get("client_secret", ""),
        refresh_token=secrets["refresh_token"],
    )


def _secrets_in(fresh: dict[str, Any]) -> dict[str, str]:
    """The token, and the next refresh token where the provider hands out a new one each time."""
    named = ("access_token", "refresh_token")
    return {name: fresh[name] for name in named if isinstance(fresh.get(name), str)}


def _plan(inbox: Inbox, fresh: dict[str, Any]) -> None:
    lasts = fresh.get("expires_in")
    seconds = USUAL_SECONDS
    if isinstance(lasts, int | float) and 0 < lasts <= MOST_SECONDS:
        seconds = int(lasts)
    pause = timedelta(seconds=max(LEAST_SECONDS, seconds)) - BEFORE_ITS_END
    at = timezone.now() + max(pause, timedelta(seconds=LEAST_SECONDS / 2))
    Watched.objects.filter(pk=watched(inbox).pk).update(next_token_at=at)
