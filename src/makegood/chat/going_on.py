"""What nobody reads in the chat goes on by mail: all unread answers in one, and each once.

The address is one that somebody typed, and proven by nothing: not a word of the visitor's is in
the mail, and their browser sees nothing of what is answered by mail (security.md T15).
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from makegood.automatic.refusing import mailbox_of, why_not_to
from makegood.channels.actions import post
from makegood.channels.models import Inbox
from makegood.chat.events import WentOn
from makegood.chat.letters import letter_of
from makegood.chat.models import GoneOn, Visitor
from makegood.chat.queries import conversation_of, settings_of
from makegood.conversations.models import Conversation, Message, Participant
from makegood.conversations.standing import lock_standing
from makegood.customers.models import Handle
from makegood.kit.secrets import sign
from makegood.ledger.actions import record
from makegood.ledger.actors import System

log = logging.getLogger(__name__)

AFTER_MINUTES = 3
AWAY = timedelta(minutes=1)
"""So long after its last sign a page counts as closed."""
PATIENCE = timedelta(minutes=30)
"""What lies unread so long on an open page is read by nobody there."""
APART = timedelta(minutes=10)
MOST_A_DAY = 5
AT_ONCE = 20
CLOCK = System("chat")


def wait_to_be_read(message: Message) -> None:
    """From now on it is awaited that the visitor reads this answer."""
    if len(message.to) != 1 or "@" in message.to[0]:
        return
    theirs = Visitor.objects.filter(handle__kind="chat", handle__address=message.to[0])
    for visitor in theirs.select_related("inbox"):
        after = minutes_until_mail(visitor.inbox)
        if after and visitor.read < message.pk:
            due = message.at + timedelta(minutes=after)
            Visitor.objects.filter(pk=visitor.pk, mails_at=None).update(mails_at=due)


def minutes_until_mail(inbox: Inbox) -> int:
    """So long an answer waits to be read in the chat; 0: it never goes on by mail."""
    found = settings_of(inbox).get("mail_after_minutes", AFTER_MINUTES)
    return found if isinstance(found, int) and found > 0 else 0


def go_on_with_next() -> int:
    """Mail what is due; how much was looked at. Run by any number of processes."""
    now = timezone.now()
    due = Visitor.objects.filter(mails_at__lte=now, mail__isnull=False).order_by("mails_at")
    return sum(_one(pk) for pk in due.values_list("pk", flat=True)[:AT_ONCE])


def _one(pk: int) -> bool:
    try:
        go_on_by_mail(pk)
    except DatabaseError:
        raise  # says nothing of this visitor; it is looked at again
    except Exception:
        log.exception("Answers could not go on by mail.", extra={"visitor": pk})
        Visitor.objects.filter(pk=pk).update(mails_at=timezone.now() + APART)
    return True


@transaction.atomic
def go_on_by_mail(pk: int) -> GoneOn | None:
    """Mail what this visitor has not read, or wait longer, or leave it: whatever holds now."""
    before = Visitor.objects.select_related("handle").get(pk=pk)
    place = conversation_of(before)
    if place is None:
        _wait(before, None)
        return None
    place = lock_standing(place.pk, "inbox", "customer")
    rows = Visitor.objects.select_for_update(of=("self",))
    visitor = rows.select_related("handle", "mail", "inbox__mail_inbox").get(pk=pk)
    now = timezone.now()
    if visitor.mails_at is None or visitor.mails_at > now or visitor.mail is None:
        return None
    unread = list(unread_answers(visitor, place))
    if not unread or is_hopeless(visitor, place):
        _wait(visitor, None)
        return None
    later = _not_yet(visitor, unread[0].at, now)
    if later is not None:
        _wait(visitor, later)
        return None
    return _go_on(visitor, place, unread, now)


def _wait(visitor: Visitor, until: datetime | None) -> None:
    Visitor.objects.filter(pk=visitor.pk).update(mails_at=until)


def unread_answers(visitor: Visitor, place: Conversation) -> QuerySet[Message]:
    """What was written to them and neither read in any browser of theirs nor mailed."""
    read = _browsers(visitor).aggregate(newest=Max("read"))["newest"] or 0
    mailed = GoneOn.objects.filter(handle=visitor.handle).aggregate(newest=Max("newest"))
    return Message.objects.filter(
        conversation=place,
        direction=Message.Direction.OUTGOING,
        automatic="",
        to=[visitor.handle.address],
        pk__gt=max(read, mailed["newest"] or 0),
    ).order_by("pk")


def is_hopeless(visitor: Visitor, place: Conversation) -> bool:
    """Whether no mail may go there: nobody to send it, nobody to take it, or it was not they."""
    sender, mail = visitor.inbox.mail_inbox, visitor.mail
    if sender is None or mail is None or place.status == Conversation.Status.SPAM:
        return True
    left = Participant.objects.filter(conversation=place, handle=mail, state=Participant.State.LEFT)
    return bool(why_not_to(mail.address)) or left.exists()


def _browsers(visitor: Visitor) -> QuerySet[Visitor]:
    return Visitor.objects.filter(handle=visitor.handle)


def _not_yet(visitor: Visitor, oldest: datetime, now: datetime) -> datetime | None:
    """Until when to wait: they are there still, or their mailbox has had enough."""
    seen = _browsers(visitor).aggregate(at=Max("seen_at"))["at"] or visitor.seen_at
    if seen > now - AWAY and oldest > now - PATIENCE:
        return min(seen + AWAY, oldest + PATIENCE)
    assert visitor.mail is not None
    gone = GoneOn.objects.filter(mailbox=_purse(visitor.mail), at__gt=now - timedelta(days=1))
    times = list(gone.order_by("-at").values_list("at", flat=True)[:MOST_A_DAY])
    if times and times[0] > now - APART:
        return times[0] + APART
    return times[-1] + timedelta(days=1) if len(times) >= MOST_A_DAY else None


def _purse(mail: Handle) -> str:
    """Whoever makes many addresses of one mailbox has one budget still."""
    return sign("chat by mail", mailbox_of(mail.address))


def _go_on(
    visitor: Visitor, place: Conversation, unread: Sequence[Message], now: datetime
) -> GoneOn:
    assert visitor.mail is not None
    Participant.objects.update_or_create(
        conversation=place,
        handle=visitor.mail,
        defaults={"state": Participant.State.ACTIVE},
        create_defaults={"state": Participant.State.ACTIVE, "joined_at": unread[0].at},
    )
    outgoing, sender = letter_of(visitor, place, unread)
    newest = unread[-1]
    gone = GoneOn.objects.create(
        conversation=place,
        handle=visitor.handle,
        to=visitor.mail,
        oldest=unread[0].pk,
        newest=newest.pk,
        count=len(unread),
        mailbox=_purse(visitor.mail),
        at=now,
    )
    newest.external_id, newest.delivery_state = outgoing.key, "queued"
    newest.subject = outgoing.subject  # what comes back bears it, and is no new matter for that
    newest.save(update_fields=["external_id", "delivery_state", "subject"])
    post(outgoing, inbox=sender, about=newest.ref)
    fact = WentOn(message=newest.pk, count=len(unread))
    record(fact, about=[newest, place, place.inbox, gone], by=CLOCK)
    _wait(visitor, None)
    return gone
