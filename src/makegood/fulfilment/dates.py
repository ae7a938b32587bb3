"""By when orders were promised to be there: what came late is judged by that."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from makegood.parcels.stated import states_dates
from makegood.promises.models import Promise


@states_dates
def promised_dates(orders: Sequence[int]) -> Mapping[int, datetime]:
    """Of each order that has one. What was taken back is no date any more."""
    rows = Promise.objects.filter(
        order__in=orders, conversation=None, kind=Promise.Kind.DELIVERED
    ).exclude(state=Promise.State.WITHDRAWN)
    return dict(rows.values_list("order", "due_at"))
