from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation, Message, Note
from makegood.kit.text import one_line
from makegood.notices.kinds import LOOKS, Kind, Look, Way, Words
from makegood.notices.models import Browser, Following, Notice
from makegood.notices.wishes import is_quiet, wishes_of
from makegood.team.models import Agent

A_MOMENT = timedelta(seconds=30)
"""A sound says that something happened just now, and nothing else."""
NEWEST = 200
MOST_COUNTED = 100


def notices_of(agent: Agent) -> "QuerySet[Notice]":
    """An agent's notices of what they may see now: with the right goes the notice."""
    mine = Notice.objects.filter(agent=agent)
    if agent.sees_everything():
        return mine
    visible = inboxes_visible_to(agent)
    # It is told by the conversation that it stands in now, which may be another team's.
    stands = Q(conversation__joined_into=None) | Q(conversation__joined_into__inbox__in=visible)
    of_orders = Q(conversation=None)  # every agent sees these
    return mine.filter(of_orders | (stands & Q(conversation__inbox__in=visible)))


def unread_count(agent: Agent) -> int:
    """How many unread notices stand on the page; counted to a hundred."""
    unread = notices_of(agent).filter(is_shown=True, read_at=None)
    return unread[:MOST_COUNTED].count()


def sounds_for(agent: Agent, after: int, now: datetime) -> "QuerySet[Notice] | None":
    """What came a moment ago and is to be heard; None where the agent wants to hear nothing."""
    wishes = wishes_of(agent)
    kinds = [kind for kind in Kind.values if Way.SOUND in wishes.ways_of(kind)]
    if not kinds:
        return None
    fresh = notices_of(agent).filter(pk__gt=after, read_at=None, at__gt=now - A_MOMENT)
    return fresh.none() if is_quiet(wishes, now) else fresh.filter(kind__in=kinds)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice in words."""

    notice: Notice
    look: Look
    words: str
    said: str = ""

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None


@dataclass(kw_only=True)
class Matter:
    """The notices of one conversation, or of late orders, newest first."""

    conversation: Conversation | None
    told: list[Told] = field(default_factory=list)

    @property
    def unread(self) -> int:
        return sum(one.is_unread for one in self.told)

    @property
    def numbers(self) -> list[int]:
        return [one.notice.pk for one in self.told if one.is_unread]


def matters_of(agent: Agent, *, only_unread: bool = False) -> Sequence[Matter]:
    """What concerns an agent, by conversation: what is unread first, then what is newest."""
    shown = notices_of(agent).filter(is_shown=True)
    if only_unread:
        shown = shown.filter(read_at=None)
    found = told(in_full(shown.order_by("-pk")[:NEWEST]))
    return sorted(grouped(found), key=lambda matter: not matter.unread)


def in_full(notices: "QuerySet[Notice]") -> Sequence[Notice]:
    """With everything that telling them asks for."""
    return list(
        notices.select_related(
            "event__personal", "conversation__customer", "conversation__joined_into__customer"
        )
    )


def grouped(found: Iterable[Told]) -> Sequence[Matter]:
    """By conversation; what was joined counts where it stands now."""
    matters: dict[int, Matter] = {}
    for one in found:
        there = one.notice.conversation
        conversation = (there.joined_into or there) if there else None
        number = conversation.pk if conversation else 0
        matter = matters.setdefault(number, Matter(conversation=conversation))
        matter.told.append(one)
    return list(matters.values())


def told(notices: Sequence[Notice]) -> Sequence[Told]:
    """Notices in words, with the beginning of what was said; two queries for all of it."""
    said = _said(notices)
    return [
        Told(
            notice=one,
            look=LOOKS[one.kind],
            words=in_words(one, LOOKS[one.kind].words),
            said=said.get(_source(one), ""),
        )
        for one in notices
    ]


def in_words(notice: Notice, words: Words) -> str:
    """A sentence about the event, as it reads for the one whom it concerns."""
    if not words:
        return notice.event.sentence()
    return str(words).replace("{by}", notice.event.actor.name or "…")


def _source(notice: Notice) -> tuple[str, int]:
    facts = notice.event.facts
    return ("note", facts["note"]) if "note" in facts else ("message", facts.get("message", 0))


def _said(notices: Sequence[Notice]) -> Mapping[tuple[str, int], str]:
    sources = {_source(one) for one in notices}
    nouns: dict[str, Any] = {"note": Note, "message": Message}
    found: dict[tuple[str, int], str] = {}
    for word, noun in nouns.items():
        numbers = [number for kind, number in sources if kind == word and number]
        rows = noun.objects.filter(pk__in=numbers).values_list("pk", "text") if numbers else ()
        found |= {(word, pk): one_line(text, 160) for pk, text in rows}
    return found


@dataclass(frozen=True)
class Marks:
    """What a conversation's head asks in one query."""

    tags: Mapping[str, str]
    """Their names with their colours."""
    is_followed: bool
    has: Mapping[str, bool]
    """Whether there is something of what was asked about besides."""


def marks_of(conversation: Conversation, agent: Agent, **besides: Exists) -> Marks:
    """Tags, whether the agent follows it, and whether there is any of what else a page may show.

    `besides` are conditions on a conversation: what is not there need not be asked for.
    """
    mine = Following.objects.filter(conversation=OuterRef("pk"), agent=agent, left_at=None)
    rows = Conversation.objects.filter(pk=conversation.pk).order_by("tags__name")
    found = list(rows.values_list("tags__name", "tags__colour", Exists(mine), *besides.values()))
    tags = {name: colour for name, colour, *_rest in found if name}
    _name, _colour, follows, *has = found[0]
    return Marks(tags, bool(follows), dict(zip(besides, map(bool, has), strict=True)))


def browsers_of(agent: Agent) -> Sequence[Browser]:
    return list(Browser.objects.filter(agent=agent).order_by("pk"))


def browser_for(agent: Agent, pk: int) -> Browser:
    """A browser of this agent's own, or 404."""
    found = Browser.objects.filter(agent=agent, pk=pk).first()
    if found is None:
        raise Http404
    return found


def newest_notice() -> int:
    """The number of the newest notice of anybody: where the live feed begins to read."""
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def told_since(number: int, since: datetime) -> Sequence[tuple[int, int]]:
    """Which agents were told or read something since: their numbers, for the live feed."""
    rows = Notice.objects.filter(pk__gt=number) | Notice.objects.filter(read_at__gt=since)
    return list(rows.order_by("pk").values_list("pk", "agent")[:1000])
