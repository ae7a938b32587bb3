"""Taking an answer back before it leaves: either it was, or it left; never both, never neither."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.actions import cancel_delivery
from makegood.channels.models import Delivery
from makegood.conversations.drafting import give_draft_back
from makegood.conversations.models import Conversation, Message
from makegood.conversations.standing import lock_standing
from makegood.conversations.unsaying import Standing, unsay
from makegood.kit.errors import Refused
from makegood.kit.records import Record
from makegood.ledger.actions import record
from makegood.sending.events import AnswerTakenBack
from makegood.sending.models import Held
from makegood.team.models import Agent


class TooLate(Refused):
    """It left, or is leaving at this moment."""

    def __init__(self) -> None:
        super().__init__(_("It has left already and cannot be taken back any more."))


@transaction.atomic
def take_back(conversation: Conversation, number: int, *, by: Agent) -> Conversation:
    """Let an answer be unsaid that has not left; its words and files are the writer's draft again.

    Whether it was in time is decided by its outbox row, which the sender wants at that moment, too.
    Pressed twice, it is taken back once.
    """
    # First the outbox row, then the conversation: so whoever settles a delivery takes them.
    delivery = _lock_delivery(number)
    # Where it stands now: it may have been split off meanwhile.
    here = Message.objects.filter(pk=number).values_list("conversation", flat=True).first()
    conversation = lock_standing(here or conversation.pk)
    kept = Held.objects.select_for_update(of=("self",)).filter(message=number, agent=by).first()
    if kept is not None and kept.taken_back_at is not None:
        return conversation
    message = Message.objects.filter(pk=number, conversation=conversation).first()
    if kept is None or kept.draft is None or message is None or delivery is None:
        raise TooLate
    if not cancel_delivery(delivery, by=by):
        raise TooLate
    draft, standing = kept.draft, Standing(before=kept.before, after=kept.after)
    conversation = unsay(message, draft, standing)
    # The outbox row stays as a mark; its words are the draft's alone again.
    Delivery.objects.filter(pk=delivery.pk).update(outgoing={})
    kept.draft, kept.taken_back_at = None, timezone.now()
    kept.before = kept.after = {}
    kept.save()
    give_draft_back(draft, conversation)
    about: list[Record | str] = [conversation, f"customer:{conversation.customer_id}"]
    record(AnswerTakenBack(message=number), about=about, by=by)
    return conversation


def _lock_delivery(number: int) -> Delivery | None:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("inbox")
    return rows.filter(about=f"message:{number}").order_by("-pk").first()


def let_go_of(number: int) -> None:
    """It left, or never will: nobody takes it back any more, and what was typed is not kept."""
    for held in Held.objects.filter(message=number, taken_back_at=None).select_related("draft"):
        if held.draft is not None:
            held.draft.delete()
