"""The shop's word for who somebody is: a short token, signed with the chat's own key (T81)."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.chat.identity import Person, address_of
from makegood.chat.keys import keys_of
from makegood.chat.models import Visitor
from makegood.kit.text import plain_name
from makegood.portal.budgets import Charge, Exhausted, take
from makegood.portal.chat.refusing import Coded

ALGORITHM = "HS256"
LASTS = 300
SKEW = 30
"""Seconds by which two clocks may differ."""
LONGEST, LONGEST_WORD = 4096, 255
REQUIRED = ["aud", "exp", "iat", "jti", "sub"]


class BadToken(Coded):
    """It does not hold. Why, is said to nobody: who forges learns nothing."""

    status, code = 403, "token"

    def __init__(self) -> None:
        super().__init__(_("The shop’s word for who you are does not hold. Load the page again."))


def read_token(inbox: Inbox, token: str) -> tuple[Person, str]:
    """Who it is, and the token's own number. Raises `BadToken`."""
    if not token.isascii() or not 0 < len(token) <= LONGEST:
        raise BadToken
    claims = _claims(inbox, token)
    now, subject, number = time.time(), claims["sub"], claims["jti"]
    if claims["exp"] > now + LASTS + SKEW or claims["iat"] < now - LASTS - SKEW:
        raise BadToken
    if not all(0 < len(one) <= LONGEST_WORD for one in (subject.strip(), number)):
        raise BadToken
    email = _text(claims, "email")
    person = Person(
        subject=subject,
        name=plain_name(_text(claims, "name")),
        email=email if "@" in email and len(email) <= 254 else "",
        is_email_proven=claims.get("email_verified") is True,
        language=_text(claims, "locale")[:10],
    )
    return person, number


def _claims(inbox: Inbox, token: str) -> Mapping[str, Any]:
    """What a token says, where one of the chat's keys has signed it."""
    for key in keys_of(inbox):
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token, key.reveal(), algorithms=[ALGORITHM], audience=inbox.public_id,
                leeway=SKEW, options={"require": REQUIRED, "strict_aud": True},
            )  # fmt: skip
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise BadToken from error
        numbers = (claims["exp"], claims["iat"])
        if all(isinstance(one, int | float) and 0 < one < 2**40 for one in numbers):
            return claims
        break
    raise BadToken


def _text(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name, "")
    return found.strip() if isinstance(found, str) else ""


def use_up(inbox: Inbox, person: Person, number: str, visitor: Visitor | None) -> None:
    """A token opens once; the same browser may show it again. Raises `BadToken`."""
    if visitor is not None and visitor.handle.address == address_of(inbox, person.subject):
        return
    until = datetime.fromtimestamp(time.time() + 2 * (LASTS + SKEW), UTC)
    try:
        take([Charge("once", f"token {inbox.pk} {number}", until=until)])
    except Exhausted as error:
        raise BadToken from error
