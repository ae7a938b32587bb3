"""Removing something for good: everywhere it stands, with its proof, and no way back."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from makegood.beside.searching import refs_of as refs_beside
from makegood.conversations.models import Attachment, Conversation
from makegood.conversations.searching import refs_of
from makegood.conversations.standing import lock_standing
from makegood.files.leaving import let_go
from makegood.kit.errors import Refused
from makegood.kit.records import Record
from makegood.kit.secrets import key_for
from makegood.kit.text import one_line
from makegood.ledger.actions import forget_events, record
from makegood.people.copying import throw_copies_away
from makegood.redaction.events import Redacted
from makegood.redaction.models import Redaction, Removed
from makegood.redaction.passages import Passage
from makegood.redaction.queries import may_redact
from makegood.redaction.removing import NOTHING, Scope, Stands, find, find_content, remove
from makegood.search.actions import put
from makegood.search.documents import documents_of
from makegood.team.models import Agent

What = Redaction.What


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to go, and why. The reason is kept: it must not say it once more."""

    words: str
    reason: str
    what: str = What.PASSAGE


def foresee(conversation: Conversation, wish: Wish) -> Stands:
    """Where it stands now, for the page that asks once more. Changes nothing."""
    passage = _passage(wish)
    return find(passage, Scope.of(conversation), "")


@transaction.atomic
def redact(conversation: Conversation, wish: Wish, *, by: Agent) -> Redaction:
    """Take a passage out of everything of this conversation and of its customer, for good."""
    if not may_redact(by, wish.what):
        raise Refused(_("Only leads and owners may remove words for good."))
    passage = _passage(wish)
    conversation = lock_standing(conversation.pk)
    scope, redaction = Scope.of(conversation), _begun(conversation, wish, by)
    found = find(passage, scope, mark_of(redaction))
    redaction.commitment = commitment_to(redaction, passage.letters)
    return _done(redaction, scope, found, passage)


@transaction.atomic
def redact_file(
    conversation: Conversation, attachment: Attachment, *, reason: str, by: Agent
) -> Redaction:
    """Take a file away wherever its content hangs, and the raw mails that brought it, for good."""
    wish = Wish(words="", reason=reason, what=What.FILE)
    if not may_redact(by, wish.what):
        raise Refused(_("Only leads and owners may remove words for good."))
    if not reason.strip():
        raise Refused(_("Write why: it is all that will be left to read."))
    conversation = lock_standing(conversation.pk)
    scope, redaction = Scope.of(conversation), _begun(conversation, wish, by)
    found = find_content(attachment.file, scope)
    redaction.commitment = commitment_to(redaction, attachment.file.sha256)
    return _done(redaction, scope, found, NOTHING)


def _begun(conversation: Conversation, wish: Wish, by: Agent) -> Redaction:
    return Redaction(
        conversation=conversation,
        by=by,
        at=timezone.now(),
        what=wish.what,
        reason=one_line(wish.reason, 200),
    )


def _done(redaction: Redaction, scope: Scope, found: Stands, passage: Passage) -> Redaction:
    """Remove what was found, in the caller's transaction, and tell of it."""
    if not found.counts:
        raise Refused(_("These words stand nowhere in this conversation."))
    by, conversation = redaction.by, redaction.conversation
    files = remove(passage, found, mark_of(redaction))
    redaction.places = found.counts
    redaction.save()
    _mark(redaction, found)
    forget_events(found.events, by=by)
    throw_copies_away(scope.customers)
    _find_anew(scope)
    let_go(files)
    fact = Redacted(
        redaction=redaction.pk,
        what=redaction.what,
        commitment=redaction.commitment,
        places=sum(found.counts.values()),
        reason=redaction.reason,
    )
    touched = sorted(found.refs & set(scope.refs()))
    about: list[Record | str] = [redaction, conversation, *touched]
    record(fact, about=about, by=by, at=redaction.at)
    return redaction


def _passage(wish: Wish) -> Passage:
    """Raises `Refused` where the words are too few, or the reason says them again."""
    passage = Passage.of(wish.words)
    if not wish.reason.strip():
        raise Refused(_("Write why: it is all that will be left to read."))
    if passage.stands_in(wish.reason):
        raise Refused(_("The reason says what is to go: say it in other words."))
    return passage


def mark_of(redaction: Redaction) -> str:
    """What stands in the place of the words."""
    on = formats.date_format(timezone.localtime(redaction.at), "j F Y")
    words = _("[removed by %(name)s on %(on)s: %(reason)s]")
    return words % {"name": redaction.by.name, "on": on, "reason": redaction.reason}


def commitment_to(redaction: Redaction, content: str) -> str:
    """Binds what stood there to its redaction; without this install's root key nobody guesses it.

    Of words the letters and digits count, of a file its SHA-256.
    """
    said = f"{redaction.public_id}\0{redaction.what}\0{content}".encode()
    return hmac.new(key_for("redaction"), said, hashlib.sha256).hexdigest()


def stood_there(redaction: Redaction, words: str) -> bool:
    """Whether these are the words that were removed: the proof, for whoever knows them."""
    content = words.strip() if redaction.what == What.FILE else Passage.of(words).letters
    return hmac.compare_digest(commitment_to(redaction, content), redaction.commitment)


def _mark(redaction: Redaction, found: Stands) -> None:
    Removed.objects.bulk_create(
        [Removed(redaction=redaction, ref=ref) for ref in sorted(found.refs)]
    )


def _find_anew(scope: Scope) -> None:
    """The index holds words of its own: everything that may have changed goes in again."""
    refs: list[str] = [*refs_beside(scope.conversations)]
    for conversation in scope.conversations:
        refs += refs_of(conversation)
    for start in range(0, len(refs), 500):
        put(documents_of(_some(refs, start)).values())


def _some(refs: Sequence[str], start: int) -> Sequence[str]:
    return refs[start : start + 500]
