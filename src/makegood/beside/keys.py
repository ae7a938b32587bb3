"""The words by which an answer finds its side thread: its own, so that none opens two doors."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import CharField
from django.utils import timezone

from makegood.beside.models import SideKey, SideThread
from makegood.channels.interface import Incoming
from makegood.conversations.models import Conversation, Token
from makegood.conversations.tokens import message_id_token, token_row
from makegood.kit.compiled import Compiled
from makegood.kit.ids import digest, is_token, new_token

LASTS = timedelta(days=180)
"""A word leads in for so long; each message of ours brings a new one."""
AFTER_DONE = timedelta(days=14)
"""So long a late answer still finds a thread in which nothing is awaited."""


def make_key(thread: SideThread, given_to: Sequence[str], purpose: str) -> str:
    """A new word that leads here; the only time it is seen in the clear."""
    word = new_token()
    SideKey.objects.create(
        thread=thread,
        given_to=" ".join(given_to),
        purpose=purpose,
        token_hash=digest(word),
        made_at=timezone.now(),
    )
    return word


_OPENED_BY: Compiled[SideKey] = Compiled(
    lambda word, purpose: SideKey.objects.filter(
        token_hash=word, purpose=purpose, revoked_at=None
    ).select_related("thread__conversation"),
    CharField(),
    CharField(),
)


def key_row(word: str, purpose: str) -> SideKey | None:
    if not is_token(word):
        return None
    row = _OPENED_BY.first(digest(word), purpose)
    return row if row is not None and _leads_in(row, timezone.now()) else None


def _leads_in(key: SideKey, now: datetime) -> bool:
    """Not for ever, and not long after the thread is done or its conversation is spam.

    What comes to a word that does not lead in any more begins a conversation, as any mail does.
    """
    thread = key.thread
    is_spam = thread.conversation.status == Conversation.Status.SPAM
    over_since = thread.done_at or (thread.last_at if is_spam else None)
    is_over = over_since is not None and over_since < now - AFTER_DONE
    return key.made_at >= now - LASTS and not is_over


def key_of(incoming: Incoming) -> SideKey | None:
    """The side thread's word in a mail: its reply address first, then what it answers.

    An address outweighs a reference, and the nearest reference the others: whoever writes to a
    conversation's own address means the conversation, whatever their program refers to.
    """
    for word in incoming.reply_tokens:
        row = key_row(word, SideKey.Purpose.REPLY)
        if row is not None:
            return row
    if any(
        token_row(word, Token.Purpose.REPLY, Token.Purpose.LINK) for word in incoming.reply_tokens
    ):
        return None
    for reference in incoming.references:
        word = message_id_token(reference)
        row = key_row(word, SideKey.Purpose.MESSAGE)
        if row is not None:
            return row
        if token_row(word, Token.Purpose.MESSAGE) is not None:
            return None
    return None
