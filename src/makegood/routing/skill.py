"""What is learned from outcomes: counts that fade, and what they say of a matter at hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

HALF_LIFE = timedelta(days=90)
"""After this long an outcome counts half."""
OTHER_TOPIC, OTHER_LANGUAGE, OTHER_CHANNEL = 0.15, 0.3, 0.6
"""How far experience with something else carries."""
SAID = {"knows": (6.0, 6.0), "well": (14.0, 14.0)}
"""What somebody said of an agent counts like so many outcomes."""
ENOUGH = 1.5
"""From so many good outcomes on it is said that somebody knows a thing."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """So many good of so many tried, as they counted at a moment."""

    as_of: datetime
    good: float = 0.0
    tried: float = 0.0

    def later(self, now: datetime) -> "Tally":
        """The same, faded until then."""
        if now <= self.as_of:
            return self
        left = 0.5 ** ((now - self.as_of) / HALF_LIFE)
        return Tally(as_of=now, good=self.good * left, tried=self.tried * left)

    def with_outcome(self, at: datetime, *, good: float, tried: float) -> "Tally":
        """With one outcome more, or less; in whatever order they come, the sum is the same."""
        now = self.later(at)
        left = 0.5 ** ((now.as_of - at) / HALF_LIFE)
        return Tally(
            as_of=now.as_of,
            good=max(0.0, now.good + good * left),
            tried=max(0.0, now.tried + tried * left),
        )


@dataclass(frozen=True, order=True)
class Place:
    """What an outcome was about: a topic in a language by a channel."""

    topic: int
    language: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class Knowing:
    """How well somebody is taken to do, between 0 and 1, and what they are best at of it."""

    share: float = 0.5
    topic: int = 0
    language: str = ""
    is_known: bool = False
    """Whether there is something to tell."""
    is_refused: bool = False
    """Somebody said that it is not for them."""


def knowing(
    tallies: Mapping[Place, Tally],
    said: Mapping[str, str],
    topics: Iterable[int],
    at_hand: Place,
    now: datetime,
) -> Knowing:
    """What one agent's outcomes, and what is said of them, mean for a matter.

    `at_hand` holds its language and channel; `topics` are all of its tags.
    """
    wanted = frozenset(topics) or frozenset((0,))
    abouts = [*(f"tag:{topic}" for topic in sorted(wanted)), f"language:{at_hand.language}"]
    abouts.append(f"channel:{at_hand.channel}")
    levels = [said[about] for about in abouts if about in said]
    if "not" in levels:
        return Knowing(share=0.0, is_refused=True)
    good = sum(SAID[level][0] for level in levels)
    tried = sum(SAID[level][1] for level in levels)
    best: tuple[float, int, str] = (0.0, 0, "")
    for place, tally in sorted(tallies.items()):
        weight, faded = _weight(place, wanted, at_hand), tally.later(now)
        good, tried = good + weight * faded.good, tried + weight * faded.tried
        if place.topic in wanted and place.language == at_hand.language:
            best = max(best, (faded.good, place.topic, place.language))
    told = next((int(one[4:]) for one in abouts if one.startswith("tag:") and one in said), 0)
    return Knowing(
        share=(good + 1) / (tried + 2),
        topic=told or best[1],
        language=at_hand.language,
        is_known=bool(levels) or best[0] >= ENOUGH,
    )


def _weight(place: Place, wanted: frozenset[int], at_hand: Place) -> float:
    return (
        (1.0 if place.topic in wanted else OTHER_TOPIC)
        * (1.0 if place.language == at_hand.language else OTHER_LANGUAGE)
        * (1.0 if place.channel == at_hand.channel else OTHER_CHANNEL)
    )
