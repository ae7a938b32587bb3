"""How well conversations are placed: a made-up history replayed, against everybody in turn.

Each agent has a hidden chance, by topic and language, that what they answer stays settled. The
router sees only what became of what they were given, and has to find out. Everything comes
from one seed: the figures are the same on every machine.
"""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from makegood.bench.figures import Figure, figure
from makegood.routing.scoring import Candidate, Standing, ranked
from makegood.routing.skill import Place, Tally, knowing

AGENTS, TOPICS, LANGUAGES = range(1, 9), range(1, 7), ("de", "en", "fr")
CONVERSATIONS = 6_000
"""Of half a year; the second half is counted, when there is something to go by."""
EVERY = timedelta(minutes=45)
MOST, OPEN_AT_ONCE = 12, 40
HERE = 0.7
"""The chance that an agent is at the desk."""
LATELY = 60
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
Asked = tuple[int, str]
Choose = Callable[["Floor", Asked, Sequence[int], datetime], int]


@dataclass
class Floor:
    """What a router may know: who holds how much, was given what, and what became of it."""

    load: Counter[int] = field(default_factory=Counter)
    lately: deque[int] = field(default_factory=lambda: deque(maxlen=LATELY))
    last: dict[int, datetime] = field(default_factory=dict)
    tallies: dict[int, dict[Place, Tally]] = field(default_factory=lambda: defaultdict(dict))

    def learn(self, agent: int, asked: Asked, good: float, at: datetime) -> None:
        for topic in (0, asked[0]):
            place = Place(topic, asked[1], "email")
            before = self.tallies[agent].get(place, Tally(as_of=at))
            self.tallies[agent][place] = before.with_outcome(at, good=good, tried=1.0)


def placing(rounds: int) -> Iterator[Figure]:
    count = CONVERSATIONS if rounds > 20 else CONVERSATIONS // 10  # a quick run
    best, stayed, spread = _replayed(_by_rank, count)
    in_turn_best, in_turn_stayed, _even = _replayed(_in_turn, count)
    yield figure("routing.best", best, "%", in_turn_best, count // 2)
    yield figure("routing.stays_settled", stayed, "%", in_turn_stayed, count // 2)
    yield figure("routing.most_to_least", spread, "×", n=count // 2)


def _replayed(choose: Choose, count: int) -> tuple[float, float, float]:
    """Of the second half: how often the best was chosen, how much stayed settled, how evenly."""
    dice = random.Random(20260302)  # a history, not a secret
    chances = _hidden(dice)
    floor, open_ones = Floor(), deque[int]()
    hits, settled, got = 0, 0.0, Counter(dict.fromkeys(AGENTS, 0))
    for number in range(count):
        at = BEGAN + number * EVERY
        asked = (dice.choice(TOPICS), dice.choice(LANGUAGES))
        here = [agent for agent in AGENTS if dice.random() < HERE] or [1]
        fate = dice.random()
        if len(open_ones) >= OPEN_AT_ONCE:
            floor.load[open_ones.popleft()] -= 1
        chosen = choose(floor, asked, here, at)
        open_ones.append(chosen)
        floor.load[chosen] += 1
        floor.lately.append(chosen)
        floor.last[chosen] = at
        chance = chances[chosen, *asked]
        floor.learn(chosen, asked, float(fate < chance), at)
        if number >= count // 2:
            hits += chance == max(chances[agent, *asked] for agent in here)
            settled += chance
            got[chosen] += 1
    counted = count - count // 2
    return 100 * hits / counted, 100 * settled / counted, max(got.values()) / min(got.values())


def _hidden(dice: random.Random) -> Mapping[tuple[int, int, str], float]:
    return {
        (agent, topic, language): dice.uniform(0.4, 0.98)
        for agent in AGENTS
        for topic in TOPICS
        for language in LANGUAGES
    }


def _by_rank(floor: Floor, asked: Asked, here: Sequence[int], at: datetime) -> int:
    """As the desk does it."""
    given = Counter(floor.lately)
    candidates = [
        Candidate(
            agent=agent,
            standing=Standing.HERE if agent in here else Standing.GONE,
            may_see=True,
            load=floor.load[agent],
            most=MOST,
            weight=1,
            knowing=knowing(floor.tallies[agent], {}, [asked[0]], Place(0, asked[1], "email"), at),
            given=given[agent],
            last_given=floor.last.get(agent),
        )
        for agent in AGENTS
    ]
    ranks = ranked(candidates)
    return ranks[0].agent if ranks else _in_turn(floor, asked, here, at)


def _in_turn(floor: Floor, _asked: Asked, here: Sequence[int], _at: datetime) -> int:
    """Whoever of those who are here was given nothing for longest."""
    return min(here, key=lambda agent: (floor.last.get(agent, BEGAN), agent))
