"""Words that lead an answer back to its conversation; random rows, not signed numbers.

Nothing can be truncated or guessed, each can be revoked, and a stolen database gives none
away: only SHA-256 is stored (security.md D02).
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from django.db.models import CharField, DateTimeField, Expression, Q, QuerySet
from django.utils import timezone

from makegood.conversations.models import Conversation, Token
from makegood.customers.models import Handle
from makegood.kit.compiled import Compiled
from makegood.kit.ids import digest, is_token, new_token
from makegood.kit.remembering import remembered

LINK_LASTS = timedelta(days=90)


def make_token(conversation: Conversation, handle: Handle, purpose: str) -> str:
    """A new token of one purpose for one participant; the only time it is seen in the clear."""
    token, now = new_token(), timezone.now()
    Token.objects.create(
        conversation=conversation,
        handle=handle,
        purpose=purpose,
        token_hash=digest(token),
        made_at=now,
        expires_at=now + LINK_LASTS if purpose == Token.Purpose.LINK else None,
    )
    return token


def revoke_token(token: str) -> None:
    """The word opens nothing any more."""
    Token.objects.filter(token_hash=digest(token), revoked_at=None).update(
        revoked_at=timezone.now()
    )


def carry_messages(message_ids: Iterable[str], *, to: Conversation) -> None:
    """Answers to these messages of ours lead to another conversation from now on."""
    hashes = [digest(token) for token in map(message_id_token, message_ids) if token]
    rows = Token.objects.filter(token_hash__in=hashes, purpose=Token.Purpose.MESSAGE)
    rows.update(conversation=to)


def token_row(token: str, *purposes: str) -> Token | None:
    """The row that a token opens, while it is neither revoked nor too old."""
    if not is_token(token):
        return None
    question = _opened_by(purposes)
    return remembered(
        ("token", token, purposes), lambda: question.first(digest(token), timezone.now())
    )


@cache
def _opened_by(purposes: tuple[str, ...]) -> Compiled[Token]:
    """Asked of nearly everything that comes in."""

    def rows(token_hash: Expression, now: Expression) -> QuerySet[Token]:
        alive = Q(expires_at=None) | Q(expires_at__gt=now)
        found = Token.objects.filter(alive, token_hash=token_hash, revoked_at=None)
        found = found.filter(purpose__in=purposes)
        return found.select_related("conversation", "handle__customer")

    return Compiled(rows, CharField(), DateTimeField())


def message_id_token(message_id: str) -> str:
    """The token in a Message-ID of ours (`<m.TOKEN@domain>`), or an empty word."""
    local = message_id.strip().strip("<>").partition("@")[0]
    prefix, _, token = local.partition(".")
    return token if prefix == "m" and is_token(token) else ""
