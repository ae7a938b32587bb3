"""What was wanted is there again: the conversation comes back, with words to send, once.

From then on the next answer keeps the promise. Where it runs out once more before anybody was
told, no answer keeps it again, and it waits as before. What the shop sells no more is waited for
no more: the promise is withdrawn, and the conversation comes back so that somebody says it.
"""

from contextlib import suppress

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.conversations.actions import reopen_conversation
from makegood.conversations.drafting import save_draft
from makegood.conversations.models import Conversation, Draft
from makegood.conversations.queries import drafts_of
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.promises.actions import let_writing_keep, withdraw_promise
from makegood.promises.sentences import spoken_with
from makegood.wanted.events import WantedCameBack, WantedRanOut, WantedTakenOut
from makegood.wanted.models import Wanted

BY = System("wanted")
IS_GONE = Q(variant__is_gone=True) | Q(variant__product__is_gone=True)
IS_OUT = Q(variant__is_counted=True, variant__stock__lte=0)


def look_at_wanted() -> int:
    """One thing that is there again, or ran out once more; run by any number."""
    rows = _rows()
    return (
        _turn(rows.exclude(IS_GONE).filter(came_at=None).exclude(IS_OUT), is_back=True)
        or _turn(rows.exclude(IS_GONE).filter(IS_OUT, came_at__isnull=False), is_back=False)
        or _end(rows.filter(IS_GONE))
    )


def _rows() -> QuerySet[Wanted]:
    return Wanted.objects.filter(promise__settled_at=None)


@transaction.atomic
def _end(rows: QuerySet[Wanted]) -> int:
    """The one that waits longest for what is sold no more; whoever comes second finds it done."""
    row = rows.select_related("promise", "variant__product").order_by("pk").first()
    if row is None:
        return 0
    let_writing_keep(row.promise, is_so=False)  # under its lock from here on
    if not rows.filter(pk=row.pk).exists():
        return 1  # another was quicker
    withdraw_promise(row.promise, reason=_("It is not sold any more."), by=BY)
    conversation = row.promise.conversation
    if conversation is not None:
        fact = WantedTakenOut(product=str(row.variant), promise=row.promise_id)
        record(fact, about=[conversation, row.variant], by=BY)
        with suppress(Refused):  # it is spam now
            reopen_conversation(conversation, by=BY)
    return 1


@transaction.atomic
def _turn(rows: QuerySet[Wanted], *, is_back: bool) -> int:
    """The one that waits longest, with its promise first, as everybody takes them."""
    found = rows.select_related("promise").order_by("pk").first()
    if found is None:
        return 0
    let_writing_keep(found.promise, is_so=is_back)
    row = Wanted.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if (row.came_at is None) != is_back:
        return 1  # another was quicker
    row.came_at = timezone.now() if is_back else None
    row.save(update_fields=["came_at"])
    _tell(row, is_back=is_back)
    return 1


def _tell(row: Wanted, *, is_back: bool) -> None:
    conversation = row.promise.conversation  # where it stands now, if it was joined into another
    if conversation is None:
        return
    kind = WantedCameBack if is_back else WantedRanOut
    fact = kind(product=str(row.variant), promise=row.promise_id)
    record(fact, about=[conversation, row.variant], by=BY)
    if is_back:
        _propose(conversation, row)


def _propose(conversation: Conversation, row: Wanted) -> None:
    """Bring it back to the desk, with words that whoever promised can send or change."""
    try:
        reopen_conversation(conversation, by=BY)
    except Refused:
        return  # it is spam now
    if not row.agent.is_active or drafts_of(conversation, row.agent).get("reply"):
        return
    with override(spoken_with(conversation)):
        text = _("%(product)s is there again.") % {"product": row.variant}
        text += f"\n\n{row.variant.product.url}" if row.variant.product.url else ""
    save_draft(conversation, text, purpose=Draft.Purpose.REPLY, by=row.agent)
