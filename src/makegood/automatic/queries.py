from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.automatic.models import AutomaticMail, Valve
from makegood.channels.models import Inbox
from makegood.kit.compiled import Compiled

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class MachineWriting:
    """What an inbox wrote by machine within a day, and what it did not."""

    written: int
    refused: int
    newest: Sequence[AutomaticMail]
    stopped: Valve | None


def machine_writing_of(inbox: Inbox, now: datetime) -> MachineWriting:
    """How an inbox's machines fared lately, with the reasons of what was not written."""
    lately = AutomaticMail.objects.filter(inbox=inbox, at__gt=now - timedelta(days=1))
    refused = lately.exclude(state=AutomaticMail.State.QUEUED)
    return MachineWriting(
        written=lately.filter(state=AutomaticMail.State.QUEUED).count(),
        refused=refused.count(),
        newest=list(refused.order_by("-at")[:SHOWN]),
        stopped=Valve.objects.filter(inbox=inbox).exclude(closed_at=None).first(),
    )


_STOPPED: Compiled[tuple[int]] = Compiled(
    lambda: Valve.objects.exclude(closed_at=None).values_list("pk")
)


def stopped_inboxes() -> Sequence[Valve]:
    """Inboxes that write nothing by machine until somebody has looked."""
    stopped = [pk for (pk,) in _STOPPED.all()]
    if not stopped:
        return []
    return list(Valve.objects.filter(pk__in=stopped).select_related("inbox").order_by("pk"))
