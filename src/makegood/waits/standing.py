"""Which words of whom nobody answered yet, and when a wait ends: made of events, one by one.

The same steps are taken live, inside the transaction of each event, and when everything is made
anew from the ledger. They touch no table: what they need lies in the `Book`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from makegood.kit.moments import in_utc
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.waits.models import Wait

End = Wait.End
OF_PEOPLE = ("", "list")
"""What a message's `automatic` says where a person wrote it."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """One message that waits for an answer."""

    message: int
    at: datetime
    homes: tuple[int, ...] = ()


@dataclass(kw_only=True)
class Standing:
    """One conversation, as far as waiting goes."""

    conversation: int
    inbox: int = 0
    words: list[Word] = field(default_factory=list)
    settled: list[Word] = field(default_factory=list)
    answers: int = 0
    is_spam: bool = False
    into: int | None = None


@dataclass(kw_only=True)
class Ended:
    """A wait that is over."""

    standing: Standing
    words: list[Word]
    ended_at: datetime
    end: str
    is_first: bool
    event: int
    agent: int | None = None
    answer: int | None = None
    team: int | None = None
    taken_back_at: datetime | None = None


@dataclass(kw_only=True)
class Book:
    """Everything that the steps read and write."""

    standings: dict[int, Standing] = field(default_factory=dict)
    answered: dict[int, Ended] = field(default_factory=dict)
    """By the number of the answer."""
    ended: list[Ended] = field(default_factory=list)
    """What ended by these steps."""
    taken_back: list[Ended] = field(default_factory=list)

    def of(self, conversation: int) -> Standing:
        return self.standings.setdefault(conversation, Standing(conversation=conversation))

    def end(self, standing: Standing, end: str, event: Event, answer: int | None = None) -> None:
        """Whoever waits here waits no more."""
        if not standing.words:
            return
        words, standing.words = standing.words, []
        one = Ended(
            standing=standing,
            words=words,
            ended_at=max(event.at, words[0].at),
            end=end,
            is_first=not standing.answers,
            event=event.pk,
            agent=ref_id(event.by) if event.by.startswith("agent:") else None,
            answer=answer,
        )
        self.ended.append(one)
        if answer is not None:
            self.answered[answer] = one


def conversations_in(event: Event) -> list[int]:
    """The conversations that an event is about, the one that stands first."""
    return [ref_id(ref) for ref in refs_of(event) if ref.startswith("conversation:")]


def refs_of(event: Event) -> list[str]:
    return [one.ref for one in sorted(event.subjects.all(), key=lambda one: one.pk or 0)]


def _received(event: Event, book: Book) -> None:
    """A person wrote: from their first words on they wait."""
    if event.facts.get("automatic", "") not in OF_PEOPLE:
        return
    here, *home = conversations_in(event)
    standing = book.of(here)
    inbox = (ref_id(ref) for ref in refs_of(event) if ref.startswith("inbox:"))
    standing.inbox = standing.inbox or next(inbox, 0)
    homes = _way(home[0], here, book) if home else ()
    word = Word(message=event.facts["message"], at=event.at, homes=homes)
    if standing.is_spam:
        standing.settled.append(word)
    else:
        _add(standing, [word])
        standing.settled = []


def _way(home: int, here: int, book: Book) -> tuple[int, ...]:
    """Through which conversations something came here that was sent to a joined one."""
    way: list[int] = []
    at: int | None = home
    while at is not None and at != here and at not in way:
        way.append(at)
        at = book.of(at).into
    return tuple(way)


def _add(standing: Standing, words: Iterable[Word]) -> None:
    standing.words = sorted([*standing.words, *words], key=lambda word: (word.at, word.message))


def _replied(event: Event, book: Book) -> None:
    standing = book.of(conversations_in(event)[0])
    book.end(standing, End.ANSWERED, event, answer=event.facts["message"])
    standing.answers += 1
    standing.settled = []


def _taken_back(event: Event, book: Book) -> None:
    """It was never said: whoever waited before it waits on, since then."""
    ended = book.answered.pop(event.facts["message"], None)
    here = book.of(conversations_in(event)[0])
    here.answers = max(0, here.answers - 1)
    if ended is None:
        return
    ended.taken_back_at = event.at
    book.taken_back.append(ended)
    _add(here, ended.words)


def _resolved(event: Event, book: Book) -> None:
    standing = book.of(conversations_in(event)[0])
    waited = list(standing.words)
    book.end(standing, End.RESOLVED, event)
    standing.settled = waited or standing.settled


def _marked(event: Event, book: Book) -> None:
    standing = book.of(conversations_in(event)[0])
    standing.is_spam = True
    waited = list(standing.words)
    book.end(standing, End.SPAM, event)
    standing.settled = waited or standing.settled


def _unmarked(event: Event, book: Book) -> None:
    """It was no spam: they wait since they wrote, and not since we saw it."""
    standing = book.of(conversations_in(event)[0])
    standing.is_spam = False
    _again(standing)


def _reopened(event: Event, book: Book) -> None:
    """One of us says that it is not settled: they wait on. Their own new words begin anew."""
    standing = book.of(conversations_in(event)[0])
    if not event.by.startswith("customer:") and not standing.is_spam:
        _again(standing)


def _again(standing: Standing) -> None:
    _add(standing, standing.settled)
    standing.settled = []


def _joined(event: Event, book: Book) -> None:
    """Together they wait since the earlier of both."""
    joined, stays = book.of(event.facts["conversation"]), book.of(event.facts["into"])
    if stays.is_spam and not joined.is_spam:
        stays.is_spam = False
        _again(stays)
    stays.inbox = stays.inbox or joined.inbox
    brought = [replace(word, homes=(*word.homes, joined.conversation)) for word in joined.words]
    book.end(joined, End.JOINED, event)
    _add(stays, brought)
    stays.answers += joined.answers
    joined.into = stays.conversation


def _parted(event: Event, book: Book) -> None:
    """What belongs to the joined one waits there again, where nobody answered it meanwhile."""
    parted, stays = book.of(event.facts["conversation"]), book.of(event.facts["into"])
    own = parted.conversation
    back = [word for word in stays.words if own in word.homes]
    stays.words = [word for word in stays.words if own not in word.homes]
    _add(parted, [replace(word, homes=word.homes[: word.homes.index(own)]) for word in back])
    stays.answers = max(0, stays.answers - parted.answers)
    parted.into = None


def _split(event: Event, book: Book) -> None:
    """The words that went along wait over there."""
    stays, split = book.of(event.facts["conversation"]), book.of(event.facts["into"])
    first, last = event.facts["first"], event.facts["last"]
    moved = [word for word in stays.words if first <= word.message <= last]
    stays.words = [word for word in stays.words if not first <= word.message <= last]
    split.inbox, split.answers = stays.inbox, stays.answers
    _add(split, [replace(word, homes=()) for word in moved])


STEPS: dict[str, Callable[[Event, Book], None]] = {
    "message.received": _received,
    "conversation.replied": _replied,
    "message.taken_back": _taken_back,
    "conversation.resolved": _resolved,
    "conversation.reopened": _reopened,
    "conversation.spam_marked": _marked,
    "conversation.spam_unmarked": _unmarked,
    "conversation.joined": _joined,
    "conversation.parted": _parted,
    "conversation.split": _split,
}


BEGINNINGS = ("message.received", "conversation.replied", "conversation.split")
"""Kinds that say something even of a conversation which nothing was known of before."""


def step(event: Event, book: Book) -> None:
    """Let the book know of one more event."""
    is_known = not book.standings.keys().isdisjoint(conversations_in(event))
    if is_known or event.kind in BEGINNINGS:
        STEPS[event.kind](event, book)


def plain(words: Iterable[Word]) -> list[Any]:
    """As JSON keeps them."""
    return [[word.message, word.at.isoformat(), list(word.homes)] for word in words]


def words_in(kept: Iterable[Any]) -> list[Word]:
    return [Word(message=message, at=in_utc(at), homes=tuple(homes)) for message, at, homes in kept]
