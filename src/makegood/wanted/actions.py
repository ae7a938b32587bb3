"""Promise to tell somebody when something is there again."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.conversations.models import Conversation
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.promises.actions import Word, make_promise
from makegood.promises.models import Promise
from makegood.promises.sentences import spoken_with
from makegood.shop.models import Variant
from makegood.team.models import Agent
from makegood.wanted.models import Wanted

LAST_MINUTE = time(23, 59)


@transaction.atomic
def promise_back(conversation: Conversation, variant: Variant, day: date, *, by: Agent) -> Wanted:
    """Tell them by the end of a day that it is there again. Promised twice, it is promised once.

    No answer keeps it before it is there: see `ticking`.
    """
    conversation = lock_standing(conversation.pk, "inbox")
    rows = Wanted.objects.select_for_update(of=("self",)).select_related("promise")
    there = rows.filter(conversation=conversation, variant=variant).first()
    if there is not None and there.promise.settled_at is None:
        return there
    variant = Variant.objects.select_related("product", "shop").get(pk=variant.pk)
    if not variant.is_out:
        raise Refused(_("There are some of it: it need not be waited for."))
    with override(spoken_with(conversation)):
        words = _("we write when %(product)s is there again") % {"product": variant}
    due_at = datetime.combine(day, LAST_MINUTE, ZoneInfo(variant.shop.time_zone))
    kind = Promise.Kind.BACK_IN_STOCK
    word = Word(words=words, due_at=due_at, owner=by, is_kept_by_writing=False, kind=kind)
    promise, now = make_promise(conversation, word, by=by), timezone.now()
    wanted, _made = Wanted.objects.update_or_create(
        conversation=conversation, variant=variant,
        defaults={"promise": promise, "agent": by, "made_at": now, "came_at": None},
    )  # fmt: skip
    return wanted
