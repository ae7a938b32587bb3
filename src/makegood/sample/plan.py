"""How a conversation of the sample desk goes: who wrote when, and what became of it."""

from dataclasses import dataclass, field
from random import Random

from makegood.sample.writing import Voice

HOUR, DAY = 3600, 86_400
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 40)
LENGTH_WEIGHTS = (6, 12, 11, 13, 12, 11, 9, 8, 7, 5, 3, 2, 1)
TAGS = (
    "late", "parcel", "refund", "return", "broken", "invoice", "praise", "vip", "wholesale",
    "address", "stock", "courier",
)  # fmt: skip


@dataclass(slots=True)
class Person:
    """A customer of the sample desk and the one address that they write from."""

    customer: int
    handle: int
    name: str
    address: str
    voice: Voice
    is_new: bool = True
    last_seen: float = 0.0


@dataclass(slots=True)
class Step:
    """One thing that happens: `in`, `out`, `note`, `tag`, `resolve`, `reopen`, `snooze`."""

    at: float
    kind: str
    story: "Story"


@dataclass(slots=True)
class Story:
    """One conversation from its first message to its end, or to now."""

    number: int
    person: Person
    agent: int
    inbox: int
    order: str
    subject: str
    steps: list[Step] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    status: str = "open"
    status_at: float = 0.0

    def add(self, at: float, kind: str) -> None:
        self.steps.append(Step(at, kind, self))


def live_through(story: Story, opened_at: float, now: float, random: Random) -> None:
    """Let messages come and go until the matter ends or time is up."""
    at, side = opened_at, "in"
    story.add(at, "in")
    for _said in range(random.choices(LENGTHS, LENGTH_WEIGHTS)[0] - 1):
        if random.random() < 0.85:
            side = "out" if side == "in" else "in"
        at += 180 + random.expovariate(1 / (5 * HOUR if side == "out" else 14 * HOUR))
        if at >= now:
            break
        story.add(at, side)
    _think_aside(story, opened_at, min(at, now), random)
    _end(story, at, now, random)
    story.steps.sort(key=lambda step: step.at)


def _think_aside(story: Story, begun: float, ended: float, random: Random) -> None:
    """Notes and tags, somewhere between the first and the last message."""
    chance = random.random()
    if chance < 0.2:
        story.add(random.uniform(begun + 1, ended + 2), "note")
    if chance > 0.55:
        story.tags = tuple(random.sample(TAGS, 2 if chance > 0.9 else 1))
        story.add(random.uniform(begun + 1, ended + 2), "tag")


def _end(story: Story, at: float, now: float, random: Random) -> None:
    """Most are resolved within days; some rest, and some are left open."""
    chance = random.random()
    done = at + random.expovariate(1 / (8 * HOUR))
    story.status_at = min(at, now)
    if done >= now or chance < 0.012:
        return
    if chance < 0.02 and now - at < 60 * DAY:
        story.status, story.status_at = "snoozed", done
        story.add(done, "snooze")
        return
    story.status, story.status_at = "resolved", done
    story.add(done, "resolve")
    again = done + random.uniform(HOUR, 4 * DAY)
    if chance > 0.95 and again + DAY < now:
        story.add(again, "reopen")
        story.add(again + random.uniform(HOUR, 20 * HOUR), "resolve")
        story.status_at = story.steps[-1].at
