"""Somebody wants to be called: half an hour of our opening hours, and our word that we call.

The number is what somebody typed. It stands in their message and nowhere else: nobody is known
by it, and nobody becomes the same person by it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from makegood.calendars.hours import Span
from makegood.calendars.queries import hours_of
from makegood.channels.models import Inbox
from makegood.chat.actions import Said, say
from makegood.chat.models import Visitor
from makegood.chat.queries import conversation_of, settings_of
from makegood.conversations.models import Message
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actors import System
from makegood.promises.actions import Word, make_promise
from makegood.promises.models import Promise

LENGTH = timedelta(minutes=30)
AHEAD = timedelta(days=3)
NOT_BEFORE = timedelta(minutes=15)
"""So long somebody needs to see that they are to call."""
AT_ONCE = 2
FEWEST_DIGITS, MOST_DIGITS = 6, 15
"""Numbers within a town have six, E.164 allows fifteen."""
IN_NUMBERS = frozenset("0123456789+-./() \u00a0")


@dataclass(frozen=True)
class Slot:
    """Half an hour in which we may call, by the clock of the hours."""

    begins_at: datetime
    zone: ZoneInfo

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + LENGTH

    @property
    def key(self) -> str:
        return self.begins_at.strftime("%Y%m%dT%H%MZ")

    def told(self) -> dict[str, str]:
        """Its day and its times, in the language of the page."""
        begins, ends = (one.astimezone(self.zone) for one in (self.begins_at, self.ends_at))
        return {
            "day": formats.date_format(begins.date(), "l, j F"),
            "from": formats.time_format(begins.time(), "H:i"),
            "until": formats.time_format(ends.time(), "H:i"),
        }


@dataclass(frozen=True, kw_only=True)
class Call:
    """What somebody asks for: a number, a slot, a few words, and the browser's own name of it."""

    phone: str
    when: str
    words: str = ""
    client_id: str
    network: str = ""


def slots_of(inbox: Inbox, now: datetime) -> Sequence[Slot]:
    """When we may call within the next three days; none where no hours are known."""
    taken = _taken(inbox, now)
    return [one for one in _all_slots(inbox, now) if taken.count(one.ends_at) < at_once(inbox)]


def _all_slots(inbox: Inbox, now: datetime) -> Sequence[Slot]:
    hours = hours_of(inbox.ref, *(team.ref for team in inbox.teams.order_by("pk")))
    if hours is None:
        return ()
    spans = hours.spans_between(now, now + AHEAD)
    return [Slot(at, hours.zone) for span in spans for at in _within(span, now)]


def at_once(inbox: Inbox) -> int:
    """How many calls may be promised for the same half hour; 0: none at all."""
    found = settings_of(inbox).get("calls_at_once", AT_ONCE)
    return found if isinstance(found, int) and found >= 0 else AT_ONCE


def _within(span: Span, now: datetime) -> Iterator[datetime]:
    """Whole half hours by the clock, that end before this span does."""
    at = span.begins_at.replace(minute=span.begins_at.minute // 30 * 30, second=0, microsecond=0)
    while at + LENGTH <= span.ends_at:
        if at >= max(span.begins_at, now + NOT_BEFORE):
            yield at
        at += LENGTH


def _taken(inbox: Inbox, now: datetime) -> list[datetime]:
    promised = Promise.objects.filter(
        kind=Promise.Kind.CALL_BACK, settled_at=None, due_at__gt=now, conversation__inbox=inbox
    )
    return list(promised.values_list("due_at", flat=True))


@transaction.atomic
def ask_for_call(visitor: Visitor, call: Call) -> tuple[Message, Promise]:
    """Take down that somebody wants to be called, and promise it. Asked twice, promised once."""
    Inbox.objects.select_for_update(no_key=True).get(pk=visitor.inbox_id)  # two count each other
    given = _given_to(visitor)
    phone, slot = number_in(call.phone), _slot_of(visitor.inbox, call.when, given)
    told = slot.told() | {"phone": phone}
    asked = _("Please call me at %(phone)s on %(day)s between %(from)s and %(until)s.") % told
    text = "\n\n".join(filter(None, [asked, call.words.strip()]))
    message = say(visitor, Said(client_id=call.client_id, text=text, network=call.network))
    word = Word(
        words=_("We call you on %(day)s between %(from)s and %(until)s") % told,
        due_at=slot.ends_at,
        is_kept_by_writing=False,
        kind=Promise.Kind.CALL_BACK,
    )
    return message, given or make_promise(message.conversation, word, by=System("chat"))


def _given_to(visitor: Visitor) -> Promise | None:
    """The call that they were promised already."""
    standing = Promise.objects.filter(
        conversation=conversation_of(visitor), kind=Promise.Kind.CALL_BACK, settled_at=None
    )
    return standing.filter(due_at__gt=timezone.now()).order_by("due_at").first()


def _slot_of(inbox: Inbox, key: str, given: Promise | None) -> Slot:
    """The slot of this name, if it is free or theirs. Raises `Refused`."""
    now = timezone.now()
    slot = next((one for one in _all_slots(inbox, now) if one.key == key), None)
    if given is not None and (slot is None or slot.ends_at != given.due_at):
        words = _("%(words)s. If that does not suit you any more, write it to us here.")
        raise Refused(words % {"words": given.words})
    is_free = slot is not None and _taken(inbox, now).count(slot.ends_at) < at_once(inbox)
    if slot is None or not (is_free or given):
        raise Refused(_("This time is not free any more. Choose another one."))
    return slot


def number_in(text: str) -> str:
    """A telephone number as somebody typed it. Raises `Refused` where it cannot be one."""
    phone = one_line(text, 40)
    digits = sum(letter.isascii() and letter.isdigit() for letter in phone)
    is_one = FEWEST_DIGITS <= digits <= MOST_DIGITS and set(phone) <= IN_NUMBERS
    if not is_one or "+" in phone[1:]:
        raise Refused(_("This does not look like a telephone number: write it with its area code."))
    return phone
