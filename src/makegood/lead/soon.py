"""What will break in the next hours, by team and by inbox, as it goes with who is here.

Each answer that is due then is held against the moment at which it is foreseen, from its place in
the queue: the same that its customer is told, and that the house warns by.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.lead.listing import Wish
from makegood.promises.keeping import ANSWERS
from makegood.promises.models import Promise
from makegood.team.models import Agent, Team
from makegood.waits.expecting import COUNTS_TO, expected_at_place

LOOKS_AHEAD = timedelta(hours=4)
MOST = 1_000
"""So many that are due next are looked at, over all inboxes."""
TEAM, INBOX = "team", "inbox"


class Next(NamedTuple):
    """One answer that is due."""

    inbox: int
    team: int | None
    since: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Row:
    """One team or inbox: how many answers are due, and how many of them will be late."""

    kind: str
    name: str
    due: int
    late: int
    here: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The next hours; `unknown` are due where nothing is known yet of how fast it goes."""

    due: int
    late: int
    unknown: int
    rows: Sequence[Row]
    is_partial: bool = False
    hours: int = LOOKS_AHEAD // timedelta(hours=1)


def outlook(
    inboxes: Sequence[Inbox], teams: Iterable[Team], here: Sequence[int], now: datetime
) -> Outlook | None:
    """None where no answer is due; `here` are those who are at the desk and in their shift."""
    found = _due(inboxes, now)
    if not found:
        return None
    late = _late(found, inboxes, now)
    counted = Counted(found, late, here)
    rows = [*counted.of_teams(teams), *counted.of_inboxes(inboxes)]
    return Outlook(
        due=len(found),
        late=sum(1 for one in late if one),
        unknown=sum(one is None for one in late),
        rows=rows,
        is_partial=len(found) == MOST,
    )


def _due(inboxes: Sequence[Inbox], now: datetime) -> list[Next]:
    rows = Promise.objects.filter(
        settled_at=None, state=Promise.State.OPEN, rests_since=None, kind__in=ANSWERS,
        due_at__gt=now, due_at__lt=now + LOOKS_AHEAD, conversation__inbox__in=inboxes,
    )  # fmt: skip
    about = ("conversation__inbox", "conversation__team", "since", "due_at")
    return [Next(*row) for row in rows.order_by("due_at", "pk").values_list(*about)[:MOST]]


def _late(found: Sequence[Next], inboxes: Sequence[Inbox], now: datetime) -> list[bool | None]:
    """Whether each will be late; None where that is not known."""
    queues = _queues({one.inbox for one in found})
    known = {one.pk: one for one in inboxes}
    told: dict[tuple[int, int], datetime | None] = {}
    late: list[bool | None] = []
    for one in found:
        place = one.inbox, bisect_left(queues.get(one.inbox, ()), one.since)
        if place not in told:
            told[place] = expected_at_place(known[one.inbox], place[1], now).median_at
        reached = told[place]
        late.append(None if reached is None else reached > one.due_at)
    return late


def _queues(inboxes: Iterable[int]) -> Mapping[int, Sequence[datetime]]:
    """Since when they wait at each inbox, the longest first."""
    rows = Conversation.objects.filter(
        status=Conversation.Status.OPEN, turn=Conversation.Turn.OURS, turn_since__isnull=False
    )
    return {
        pk: list(
            rows.filter(inbox=pk)
            .order_by("turn_since")
            .values_list("turn_since", flat=True)[:COUNTS_TO]
        )
        for pk in sorted(inboxes)
    }


class Counted:
    """Counts of what is due, as rows are made of them."""

    def __init__(
        self, found: Sequence[Next], late: Sequence[bool | None], here: Sequence[int]
    ) -> None:
        self.pairs, self.here = list(zip(found, late, strict=True)), set(here)
        self.members = _members(here)

    def of_teams(self, teams: Iterable[Team]) -> Iterable[Row]:
        due = Counter(one.team for one, _late in self.pairs)
        broken = Counter(one.team for one, is_late in self.pairs if is_late)
        for team in teams:
            if due[team.pk]:
                yield Row(
                    kind=TEAM, name=team.name, due=due[team.pk], late=broken[team.pk],
                    here=len(self._who([team.pk])), url=Wish(team=team.pk).url,
                )  # fmt: skip

    def of_inboxes(self, inboxes: Iterable[Inbox]) -> Iterable[Row]:
        due = Counter(one.inbox for one, _late in self.pairs)
        broken = Counter(one.inbox for one, is_late in self.pairs if is_late)
        homes = _teams_of(due)
        for inbox in inboxes:
            if due[inbox.pk]:
                yield Row(
                    kind=INBOX, name=inbox.name, due=due[inbox.pk], late=broken[inbox.pk],
                    here=len(self._who(homes.get(inbox.pk))), url=Wish(inbox=inbox.pk).url,
                )  # fmt: skip

    def _who(self, teams: Iterable[int] | None) -> set[int]:
        """Who of these teams is here; everybody, where an inbox is no team's."""
        if teams is None:
            return self.here
        return {pk for team in teams for pk in self.members.get(team, ())}


def _members(here: Sequence[int]) -> Mapping[int, set[int]]:
    """Who of them is in which team."""
    found: dict[int, set[int]] = {}
    if here:
        rows = Agent.objects.filter(pk__in=here, teams__isnull=False).values_list("teams", "pk")
        for team, pk in rows:
            found.setdefault(team, set()).add(pk)
    return found


def _teams_of(inboxes: Iterable[int]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = Inbox.objects.filter(pk__in=list(inboxes), teams__isnull=False)
    for inbox, team in rows.values_list("pk", "teams"):
        found.setdefault(inbox, set()).add(team)
    return found
