import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone

from makegood.calendars.queries import hours_of
from makegood.calendars.telling import State, state_of
from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import agents_who_see, arrival_at, chat_beside, raw_bytes
from makegood.chat.models import GoneOn
from makegood.chat.queries import gone_on_to
from makegood.conversations.confirming import is_confirmed
from makegood.conversations.models import Attachment, Conversation, Message, Participant, Token
from makegood.conversations.queries import conversation_by_link
from makegood.conversations.standing import standing_number
from makegood.kit.ids import is_token
from makegood.routing.queries import is_somebody_near

RECEIPT_LASTS = timedelta(hours=1)
SHOWN = 200
ON_ITS_WAY = ("queued", "cancelled")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What somebody just sent us by the form: theirs to read again, and nothing else."""

    email: str
    subject: str
    text: str
    files: Sequence[str]


def receipt_for(inbox: Inbox, key: str) -> Receipt:
    """What was sent with one form's word within the last hour, or 404."""
    arrival = arrival_at(inbox, f"form:{key}") if is_token(key) else None
    if arrival is None or arrival.arrived_at < timezone.now() - RECEIPT_LASTS:
        raise Http404
    return _receipt(arrival)


def who_is_there(inbox: Inbox, now: datetime) -> State | None:
    """Whether somebody can answer now; nothing where the shop has not said when."""
    teams = [team.ref for team in inbox.teams.order_by("pk")]
    hours = hours_of(inbox.ref, *teams)
    state = state_of(hours, now) if hours else None
    return state if state and (state.is_open or state.when) else None


def is_somebody_here(inbox: Inbox, now: datetime) -> bool:
    """Whether one of those who answer here is at the desk, whatever the hours say."""
    return is_somebody_near(agents_who_see(inbox), now)


def _receipt(arrival: Arrival) -> Receipt:
    sent = json.loads(raw_bytes(arrival))
    return Receipt(
        email=sent["email"],
        subject=sent["subject"],
        text=sent["text"],
        files=[file["name"] for file in sent["files"]],
    )


def open_link(token: str) -> Token:
    """A private link whose owner has confirmed that it is theirs, or 404."""
    link = conversation_by_link(token)
    if not is_theirs(link):
        raise Http404
    return link


def chat_about(link: Token) -> Inbox:
    """The chat in which what stands behind a link may go on, or 404."""
    found = chat_beside(standing_of(link).inbox)
    if found is None:
        raise Http404
    return found


def is_theirs(link: Token) -> bool:
    """Whether its owner said that they wrote here, or holds the mail with our answers anyway."""
    return (
        is_confirmed(link)
        or GoneOn.objects.filter(to=link.handle_id)
        .filter(conversation__in=[link.conversation_id, standing_number(link.conversation_id)])
        .exists()
    )


def standing_of(link: Token) -> Conversation:
    """The conversation behind a link, where it stands now."""
    found = Conversation.objects.select_related("inbox")
    return found.get(pk=standing_number(link.conversation_id))


def said_with(link: Token) -> Sequence[Message]:
    """What this customer may read: what they wrote and what was written to them. Never a note.

    Somebody who was added later sees what was said since (security.md D04); machines'
    answers and what others wrote stay inside.
    """
    joined = Participant.objects.filter(conversation=link.conversation_id, handle=link.handle_id)
    since = joined.values_list("joined_at", flat=True).first()
    files = Prefetch("attachments", Attachment.objects.select_related("file").order_by("pk"))
    place = standing_number(link.conversation_id)
    messages = Message.objects.filter(conversation=place, automatic="")
    if since is not None:
        messages = messages.filter(at__gte=since)
    newest = messages.prefetch_related(files).order_by("-pk")[:SHOWN]
    mailed = set(gone_on_to(link.handle, standing_of(link)))
    return [one for one in reversed(newest) if one.pk in mailed or _is_theirs(one, link)]


def _is_theirs(message: Message, link: Token) -> bool:
    if message.is_incoming():
        return message.handle_id == link.handle_id
    return link.handle.address in message.to and message.delivery_state not in ON_ITS_WAY


def file_behind(link: Token, pk: int) -> Attachment:
    """A file of a message that this customer may read, or 404."""
    for message in said_with(link):
        for attachment in message.attachments.all():
            if attachment.pk == pk:
                return attachment
    raise Http404
