"""How many steps an event lies from what a person did: rules that rules set off go deeper.

What a rule does tells its run as its cause. What comes of that later, by the clock, is as deep
as what the clock was set by: a rest, a promise. So a chain ends even where it takes its time.
"""

from dataclasses import dataclass

from makegood.automation.models import Run
from makegood.kit.records import ref_id
from makegood.ledger.models import Event

DEEPEST = 8
"""So many rules may set each other off, one after the other."""
SET_BY = {"conversation.woke": "conversation.snoozed"}
"""What the clock does, and what set it."""


MOST_IN_A_CHAIN = 50
"""So many runs on one conversation may follow from one thing that somebody did."""


@dataclass(frozen=True, order=True)
class Origin:
    """How deep an event lies, and what people did that all of it began with."""

    depth: int
    root: int


def origin_of(event: Event) -> Origin:
    """Depth 0 for what people do; else that of the run that it follows from."""
    refs = [subject.ref for subject in event.subjects.all()]
    found = [*_of_runs(refs), *_of_clock(event, refs)]
    return max(found, default=Origin(0, event.pk))


def _of_runs(refs: list[str]) -> list[Origin]:
    runs = [ref_id(ref) for ref in refs if ref.startswith("run:")]
    known = Run.objects.filter(pk__in=runs).values_list("depth", "root") if runs else []
    return [Origin(*one) for one in known]


def _of_clock(event: Event, refs: list[str]) -> list[Origin]:
    """As deep as what set the clock, which was told of the same conversation or promise."""
    earlier = Event.objects.filter(pk__lt=event.pk).order_by("-pk")
    if event.kind in SET_BY:
        earlier = earlier.filter(kind=SET_BY[event.kind])
        about = [ref for ref in refs if ref.startswith("conversation:")]
    elif event.kind.startswith("promise."):
        earlier = earlier.filter(kind__in=("promise.made", "promise.moved"))
        about = [ref for ref in refs if ref.startswith("promise:")]
    else:
        return []
    setter = earlier.filter(subjects__ref__in=about).first() if about else None
    return _of_runs([one.ref for one in setter.subjects.all()]) if setter else []
