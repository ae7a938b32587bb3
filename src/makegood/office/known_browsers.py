"""Browsers that an agent signed in with before: strangers' wrong tries do not count for them.

Without this, anybody could lock an agent out by typing wrong passwords for their address.
The mark opens nothing; it only gives its browser a count of its own.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from makegood.kit.ids import digest, new_token
from makegood.team.models import Agent

COOKIE = "__Host-known" if settings.IS_HTTPS else "known"
SALT = "known-browser"
DAYS = 180


def remember(response: HttpResponse, agent: Agent) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps({"who": digest(agent.email), "number": new_token()}, salt=SALT),
        max_age=DAYS * 86400,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Strict",
    )


def number(request: HttpRequest, email: str) -> str:
    """The browser's number where it is known for this address; nothing for a stranger."""
    try:
        mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return ""
    return str(mark["number"]) if mark.get("who") == digest(email) else ""
