"""How a conversation stands, told anew from what is in it, after parts were moved."""

from makegood.conversations.models import Attachment, Conversation, Message
from makegood.kit.text import one_line
from makegood.mood.reading import mood_of

Status, Turn = Conversation.Status, Conversation.Turn


def retell(conversation: Conversation) -> None:
    """Newest message, preview, files and turn as the messages say. Saves nothing."""
    said = conversation.messages.order_by("pk")
    newest = said.last()
    spoken = list(said.filter(automatic__in=["", "list"]).order_by("-pk")[:200])
    conversation.last_message = newest.pk if newest else 0
    incoming = next((one for one in spoken if one.is_incoming()), None)
    if conversation.last_incoming != (incoming.pk if incoming else 0):
        _hear_anew(conversation, incoming)
    files = Attachment.objects.filter(message__conversation=conversation)
    conversation.has_attachment = files.exists()
    if spoken:
        conversation.last_at = spoken[0].at
        conversation.preview = one_line(spoken[0].text or spoken[0].subject, 200)
        _whose_turn(conversation, spoken)


def _hear_anew(conversation: Conversation, incoming: Message | None) -> None:
    """Other words are the customer's latest now: what was said of the mood was of those before."""
    conversation.last_incoming = incoming.pk if incoming else 0
    text = incoming.text or incoming.subject if incoming else ""
    conversation.mood, conversation.mood_told = (mood_of(text) or "") if text else "", False


def _whose_turn(conversation: Conversation, newest_first: list[Message]) -> None:
    """Ours since the first word that was not answered; else theirs since our last."""
    first = newest_first[0]
    for one in newest_first:
        if one.is_incoming() != newest_first[0].is_incoming():
            break
        first = one if one.is_incoming() else first
    conversation.turn = Turn.OURS if first.is_incoming() else Turn.THEIRS
    conversation.turn_since = first.at


def carry_over(joined: Conversation, stays: Conversation) -> None:
    """How both stand together: who waits in either waits, since the earlier moment."""
    waiting = [one.turn_since for one in (joined, stays) if one.is_waiting()]
    newer = max((joined, stays), key=lambda one: one.last_at)
    if waiting:
        stays.turn, stays.turn_since = Turn.OURS, min(waiting)
    else:
        stays.turn, stays.turn_since = newer.turn, newer.turn_since
    _rest_together(joined, stays)
    heard = max((joined, stays), key=lambda one: one.last_incoming)
    stays.mood, stays.mood_told = heard.mood, heard.mood_told
    stays.last_at, stays.preview = newer.last_at, newer.preview
    stays.last_message = max(joined.last_message, stays.last_message)
    stays.last_incoming = max(joined.last_incoming, stays.last_incoming)
    stays.has_attachment = joined.has_attachment or stays.has_attachment


def _rest_together(joined: Conversation, stays: Conversation) -> None:
    """Open where either is open; else it rests where either rests, until the earlier time.

    Spam joined into something of worth is of worth.
    """
    states = {joined.status, stays.status}
    if stays.status == Status.SPAM != joined.status:
        stays.status, stays.resolved_at = joined.status, joined.resolved_at
    if Status.OPEN in states:
        stays.status, stays.snoozed_until, stays.resolved_at = Status.OPEN, None, None
    elif Status.SNOOZED in states:
        times = [one.snoozed_until for one in (joined, stays) if one.snoozed_until]
        stays.status, stays.resolved_at = Status.SNOOZED, None
        stays.snoozed_until = min(times, default=None)
        stays.wakes_with = stays.wakes_with or joined.wakes_with
