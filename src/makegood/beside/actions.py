"""Something is asked of others beside a conversation, or passed on to them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.beside.events import Forwarded, SideBegun, SideDone, SideReopened, SideWrote
from makegood.beside.models import SideMessage, SideThread
from makegood.beside.quoting import without_keys
from makegood.beside.recipients import names_of
from makegood.beside.saying import Wish, say
from makegood.conversations.addressing import mailbox_of
from makegood.conversations.drafting import SAID_OTHERWISE
from makegood.conversations.models import Conversation
from makegood.conversations.resting import snooze_conversation
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage, one_line
from makegood.ledger.actions import record
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

State = SideThread.State


@transaction.atomic
def begin_thread(conversation: Conversation, wish: Wish, *, by: Agent) -> SideMessage:
    """Ask somebody else, or pass something on. Pressed twice with the same key, it is said once."""
    conversation = lock_standing(conversation.pk, "inbox__mail_inbox", "customer")
    said = _said_already(conversation, wish)
    if said is not None:
        return said
    if not wish.subject.strip():
        raise Refused(_("Write what it is about: it stands in the subject."))
    now = timezone.now()
    thread = SideThread.objects.create(
        conversation=conversation,
        message=wish.about,
        is_forward=wish.is_forward,
        inbox=mailbox_of(conversation),
        subject=one_line(without_keys(wish.subject), 250),
        begun_by=by,
        begun_at=now,
        last_at=now,
    )
    message = say(conversation, thread, wish, by)
    record(_begun(message, wish), about=[message, thread, conversation], by=by, at=now)
    _rest(conversation, wish, by)
    return message


def _rest(conversation: Conversation, wish: Wish, by: Agent) -> None:
    """Nothing is to be done until an answer comes: theirs, or a word of the customer's."""
    if wish.rests:
        refuse_unless(by, "act")
        snooze_conversation(conversation, by=by)


def _begun(message: SideMessage, wish: Wish) -> Forwarded | SideBegun:
    thread = message.thread
    who, subject = names_of(thread), thread.subject
    if not wish.is_forward:
        return SideBegun(thread=thread.pk, side_message=message.pk, who=who, subject=subject)
    return Forwarded(
        thread=thread.pk,
        side_message=message.pk,
        message_shown=wish.about.pk if wish.about else 0,
        who=who,
        subject=subject,
    )


@transaction.atomic
def write_on(thread: SideThread, wish: Wish, *, by: Agent) -> SideMessage:
    """Write once more in a side thread, to whom it goes now."""
    conversation = lock_standing(thread.conversation_id, "inbox__mail_inbox", "customer")
    thread = _lock(thread)
    said = _said_already(conversation, wish)
    if said is not None:
        return said
    thread.inbox = mailbox_of(conversation)
    message = say(conversation, thread, wish, by)
    thread.state, thread.last_at, thread.news_since = State.AWAITED, message.at, None
    thread.done_at = None
    thread.save(update_fields=["state", "last_at", "news_since", "done_at", "inbox"])
    fact = SideWrote(thread=thread.pk, side_message=message.pk, who=names_of(thread))
    record(fact, about=[message, thread, conversation], by=by)
    _rest(conversation, wish, by)
    return message


@transaction.atomic
def settle_thread(thread: SideThread, *, by: Agent) -> None:
    """Nothing more is awaited here."""
    thread = _lock(thread)
    if thread.state == State.DONE:
        return
    thread.state, thread.news_since, thread.done_at = State.DONE, None, timezone.now()
    thread.save(update_fields=["state", "news_since", "done_at"])
    fact = SideDone(thread=thread.pk, who=names_of(thread))
    record(fact, about=[thread, thread.conversation], by=by)


@transaction.atomic
def reopen_thread(thread: SideThread, *, by: Agent) -> None:
    """Something is awaited here after all."""
    thread = _lock(thread)
    if thread.state != State.DONE:
        return
    thread.state, thread.done_at = State.AWAITED, None
    thread.save(update_fields=["state", "done_at"])
    fact = SideReopened(thread=thread.pk, who=names_of(thread))
    record(fact, about=[thread, thread.conversation], by=by)


def mark_read(thread: SideThread) -> None:
    """An agent has the answer on the page: it is no news any more."""
    SideThread.objects.filter(pk=thread.pk).update(news_since=None)


def _lock(thread: SideThread) -> SideThread:
    rows = SideThread.objects.select_for_update(of=("self",)).select_related("conversation")
    return rows.get(pk=thread.pk)


def _said_already(conversation: Conversation, wish: Wish) -> SideMessage | None:
    """What went out under this word. Other words under it are never taken for the same."""
    sent = SideMessage.objects.select_related("thread").filter(client_key=wish.client_key or None)
    said = sent.first() if wish.client_key else None
    if said is not None:
        is_same = said.thread.conversation_id == conversation.pk
        if not is_same or said.text != fit_for_storage(wish.text).strip():
            raise Refused(SAID_OTHERWISE)
    return said
