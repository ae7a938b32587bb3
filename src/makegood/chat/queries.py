from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from makegood.channels.models import Inbox
from makegood.chat.models import SIGNED, GoneOn, Rating, Visitor
from makegood.conversations.models import Attachment, Conversation, Message, Participant
from makegood.conversations.resolving import standing_chat
from makegood.customers.models import Handle
from makegood.kit.ids import digest

AT_ONCE = 50
MOST_BROWSERS = 20
MOST_CHATS = 50
"""Of one person: older ones are not shown any more."""
ON_ITS_WAY = ("queued", "cancelled")
SECRET_LENGTH = 43
"""32 bytes as base64url without padding (RFC 4648, 5)."""
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def chat_inbox(public_id: str) -> Inbox:
    """The chat that a shop's page names, or 404."""
    found = Inbox.objects.filter(public_id=public_id, kind="chat", state=Inbox.State.ACTIVE)
    inbox = found.select_related("mail_inbox").first()
    if inbox is None:
        raise Http404
    return inbox


def settings_of(inbox: Inbox) -> dict[str, Any]:
    """How the shop wants its chat."""
    found = inbox.settings.get("chat")
    return found if isinstance(found, dict) else {}


def is_secret(text: str) -> bool:
    """Whether this has the form of a visitor's secret."""
    return len(text) == SECRET_LENGTH and set(text) <= _LETTERS


def visitor_with(inbox: Inbox, secret: str, now: datetime) -> Visitor | None:
    """Whose secret this is, at this chat."""
    if not is_secret(secret):
        return None
    known = digest(secret)
    former = Q(former_hash=known, former_until__gt=now)
    found = Visitor.objects.filter(Q(secret_hash=known) | former, inbox=inbox)
    return found.select_related("handle__customer", "inbox", "mail", "proven").first()


def visitor_at(inbox: Inbox, pk: int) -> Visitor | None:
    """A visitor of this chat, by number; for whoever has shown that it is theirs."""
    found = Visitor.objects.filter(inbox=inbox, pk=pk)
    return found.select_related("handle__customer", "inbox", "mail", "proven").first()


def conversation_of(visitor: Visitor) -> Conversation | None:
    """The conversation that this visitor's next words belong to, where it stands now."""
    return standing_chat(visitor.handle)


def said_to(
    visitor: Visitor, *, after: int = 0, before: int = 0, limit: int = AT_ONCE
) -> Sequence[Message]:
    """What this visitor may read, in order: what they wrote, and what was written to them."""
    if after:
        newer = _theirs(visitor).filter(pk__gt=after).order_by("pk")
        return list(_with_files(newer)[:limit])
    theirs = _ever_theirs(visitor).filter(pk__lt=before) if before else _theirs(visitor)
    return list(reversed(_with_files(theirs.order_by("-pk"))[:limit]))


def has_earlier(visitor: Visitor, said: Sequence[Message]) -> bool:
    """Whether they said or read something before these: here, or in a chat that is over."""
    if len(said) == AT_ONCE:
        return True
    theirs = _ever_theirs(visitor)
    return (theirs.filter(pk__lt=said[0].pk) if said else theirs).exists()


@dataclass(frozen=True)
class Standing:
    """All that can be news to a visitor: the newest message, and where and how it all stands."""

    place: int
    newest: int
    status: str
    read: int = 0
    """The newest of their messages that one of us has read."""


def standing_for(visitor: int, handle: Handle, proven: Handle | None = None) -> Standing | None:
    """How a visitor's conversation stands, by what they may know of it; None without one."""
    place = standing_chat(handle)
    if place is None:
        return None
    numbers = _said_in(place, handle, proven).order_by("-pk").values_list("pk", flat=True)
    is_settled = place.status == Conversation.Status.RESOLVED
    read = Visitor.objects.filter(pk=visitor).values_list("read_by_us", flat=True).first() or 0
    return Standing(place.pk, numbers.first() or 0, "resolved" if is_settled else "open", read)


def file_for(visitor: Visitor, pk: int) -> Attachment:
    """A file of a message that this visitor may read, or 404."""
    found = Attachment.objects.filter(pk=pk, message__in=_ever_theirs(visitor).values("pk"))
    attachment = found.select_related("file").first()
    if attachment is None:
        raise Http404
    return attachment


def visitors_of(customers: Sequence[int]) -> Sequence[Visitor]:
    """The browsers at which somebody sat."""
    theirs = Q(handle__customer__in=customers) | Q(stranger__customer__in=customers)
    return list(Visitor.objects.filter(theirs).select_related("mail").order_by("pk"))


def told_of(visitor: Visitor) -> dict[str, Any]:
    """All that is held of a browser, for whose it is."""
    return {
        "first_seen_at": visitor.first_seen_at,
        "seen_at": visitor.seen_at,
        "signed_at": visitor.signed_at,
        "language": visitor.language,
        "page": visitor.page_url,
        "page_title": visitor.page_title,
        "cart": visitor.cart,
        "answers": visitor.answers,
        "tags": visitor.tags,
        "mail": visitor.mail.address if visitor.mail else "",
    }


def ratings_of(conversation: Conversation) -> Sequence[Rating]:
    """What was said of a chat when it was over."""
    return list(Rating.objects.filter(conversation=conversation).order_by("pk"))


def _theirs(visitor: Visitor) -> QuerySet[Message]:
    """Never a note, never what others wrote or were written, never what a machine said.

    What went by mail is shown to browsers alone that have shown whose mailbox that is.
    """
    place = conversation_of(visitor)
    if place is None:
        return Message.objects.none()
    return _said_in(place, visitor.handle, visitor.proven)


def _ever_theirs(visitor: Visitor) -> QuerySet[Message]:
    """The same, and what was said in chats of theirs that are over: those alone, and no mail."""
    place, handle = conversation_of(visitor), visitor.handle
    if place is None:
        return Message.objects.none()
    theirs = _in_chat(handle)
    if visitor.proven is not None:
        theirs |= Q(conversation=place) & _by_mail(visitor.proven, place)
    # By their conversations, so that nobody else's messages are looked at.
    here = {place.pk, *_chats_of(handle)}
    return Message.objects.filter(theirs, conversation__in=here, automatic="")


def _chats_of(handle: Handle) -> Sequence[int]:
    """Conversations that they take or took part in as a visitor, the newest first."""
    sat_as = [handle, *_before_they_signed_in(handle)]
    took_part = Participant.objects.filter(handle__in=sat_as).order_by("-joined_at", "-pk")
    return list(took_part.values_list("conversation", flat=True)[:MOST_CHATS])


def _in_chat(handle: Handle) -> Q:
    theirs = Q(direction=Message.Direction.INCOMING, handle=handle)
    theirs |= Q(direction=Message.Direction.OUTGOING, to=[handle.address])
    for before in _before_they_signed_in(handle):
        theirs |= Q(direction=Message.Direction.INCOMING, handle=before)
        theirs |= Q(direction=Message.Direction.OUTGOING, to=[before.address])
    return theirs


def _said_in(
    place: Conversation, handle: Handle, proven: Handle | None = None
) -> QuerySet[Message]:
    theirs = _in_chat(handle)
    if proven is not None:
        theirs |= _by_mail(proven, place)
    return Message.objects.filter(theirs, conversation=place, automatic="")


def _by_mail(mail: Handle, place: Conversation) -> Q:
    """What this mailbox wrote and got, since its owner takes part (security.md D04)."""
    joined = Participant.objects.filter(conversation=place, handle=mail)
    since = joined.exclude(state=Participant.State.LEFT).values_list("joined_at", flat=True).first()
    if since is None:
        return Q(pk__in=[])
    wrote = Q(direction=Message.Direction.INCOMING, handle=mail)
    got = Q(direction=Message.Direction.OUTGOING, to=[mail.address])
    got &= ~Q(delivery_state__in=ON_ITS_WAY)
    return Q(at__gte=since) & (wrote | got) | Q(pk__in=gone_on_to(mail, place))


def gone_on_to(mail: Handle, place: Conversation) -> list[int]:
    """The answers of chats that went on by mail to this address."""
    found = list[int]()
    for gone in GoneOn.objects.filter(to=mail).select_related("handle").order_by("-pk")[:AT_ONCE]:
        answers = Message.objects.filter(
            conversation=place,
            direction=Message.Direction.OUTGOING,
            to=[gone.handle.address],
            pk__range=(gone.oldest, gone.newest),
            automatic="",
        )
        found += answers.values_list("pk", flat=True)
    return found


def _before_they_signed_in(handle: Handle) -> Sequence[Handle]:
    """As whom this person wrote, in any of their browsers, before the shop said who it is."""
    if not handle.address.startswith(SIGNED):
        return []
    theirs = Visitor.objects.filter(handle=handle).exclude(stranger=None)
    strangers = theirs.order_by("-pk").values("stranger")[:MOST_BROWSERS]
    return list(Handle.objects.filter(pk__in=strangers))


def _with_files(messages: QuerySet[Message]) -> QuerySet[Message]:
    files = Attachment.objects.select_related("file").order_by("pk")
    return messages.select_related("agent", "arrival").prefetch_related(
        Prefetch("attachments", files)
    )
