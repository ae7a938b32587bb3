from collections.abc import Sequence
from datetime import datetime

from makegood.ledger.models import Event


def timeline(ref: str, *, limit: int = 200) -> Sequence[Event]:
    """The newest events about one thing, oldest first."""
    newest = (
        Event.objects.filter(subjects__ref=ref).select_related("personal").order_by("-pk")[:limit]
    )
    return list(reversed(newest))


def newest_event_at() -> datetime | None:
    """When the last event was written down."""
    return Event.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
