from collections.abc import Iterable, Sequence

from django.http import Http404

from makegood.conversations.models import Conversation
from makegood.conversations.queries import conversation_for
from makegood.redaction.models import Redaction, Removed
from makegood.team.models import Agent

SPOTTED = (Redaction.What.CARD, Redaction.What.IBAN)


def may_redact(agent: Agent, what: str = Redaction.What.PASSAGE) -> bool:
    """Whose role says so removes whatever they choose; every agent what is pointed out."""
    return agent.may("redact") or (agent.is_active and what in SPOTTED)


def conversation_to_redact(agent: Agent, pk: int) -> Conversation:
    """A conversation whose words this agent may remove, or 404."""
    if not may_redact(agent):
        raise Http404
    return conversation_for(agent, pk)


def redactions_of(refs: Iterable[str]) -> dict[str, list[Redaction]]:
    """What was removed from each of these, in its order."""
    found: dict[str, list[Redaction]] = {}
    rows = Removed.objects.filter(ref__in=list(refs)).select_related("redaction__by")
    for row in rows.order_by("pk"):
        found.setdefault(row.ref, []).append(row.redaction)
    return found


def redactions_to_clean() -> Sequence[int]:
    rows = Redaction.objects.filter(cleaned_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True))
