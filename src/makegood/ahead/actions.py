from django.db import transaction
from django.utils import timezone

from makegood.ahead.events import SlipLeftOut
from makegood.ahead.models import Slip
from makegood.ledger.actions import record
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

State = Slip.State


@transaction.atomic
def leave_out(slip: Slip, *, by: Agent) -> None:
    """Its customer is not told of it. Said twice, it is left out once."""
    refuse_unless(by, "answer")
    slip = Slip.objects.select_for_update(of=("self",)).select_related("order").get(pk=slip.pk)
    if slip.state != State.FOUND:
        return
    slip.state, slip.ended_at = State.LEFT_OUT, timezone.now()
    slip.save(update_fields=["state", "ended_at"])
    fact = SlipLeftOut(number=slip.order.number, cause=slip.cause)
    record(fact, about=[slip, slip.order], by=by)
