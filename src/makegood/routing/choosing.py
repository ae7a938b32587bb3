"""The floor and the matters brought together: who is best placed for what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from makegood.routing.floor import Hand, Seats, hands, seats
from makegood.routing.matters import Learned, Matter, learned, matters
from makegood.routing.scoring import Candidate, Rank, Standing, ranked
from makegood.routing.skill import knowing
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything that a choice looks at, as it stood at a moment."""

    now: datetime
    hands: Mapping[int, Hand]
    seats: Seats
    learned: Learned
    matters: Sequence[Matter]

    def held_by(self, *agents: int | None) -> Sequence[Matter]:
        """The matters that these have, `None` for nobody.

        Between the question for them and this look somebody may have taken one: it is theirs.
        """
        return [one for one in self.matters if one.assignee in agents]

    def ranks(
        self, matter: Matter, *, asks: int = 0, without: Collection[int] = ()
    ) -> Sequence[Rank]:
        """Who can be chosen for a matter, the best placed first.

        Whoever asks is here, whatever their pages say, and may also have what is not their team's.
        """
        return ranked(
            self.candidate(matter, hand, asks == pk)
            for pk, hand in self.hands.items()
            if pk not in without and (asks == pk or self._is_of(matter, hand.agent))
        )

    def _is_of(self, matter: Matter, agent: Agent) -> bool:
        return self.seats.is_of(agent, matter.inbox, matter.team)

    def candidate(self, matter: Matter, hand: Hand, asks: bool = False) -> Candidate:
        pk = hand.agent.pk
        present = hand.standing in (Standing.GONE, Standing.OFF) and asks
        return Candidate(
            agent=pk,
            standing=Standing.HERE if present else hand.standing,
            may_see=self.seats.may_see(hand.agent, matter.inbox),
            load=hand.load,
            most=hand.room.most,
            weight=self.weight(matter, pk),
            knowing=knowing(self.learned.of(pk), hand.said, matter.topics, matter.place, self.now),
            answered=matter.answered.get(pk, 0),
            wrote_here=pk in matter.wrote,
            given=hand.given,
            last_given=hand.last_given,
        )

    def weight(self, matter: Matter, agent: int) -> int:
        return self.hands[agent].room.weight(matter.place.channel)


def board(pks: Sequence[int], now: datetime, floor: Mapping[int, Hand] | None = None) -> Board:
    """The board for these conversations: as many queries for fifty as for one."""
    people = floor if floor is not None else hands(now)
    some = matters(pks)
    return Board(
        now=now,
        hands=people,
        seats=seats(one.inbox for one in some),
        learned=learned(some, people),
        matters=some,
    )
