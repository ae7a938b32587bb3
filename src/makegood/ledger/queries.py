from collections.abc import Sequence

from makegood.ledger.models import Event


def timeline(ref: str, *, limit: int = 200) -> Sequence[Event]:
    """The newest events about one thing, oldest first."""
    newest = (
        Event.objects.filter(subjects__ref=ref).select_related("personal").order_by("-pk")[:limit]
    )
    return list(reversed(newest))
