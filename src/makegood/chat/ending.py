"""A visitor ends their chat, and says once how it was; nobody is asked a second time."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.chat.events import Rated, RatedInWords
from makegood.chat.models import Rating, Visitor
from makegood.chat.queries import conversation_of
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Conversation, Message
from makegood.conversations.standing import lock_standing
from makegood.customers.actions import CustomerActor
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record

LONGEST_WORD = 1000


@transaction.atomic
def end_chat(visitor: Visitor) -> None:
    """It is done, says the visitor. What they write later is heard as before."""
    place = conversation_of(visitor)
    if place is None:
        raise Refused(_("Nothing was said here yet."))
    if place.status != Conversation.Status.SPAM:  # of that, nobody outside learns
        resolve_conversation(place, by=CustomerActor(visitor.handle))


def question_about(visitor: Visitor, place: Conversation) -> int:
    """The chat of which may be asked how it was: over, answered, and not spoken of yet; else 0."""
    if place.status != Conversation.Status.RESOLVED or not _was_answered(visitor, place):
        return 0
    has_said = Rating.objects.filter(conversation=place, handle=visitor.handle_id).exists()
    return 0 if has_said else place.pk


def _was_answered(visitor: Visitor, place: Conversation) -> bool:
    ours = place.messages.filter(direction=Message.Direction.OUTGOING, agent__isnull=False)
    return ours.filter(to=[visitor.handle.address], automatic="").exists()


@transaction.atomic
def rate_chat(visitor: Visitor, choice: str, words: str) -> Rating:
    """How it was, by whoever it was for. Said again, the first word stands."""
    place = conversation_of(visitor)
    if place is None or choice not in Rating.Choice.values:
        raise Refused(_("This could not be read. Load the page again."))
    place = lock_standing(place.pk, "inbox")
    said = Rating.objects.filter(conversation=place, handle=visitor.handle_id).first()
    if said is not None:
        return said
    if not question_about(visitor, place):
        raise Refused(_("Tell us how it was when the chat is over."))
    words = fit_for_storage(words).strip()[:LONGEST_WORD]
    rating = Rating.objects.create(
        conversation=place, handle=visitor.handle, choice=choice, words=words, at=timezone.now()
    )
    fact = RatedInWords(rating=choice, words=words) if words else Rated(rating=choice)
    about = [rating, place, visitor.handle.customer, place.inbox]
    record(fact, about=about, by=CustomerActor(visitor.handle))
    return rating
