"""At once, in the transaction of what happened: a choice that an agent changes is noted."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from makegood.conversations.events import Assigned, Unassigned
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_together_to
from makegood.routing.models import Choice

FRESH = timedelta(days=1)
"""Who gives on what is older does not say that the choice was wrong."""


@reacts_together_to(Assigned, Unassigned)
def note_what_was_overruled(events: Sequence[Event]) -> None:
    """For who reads it, and for nothing else: it takes nothing from anybody's experience."""
    by_agents = {
        event.subject("conversation"): event for event in events if event.by.startswith("agent:")
    }
    if not by_agents:
        return
    fresh = Choice.objects.filter(
        conversation__in=by_agents, overruled_at=None, at__gt=timezone.now() - FRESH
    )
    for choice in fresh:
        event = by_agents[choice.conversation_id]
        if event.facts.get("agent") != choice.agent_id:
            choice.overruled_at, choice.overruled_by_id = event.at, ref_id(event.by)
            choice.save(update_fields=["overruled_at", "overruled_by"])
