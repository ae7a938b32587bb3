"""Who sits at the other end of a chat, as the desk tells it: here, away or gone, and typing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import OuterRef, Subquery

from makegood.channels.registry import LIVE
from makegood.chat.events import AnswerRead
from makegood.chat.models import Visitor
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.standing import standing_number
from makegood.ledger.models import Event

HERE = timedelta(seconds=45)
"""Two of the words that an open feed leaves, and a little: who misses them is not here now."""
AWAY = timedelta(minutes=10)
TYPES = timedelta(seconds=8)
"""A browser says it every five seconds while somebody types."""
PROVEN = "id."
"""How the handle of somebody begins whom the shop vouched for."""


class Nearness(StrEnum):
    """How near a visitor is."""

    HERE = "here"
    AWAY = "away"
    GONE = "gone"


@dataclass(frozen=True)
class Typing:
    """Somebody writes in a chat at this moment; what, nobody learns before it is sent."""

    place: str
    inbox: int
    at: float


@dataclass(frozen=True)
class Read:
    """How far a visitor read: the newest of our messages that they saw, and when that was."""

    message: int
    at: datetime


def nearness(visitor: Visitor, now: datetime) -> Nearness:
    """Whether a visitor is before the chat now."""
    if visitor.seen_at > now - HERE:
        return Nearness.HERE
    return Nearness.AWAY if visitor.seen_at > now - AWAY else Nearness.GONE


def is_typing(visitor: Visitor, now: datetime) -> bool:
    return visitor.typing_at is not None and visitor.typing_at > now - TYPES


def is_proven(visitor: Visitor) -> bool:
    """Whether the shop has signed who this is."""
    return visitor.handle.address.startswith(PROVEN)


def visitor_in(conversation: Conversation) -> Visitor | None:
    """Whoever chats in a conversation: the one who wrote last, in the browser seen last."""
    live = conversation.messages.filter(
        direction=Message.Direction.INCOMING, handle__kind__in=LIVE, automatic=""
    )
    wrote = Subquery(live.order_by("-pk").values("handle")[:1])
    found = Visitor.objects.filter(handle=wrote).select_related("handle", "inbox", "mail")
    return found.order_by("-seen_at", "-pk").first()


def read_in(conversation: Conversation) -> Read | None:
    """The newest answer that was read in a chat."""
    told = Event.objects.filter(kind=AnswerRead.kind, subjects__ref=conversation.ref)
    newest = told.order_by("-pk").first()
    return Read(newest.facts["message"], newest.at) if newest else None


def who_types(now: datetime) -> Sequence[Typing]:
    """Everybody who types in a chat now, by the conversation that it will stand in."""
    joined = Participant.objects.filter(
        handle=OuterRef("handle"), state=Participant.State.ACTIVE
    ).order_by("-joined_at", "-pk")
    rows = (
        Visitor.objects.filter(typing_at__gt=now - TYPES)
        .annotate(home=Subquery(joined.values("conversation")[:1]))
        .exclude(home=None)
        .values_list("home", "typing_at")
    )
    typed = {home: at.timestamp() for home, at in rows.order_by("typing_at") if at}
    return _placed(typed) if typed else []


def _placed(typed: dict[int, float]) -> Sequence[Typing]:
    found = []
    for place in Conversation.objects.filter(pk__in=typed).only("inbox", "joined_into"):
        number = standing_number(place.pk) if place.joined_into_id else place.pk
        found.append(Typing(f"conversation:{number}", place.inbox_id, typed[place.pk]))
    return found
