"""A person is forgotten: the words of their promises go, what was kept and broken stays counted."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from makegood.promises.explaining import REASONS
from makegood.promises.models import GIVEN, Promise, Rest

FORGOTTEN = "forgotten"


def forget_promises(customers: Sequence[int], now: datetime) -> Sequence[str]:
    """Empty the words, end what is open; the references whose events name them."""
    theirs = Promise.objects.filter(
        Q(conversation__customer__in=customers) | Q(home__customer__in=customers)
    )
    pks = list(theirs.order_by("pk").values_list("pk", flat=True))
    mine = Promise.objects.filter(pk__in=pks)
    Rest.objects.filter(promise__in=pks, ends_at=None).update(ends_at=now)
    ended = {"settled_at": now, "next_at": None, "rests_since": None, "reason": FORGOTTEN}
    mine.filter(settled_at=None, state=Promise.State.OPEN).update(
        state=Promise.State.WITHDRAWN, **ended
    )
    mine.filter(settled_at=None).update(**ended)
    given = mine.filter(kind__in=GIVEN)
    given.exclude(reason__in=["", *REASONS]).update(reason=FORGOTTEN)  # what an agent wrote
    mine.update(words="", cause_words="", asks_since=None)
    return [f"promise:{pk}" for pk in pks]
