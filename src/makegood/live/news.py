"""What an event tells an open page: which things it is about, and who may hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.team.models import Agent

TOLD = ("conversation", "inbox", "message", "note", "delivery")
RIGHTS_CHANGED = (
    "agent.changed", "agent.password_set", "role.saved", "team.changed", "inbox.changed",
    "inbox.connected",
)  # fmt: skip


@dataclass(frozen=True)
class News:
    """Ids and nothing else: the page fetches what its reader may see."""

    id: int
    about: tuple[str, ...]
    inboxes: frozenset[int]
    changes_rights: bool = False
    agent: int = 0
    """Whose alone it is; then the inboxes say nothing."""
    here: "Here | None" = None
    """Not ids but who is somewhere now, so that no page has to ask: it changes often."""


@dataclass(frozen=True)
class Here:
    """Everybody at one place: number, name, initials, and what they do."""

    place: str
    who: tuple[tuple[int, str, str, str], ...]
    typed: float = 0.0
    """When whoever chats there last said that they type; 0 where they do not."""


def news_of(events: Sequence[Event]) -> list[News]:
    """The news in some events, with one query for all of their conversations."""
    refs = {event.pk: [subject.ref for subject in event.subjects.all()] for event in events}
    wanted = {ref_id(ref) for each in refs.values() for ref in each if _noun(ref) == "conversation"}
    homes = dict(Conversation.objects.filter(pk__in=wanted).values_list("pk", "inbox_id"))
    return [_news(event, refs[event.pk], homes) for event in events]


def _news(event: Event, refs: list[str], homes: dict[int, int]) -> News:
    inboxes = {ref_id(ref) for ref in refs if _noun(ref) == "inbox"}
    conversations = [ref_id(ref) for ref in refs if _noun(ref) == "conversation"]
    inboxes |= {homes[pk] for pk in conversations if pk in homes}
    about = [ref for ref in refs if _noun(ref) in TOLD]
    about += [f"inbox:{pk}" for pk in sorted(inboxes) if f"inbox:{pk}" not in about]
    return News(
        event.pk, tuple(about), frozenset(inboxes), changes_rights=event.kind in RIGHTS_CHANGED
    )


def _noun(ref: str) -> str:
    return ref.partition(":")[0]


def hearing_of(agent: Agent) -> frozenset[int]:
    """The inboxes that an agent may hear of."""
    return frozenset(inbox.pk for inbox in inboxes_visible_to(agent))


def may_hear(hearing: frozenset[int], news: News) -> bool:
    """Whether every inbox that the news touches is theirs to see; news of none is for nobody."""
    # What is one agent's alone has no inboxes either: see `Reading.hears`.
    return bool(news.inboxes) and news.inboxes <= hearing
