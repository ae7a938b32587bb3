"""Rests as they are typed and kept: `3h`, `tomorrow`, a moment, `customer`, `#12`.

Days begin at nine in the zone of whoever acts; where the shop says when somebody is there, with
the first opening of that day, or of the next one that has any: by the hours of the inbox of what
rests, or else of its team, of the agent's teams, or the shop's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.calendars.hours import Hours, NeverOpen
from makegood.calendars.queries import hours_of
from makegood.conversations.models import Conversation
from makegood.conversations.opening import hours_refs
from makegood.kit.errors import Refused
from makegood.kit.rx import rx
from makegood.team.models import Agent

_LENGTH = rx(r"(\d{1,4})\s*([hd])")
_NUMBER = rx(r"(?:#|conversation:)(\d{1,15})")
MORNING, EVENING, A_WEEK = 9, 18, 7
THE_CUSTOMER = "customer"


@dataclass(frozen=True)
class Rest:
    """Until when; or until which conversation is settled; or neither: until they write."""

    until: datetime | None = None
    after: int = 0


def _morning(now: datetime, days: int) -> datetime:
    day = now + timedelta(days=days)
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)


def _later(now: datetime) -> datetime:
    return _passed(now, 3).replace(second=0, microsecond=0)


def _passed(now: datetime, hours: int) -> datetime:
    """So many hours as they pass: on the night of another clock, not as the wall counts."""
    return (now.astimezone(UTC) + timedelta(hours=hours)).astimezone(now.tzinfo)


def _evening(now: datetime) -> datetime:
    return now.replace(hour=EVENING, minute=0, second=0, microsecond=0)


WORDS: dict[str, tuple[str | Promise, Callable[[datetime], datetime]]] = {
    "later": (gettext_lazy("Later today"), _later),
    "evening": (gettext_lazy("This evening"), _evening),
    "tomorrow": (gettext_lazy("Tomorrow"), lambda now: _morning(now, 1)),
    "monday": (gettext_lazy("Next Monday"), lambda now: _morning(now, A_WEEK - now.weekday())),
    "week": (gettext_lazy("In a week"), lambda now: _morning(now, A_WEEK)),
    "month": (gettext_lazy("In a month"), lambda now: _morning(now, 30)),
}


@dataclass(frozen=True)
class Offer:
    """A time that is offered for a rest: its word, and the hour by the clock of whoever asks."""

    word: str
    label: str | Promise
    at: datetime

    @property
    def hour(self) -> str:
        return formats.date_format(self.at, "D, j M, H:i")


def _opened(word: str, at: datetime, hours: Hours | None) -> datetime:
    """A morning is when somebody is there again, where the shop says when that is."""
    if hours is None or word in ("later", "evening"):
        return at
    try:
        opens = hours.opens_next(at.replace(hour=0))
    except NeverOpen:
        return at
    return opens.astimezone(at.tzinfo)


def _hours_of(agent: Agent | None, resting: Conversation | None) -> Hours | None:
    """The opening hours of what rests, or else of the agent's teams, or the shop's."""
    if agent is None:
        return None
    teams = agent.teams.order_by("pk").values_list("pk", flat=True)
    own = hours_refs(resting.inbox_id, resting.team_id) if resting else ()
    return hours_of(*own, *(f"team:{pk}" for pk in teams))


def rest_times(
    now: datetime, agent: Agent | None = None, resting: Conversation | None = None
) -> Sequence[Offer]:
    """The times that are offered for a rest, in the order of the days."""
    local, hours = timezone.localtime(now), _hours_of(agent, resting)
    offered = [
        Offer(word, label, _opened(word, at(local), hours)) for word, (label, at) in WORDS.items()
    ]
    is_late = _later(local).date() != local.date() or _later(local).hour >= EVENING
    is_evening = _evening(local) <= local + timedelta(hours=1)
    gone = ({"later"} if is_late else set()) | ({"evening"} if is_evening else set())
    times = {one.at: one for one in reversed(offered) if one.word not in gone}
    return sorted(times.values(), key=lambda one: one.at)  # on a Sunday, Monday is tomorrow


def read_rest(words: str) -> str:
    """As it is kept. Raises `Refused` where it is no rest."""
    typed = words.strip().lower()
    if typed in WORDS or typed == THE_CUSTOMER:
        return typed
    if (length := _LENGTH.fullmatch(typed)) and int(length.group(1)):
        return f"{int(length.group(1))}{length.group(2)}"
    if number := _NUMBER.fullmatch(typed):
        return f"conversation:{int(number.group(1))}"
    moment = _moment(words.strip())
    if moment is None:
        raise Refused(
            _("Say until when: 3h, 2d, tomorrow, customer (until they write), #12 (is settled).")
        )
    return moment.isoformat()


def _moment(words: str) -> datetime | None:
    try:
        moment = parse_datetime(words)
    except ValueError:  # it looks like one, and there is no such day
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def is_fixed(kept: str) -> bool:
    """Whether it is the same rest whenever it is begun."""
    return kept == THE_CUSTOMER or kept.startswith("conversation:") or _moment(kept) is not None


def rest_of(kept: str, agent: Agent | None = None, resting: Conversation | None = None) -> Rest:
    """What it is for this agent, in this moment, of this conversation."""
    if kept == THE_CUSTOMER:
        return Rest()
    if kept.startswith("conversation:"):
        return Rest(after=int(kept.partition(":")[2]))
    moment = _moment(kept)
    if moment is not None:
        return Rest(until=moment)
    now = timezone.localtime(timezone.now(), agent.zone if agent else None)
    if kept in WORDS:
        return Rest(until=_opened(kept, WORDS[kept][1](now), _hours_of(agent, resting)))
    number = int(kept[:-1])
    return Rest(until=_passed(now, number) if kept[-1] == "h" else now + timedelta(number))


def tell_rest(kept: str, agent: Agent | None = None, resting: Conversation | None = None) -> str:
    """It in words; a length and a word of the day stay as they are where nobody asks for now."""
    rest = rest_of(kept, agent, resting)
    if rest.after:
        return _("until #%(number)s is settled") % {"number": rest.after}
    if rest.until is None:
        return _("until the customer writes")
    if agent is None and not is_fixed(kept):
        return str(WORDS[kept][0]) if kept in WORDS else kept
    until = timezone.localtime(rest.until, agent.zone if agent else None)
    return _("until %(when)s") % {"when": formats.date_format(until, "SHORT_DATETIME_FORMAT")}
