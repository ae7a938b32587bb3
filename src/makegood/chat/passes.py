"""Going on elsewhere: a word that binds one more browser to a chat, once, within minutes."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.chat.actions import admit
from makegood.chat.events import TakenIntoChat
from makegood.chat.models import Pass, Visitor
from makegood.chat.queries import conversation_of, visitor_with
from makegood.conversations.models import Conversation, Participant, Token
from makegood.conversations.standing import lock_standing, standing_number
from makegood.customers.actions import CustomerActor, verify_handle
from makegood.customers.models import Handle
from makegood.kit.errors import Refused
from makegood.kit.ids import digest, is_token, new_token
from makegood.ledger.actions import record

LASTS = timedelta(minutes=10)
SWEPT_AT_ONCE = 20


def pass_of(visitor: Visitor) -> tuple[str, Pass]:
    """A word with which another device goes on with this visitor's chat."""
    place = conversation_of(visitor)
    if place is None:
        raise Refused(_("Write something first: there is nothing to go on with yet."))
    return _make(visitor.inbox, place, visitor.handle)


def pass_of_link(link: Token, chat: Inbox) -> tuple[str, Pass]:
    """A word with which whoever holds a private link goes on in the chat."""
    place = Conversation.objects.get(pk=standing_number(link.conversation_id))
    return _make(chat, place, link.handle)


@transaction.atomic
def _make(inbox: Inbox, place: Conversation, handle: Handle) -> tuple[str, Pass]:
    now, token = timezone.now(), new_token()
    old = Pass.objects.filter(expires_at__lt=now).order_by("expires_at")
    over: Sequence[int] = list(old.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    Pass.objects.filter(pk__in=over).delete()
    row = Pass.objects.create(
        token_hash=digest(token),
        inbox=inbox,
        conversation=place,
        handle=handle,
        expires_at=now + LASTS,
    )
    return token, row


@transaction.atomic
def use_pass(inbox: Inbox, secret: str, token: str, *, language: str = "") -> Visitor:
    """Bind the browser with this secret to what the word was made for. It opens once."""
    rows = Pass.objects.select_for_update(of=("self",)).filter(inbox=inbox, used_at=None)
    alive = rows.filter(token_hash=digest(token), expires_at__gt=timezone.now())
    found = alive.select_related("handle__customer").first() if is_token(token) else None
    if found is None:
        raise Refused(_("This link was used already, or is too old. Ask for another one."))
    found.used_at = timezone.now()
    found.save(update_fields=["used_at"])
    if found.handle.kind == "chat":
        return _same_visitor(inbox, secret, found, language)
    return _proven_visitor(inbox, secret, found, language)


def _same_visitor(inbox: Inbox, secret: str, found: Pass, language: str) -> Visitor:
    """One more browser of the same visitor: it knows what they know, and no more."""
    theirs = Visitor.objects.filter(inbox=inbox, handle=found.handle)
    first = theirs.select_related("mail", "proven").order_by("-seen_at").first()
    if first is None:
        raise Refused(_("This chat is no more."))
    now = timezone.now()
    known = visitor_with(inbox, secret, now)
    row = known or Visitor(
        inbox=inbox, secret_hash=digest(secret), language=language, first_seen_at=now
    )
    row.handle, row.mail, row.proven = found.handle, first.mail, first.proven
    row.answers, row.read, row.seen_at = first.answers, first.read, now
    row.save()
    return row


def _proven_visitor(inbox: Inbox, secret: str, found: Pass, language: str) -> Visitor:
    """A browser in which a private link was opened: whoever sits there reads that mailbox."""
    visitor = admit(inbox, secret, language=language)
    place = lock_standing(found.conversation_id, "inbox")
    visitor.proven = visitor.mail = found.handle
    visitor.save(update_fields=["proven", "mail"])
    Participant.objects.update_or_create(
        conversation=place,
        handle=visitor.handle,
        defaults={"state": Participant.State.ACTIVE, "joined_at": timezone.now()},
    )
    by = CustomerActor(found.handle)
    verify_handle(found.handle, by=by)
    about = [place, found.handle.customer, place.inbox]
    record(TakenIntoChat(visitor=visitor.pk), about=about, by=by)
    return visitor
