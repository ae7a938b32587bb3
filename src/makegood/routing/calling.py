"""A promise at risk calls for somebody else."""

from collections.abc import Sequence

from django.utils import timezone

from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.promises.events import PromiseEscalated
from makegood.promises.models import Promise
from makegood.routing.actions import give_best
from makegood.routing.choosing import board
from makegood.routing.matters import busy_places
from makegood.routing.models import Choice
from makegood.team.models import Agent

REASSIGN = "reassign"


@follows("routing")
def give_to_somebody_else(events: Sequence[Event]) -> None:
    """Each promise that called for it goes to who is best placed besides whoever has it."""
    called = [event for event in events if event.kind == PromiseEscalated.kind]
    for event in called:
        if event.facts["step"] == REASSIGN:
            promise = Promise.objects.filter(pk=event.facts["promise"], settled_at=None).first()
            if promise is not None and promise.conversation_id is not None:
                place_elsewhere(promise.conversation_id)


def place_elsewhere(conversation: int) -> Agent | None:
    """To somebody who is free; nothing moves where somebody is writing, or while nobody is."""
    now = timezone.now()
    if conversation in busy_places(now):
        return None
    seen = board([conversation], now)
    return give_best(seen, seen.matters[0], how=Choice.How.RISK) if seen.matters else None
