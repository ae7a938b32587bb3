"""What became of what was told: learned from, and shown beside what was told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from makegood.kit.remembering import remembered
from makegood.waits.curves import Curve, Outcome, kind_of
from makegood.waits.learning import curve_at
from makegood.waits.models import Expectation, Wait

LATEST = 400
"""How many of an inbox are learned from: a desk changes."""


def note_outcomes(ended: Iterable[Wait]) -> None:
    """These waits are over: so is what was told of their messages."""
    ended = list(ended)
    over = {int(word[0]): wait for wait in ended for word in wait.words}
    changed = []
    for told in Expectation.objects.filter(message__in=over, ended_at=None).order_by("pk"):
        wait = over[told.message]
        if wait.end == Wait.End.JOINED:
            continue  # whoever was joined waits on, over there
        told.ended_at, told.end = max(wait.ended_at, told.told_at), wait.end
        curve = _curve_of(told.inbox_id, told.told_at)
        if curve is not None:
            told.work = curve.work(told.told_at, told.ended_at, told.factor)
        changed.append(told)
    Expectation.objects.bulk_update(changed, ["ended_at", "end", "work"], batch_size=200)


def take_outcomes_back(wait: Wait) -> None:
    """Its answer was never said: what was told of it is open again."""
    messages = [word[0] for word in wait.words]
    told = Expectation.objects.filter(message__in=messages, ended_at=wait.ended_at)
    told.update(ended_at=None, end="", work=None)


def _curve_of(inbox: int, now: datetime) -> Curve | None:
    return remembered(f"curve of {inbox}", lambda: curve_at(inbox, now))


def outcomes_at(inbox: int, curve: Curve, now: datetime) -> Mapping[int, Sequence[Outcome]]:
    """The latest outcomes of an inbox, by the length of the queue that they met."""
    rows = Expectation.objects.filter(inbox=inbox).exclude(end=Wait.End.SPAM)
    latest = rows.order_by("-told_at")[:LATEST].values_list(
        "ahead", "told_at", "ended_at", "end", "work", "factor"
    )
    found: defaultdict[int, list[Outcome]] = defaultdict(list)
    for ahead, told_at, ended_at, end, work, factor in latest:
        if work is None:
            work = curve.work(told_at, ended_at or now, factor)
        is_over = end == Wait.End.ANSWERED
        found[kind_of(ahead)].append(
            Outcome(ahead=ahead, ratio=work / (ahead + 1), is_over=is_over)
        )
    return found
