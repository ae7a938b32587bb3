"""What was wanted is there again: the conversation comes back, with words to send, once.

From then on the next answer keeps the promise. Where it runs out once more before anybody was
told, no answer keeps it again, and it waits as before.
"""

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
from makegood.promises.actions import let_writing_keep
from makegood.promises.sentences import spoken_with
from makegood.wanted.events import WantedCameBack, WantedRanOut
from makegood.wanted.models import Wanted

BY = System("wanted")
IS_OUT = Q(variant__is_counted=True, variant__stock__lte=0)


def look_at_wanted() -> int:
    """One thing that is there again, or ran out once more; run by any number."""
    return _turn(_rows().filter(came_at=None).exclude(IS_OUT), is_back=True) or _turn(
        _rows().filter(IS_OUT, came_at__isnull=False), is_back=False
    )


def _rows() -> QuerySet[Wanted]:
    return Wanted.objects.filter(promise__settled_at=None, variant__is_gone=False).filter(
        variant__product__is_gone=False
    )


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
