"""Promises where somebody writes: found in the words, offered quietly, said in a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from makegood.conversations.models import Conversation
from makegood.promises.actions import Word
from makegood.promises.sentences import in_words, sentence_of, spoken_with
from makegood.promises.wording.due import Clock, Day, Here, Length, When, due_at
from makegood.promises.wording.recognising import recognise
from makegood.team.models import Agent

_GAP = "|"
_MOST_KEPT = 5
_FIVE_MINUTES = 300
_QUICK = (
    (gettext_noop("In two hours of work"), When(length=Length(2, "hours", is_of_hours=True))),
    (gettext_noop("Today, by closing"), When(day=Day("in_days", 0))),
    (gettext_noop("In a working day"), When(length=Length(1, "days", is_of_hours=True))),
    (gettext_noop("In two working days"), When(length=Length(2, "days", is_of_hours=True))),
    (gettext_noop("Tomorrow at noon"), When(day=Day("in_days", 1), clock=Clock(part="noon"))),
    (gettext_noop("By the end of the week"), When(day=Day("week", week=1))),
    (gettext_noop("By the end of next week"), When(day=Day("week", week=2))),
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A promise that stands in the words; nothing is promised until it is kept."""

    words: str
    due_at: datetime
    when: str
    is_kept: bool = False

    @property
    def value(self) -> str:
        return f"{self.due_at.isoformat()}{_GAP}{self.words}"


@dataclass(frozen=True, kw_only=True)
class Quick:
    """A time that is offered with one click, and the sentence that says it to the customer."""

    label: str
    due_at: datetime
    when: str
    sentence: str


def offers_in(
    text: str, here: Here, *, kept: Sequence[str] = (), refused: Sequence[str] = ()
) -> Sequence[Offer]:
    """The promises in what is typed, but those that the writer said no to."""
    kept_words = dict(_read(kept))
    found = recognise(text, "", here.now, here.zone, here.hours)
    return [
        Offer(
            words=one.words[:250],
            due_at=one.due_at,
            when=in_words(one.due_at, here.zone),
            is_kept=one.words[:250] in kept_words or one.due_at in kept_words.values(),
        )
        for one in found
        if one.words not in refused
    ]


def words_given(text: str, chosen: Sequence[str], by: Agent) -> Sequence[Word]:
    """What was kept of it, where it still stands in the words that leave."""
    plain = _plain(text)
    return [
        Word(words=words, due_at=due, owner=by)
        for words, due in _read(chosen)
        if words and _plain(words) in plain
    ]


def quick_times(conversation: Conversation, here: Here) -> Sequence[Quick]:
    """Times within opening hours, each once, the soonest first."""
    spoken = spoken_with(conversation)
    found: dict[datetime, Quick] = {}
    for label, when in _QUICK:
        due = _rounded(due_at(when, here))
        if due is None or due in found or due < here.now + timedelta(minutes=20):
            continue
        if not _is_somebody_there(due, here):
            continue
        found[due] = Quick(
            label=_(label),
            due_at=due,
            when=in_words(due, here.zone),
            sentence=sentence_of(due, here.zone, spoken),
        )
    return sorted(found.values(), key=lambda one: one.due_at)


def _is_somebody_there(due: datetime, here: Here) -> bool:
    """Nobody closes on a day that never opens; where no hours are known, any time will do."""
    if here.hours is None:
        return True
    opened = here.opened(due.astimezone(here.zone).date())
    return opened is not None and due <= opened[1]


def _rounded(due: datetime | None) -> datetime | None:
    """Up to the next five minutes: nobody promises a second."""
    if due is None:
        return None
    over = due.timestamp() % _FIVE_MINUTES
    at_the_minute = not due.second and not due.microsecond
    return due if at_the_minute else due + timedelta(seconds=_FIVE_MINUTES - over)


def _read(values: Sequence[str]) -> Iterator[tuple[str, datetime]]:
    for value in values[:_MOST_KEPT]:
        said, _gap, words = value.partition(_GAP)
        try:
            due = parse_datetime(said)
        except ValueError:
            continue
        if due is not None and timezone.is_aware(due):
            yield words[:250], due


def _plain(text: str) -> str:
    return " ".join(text.split())
