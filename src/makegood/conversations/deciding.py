"""What an agent says to a hint: not the same, it belongs here, they may take part."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.events import (
    MatterKept,
    ParticipantAdmitted,
    ParticipantDeclined,
    SaidLike,
    SaidUnlike,
)
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor


@transaction.atomic
def say_unlike(conversation: Conversation, *, by: Actor) -> None:
    """It is not the same matter as it looks like; remembered, so that nobody is asked again."""
    conversation = lock_standing(conversation.pk)
    if conversation.looks_like_id is None or conversation.unlike_at is not None:
        return
    conversation.unlike_at = timezone.now()
    conversation.save(update_fields=["unlike_at"])
    record(SaidUnlike(other=conversation.looks_like_id), about=[conversation], by=by)


@transaction.atomic
def take_back_unlike(conversation: Conversation, *, by: Actor) -> None:
    """It may be the same matter after all."""
    conversation = lock_standing(conversation.pk)
    if conversation.looks_like_id is None or conversation.unlike_at is None:
        return
    conversation.unlike_at = None
    conversation.save(update_fields=["unlike_at"])
    record(SaidLike(other=conversation.looks_like_id), about=[conversation], by=by)


@transaction.atomic
def keep_matter(message: Message, *, by: Actor) -> None:
    """What looked like a new matter belongs where it is."""
    conversation = lock_standing(message.conversation_id)
    new = Message.objects.filter(pk=message.pk).exclude(new_matter="")
    if new.update(new_matter="", asks=False):
        record(MatterKept(message=message.pk), about=[message, conversation], by=by)


@transaction.atomic
def admit_participant(conversation: Conversation, handle: int, *, by: Actor) -> None:
    """Somebody who was only copied in takes part from now on: the future, not the past."""
    conversation = lock_standing(conversation.pk)
    one = _participant(conversation, handle)
    if one.state == Participant.State.ACTIVE:
        return
    one.state, one.joined_at = Participant.State.ACTIVE, timezone.now()
    one.save(update_fields=["state", "joined_at"])
    about = [conversation, one.handle.customer]
    record(ParticipantAdmitted(address=one.handle.address), about=about, by=by)


@transaction.atomic
def decline_participant(conversation: Conversation, handle: int, *, by: Actor) -> None:
    """Somebody who was copied in takes no part. What they write here still says who they are."""
    conversation = lock_standing(conversation.pk)
    one = _participant(conversation, handle)
    if one.state == Participant.State.LEFT:
        return
    others = conversation.participants.filter(state=Participant.State.ACTIVE).exclude(pk=one.pk)
    if one.state == Participant.State.ACTIVE and not others.exists():
        raise Refused(_("Somebody has to take part: let another in first."))
    one.state = Participant.State.LEFT
    one.save(update_fields=["state"])
    about = [conversation, one.handle.customer]
    record(ParticipantDeclined(address=one.handle.address), about=about, by=by)


def _participant(conversation: Conversation, handle: int) -> Participant:
    rows = conversation.participants.select_related("handle__customer").filter(handle__pk=handle)
    one = rows.first()
    if one is None:
        raise Refused(_("This address is not part of the conversation."))
    return one
