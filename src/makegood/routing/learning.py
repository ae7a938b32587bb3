"""What agents can do, learned from what became of their answers: a follower of the ledger.

It can be made anew at any time: `learn_anew`. That a choice was overruled teaches nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from makegood.conversations.events import Reopened, Resolved
from makegood.conversations.models import Conversation, Message
from makegood.kit.records import ref_id
from makegood.ledger.followers import follows, restart
from makegood.ledger.models import Event
from makegood.routing.models import Experience, Outcome
from makegood.routing.skill import Place, Tally
from makegood.team.models import Agent

NAME = "skills"
_TOLD = {Resolved.kind, Reopened.kind}
Key = tuple[int, Place]


@follows(NAME, keeps_order=True)
def learn(events: Sequence[Event]) -> None:
    """Every outcome counts for whoever answered, and counts no more when it did not last."""
    told = [event for event in events if event.kind in _TOLD]
    if events and not Event.objects.filter(pk__lt=events[0].pk).exists():
        _forget_all()  # read from the beginning: made anew
    if told:
        lesson = Lesson({event.subject("conversation") for event in told})
        for event in told:
            lesson.hear(event)
        lesson.keep()


def learn_anew() -> None:
    """Read the ledger from its beginning again."""
    restart(NAME)


def _forget_all() -> None:
    Experience.objects.all().delete()
    Outcome.objects.all().delete()


class Lesson:
    """What some events teach, gathered, so that many cost as few queries as one."""

    def __init__(self, pks: Iterable[int]) -> None:
        numbers = sorted(pks)
        rows = Conversation.objects.filter(pk__in=numbers).select_related("inbox", "customer")
        self.conversations = {row.pk: row for row in rows}
        self.topics = _topics_of(numbers)
        self.answers = _answers_in(numbers)
        self.last: dict[int, Outcome] = {
            row.conversation_id: row
            for row in Outcome.objects.filter(conversation__in=numbers).order_by("event")
        }
        self.changes: list[tuple[Key, datetime, float, float]] = []

    def hear(self, event: Event) -> None:
        row = self.conversations.get(event.subject("conversation"))
        if row is None:
            return
        last = self.last.get(row.pk)
        if last is not None and last.event >= event.pk:
            return  # learned before
        if event.kind == Reopened.kind:
            self._did_not_last(last, event)
        elif last is not None and last.reopened_at and not self._answered(row.pk, last, event):
            self._lasts_after_all(last)
        elif last is None or last.reopened_at:
            self._settled(row, event)

    def _did_not_last(self, last: Outcome | None, event: Event) -> None:
        if last is not None and last.reopened_at is None:
            last.reopened_at = event.at
            last.save(update_fields=["reopened_at"])
            self._count(last, good=-1.0)

    def _lasts_after_all(self, last: Outcome) -> None:
        """Opened again and settled without a word: somebody said thanks."""
        last.reopened_at = None
        last.save(update_fields=["reopened_at"])
        self._count(last, good=1.0)

    def _settled(self, row: Conversation, event: Event) -> None:
        agent = self._whose(row.pk, event)
        if agent is None:
            return
        outcome = Outcome.objects.create(
            event=event.pk,
            conversation=row,
            agent_id=agent,
            at=event.at,
            topics=self.topics.get(row.pk, []),
            language=row.customer.language,
            channel=row.inbox.kind,
        )
        self.last[row.pk] = outcome
        self._count(outcome, good=1.0, tried=1.0)

    def _whose(self, pk: int, event: Event) -> int | None:
        """Whose answers settled it: who wrote last, else whoever said that it is settled."""
        wrote = [agent for at, agent in self.answers.get(pk, ()) if at <= event.at]
        if wrote:
            return wrote[-1]
        number = ref_id(event.by) if event.by.startswith("agent:") else 0
        return number if Agent.objects.filter(pk=number).exists() else None

    def _answered(self, pk: int, last: Outcome, event: Event) -> bool:
        since = last.reopened_at or last.at
        return any(since < at <= event.at for at, _agent in self.answers.get(pk, ()))

    def _count(self, outcome: Outcome, *, good: float, tried: float = 0.0) -> None:
        """For its topics, each its part, and for whatever it is about."""
        shares = [(0, 1.0), *((topic, 1 / len(outcome.topics)) for topic in outcome.topics)]
        for topic, share in shares:
            key = (outcome.agent_id, Place(topic, outcome.language, outcome.channel))
            self.changes.append((key, outcome.at, good * share, tried * share))

    def keep(self) -> None:
        """Write down what the counts are now."""
        agents = {agent for (agent, _place), *_rest in self.changes}
        kept = {
            (row.agent_id, Place(row.topic, row.language, row.channel)): row
            for row in Experience.objects.filter(agent__in=agents)
        }
        for key, at, good, tried in self.changes:
            row = kept.setdefault(key, _empty(key, at))
            before = Tally(as_of=row.as_of, good=row.good, tried=row.tried)
            after = before.with_outcome(at, good=good, tried=tried)
            row.good, row.tried, row.as_of = after.good, after.tried, after.as_of
        touched = list({key: kept[key] for key, *_rest in self.changes}.values())
        Experience.objects.bulk_create(
            touched,
            update_conflicts=True,
            unique_fields=["agent", "topic", "language", "channel"],
            update_fields=["good", "tried", "as_of"],
        )


def _empty(key: Key, at: datetime) -> Experience:
    agent, place = key
    return Experience(
        agent_id=agent,
        topic=place.topic,
        language=place.language,
        channel=place.channel,
        as_of=at,
    )


def _topics_of(pks: Sequence[int]) -> Mapping[int, list[int]]:
    worn = Conversation.tags.through.objects.filter(conversation__in=pks)
    found: dict[int, list[int]] = defaultdict(list)
    for pk, tag in worn.order_by("tag").values_list("conversation", "tag"):
        found[pk].append(tag)
    return found


def _answers_in(pks: Sequence[int]) -> Mapping[int, list[tuple[datetime, int]]]:
    """Who wrote to the customer and when, in order."""
    said = Message.objects.filter(
        conversation__in=pks, direction=Message.Direction.OUTGOING, agent__isnull=False
    )
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for pk, at, agent in said.order_by("at", "pk").values_list("conversation", "at", "agent"):
        found[pk].append((at, agent or 0))
    return found
