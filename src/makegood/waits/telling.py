"""What is told of each message is kept once, so that it can be held against what happened."""

from datetime import timedelta

from django.utils import timezone, translation

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation, Message
from makegood.kit.remembering import remembered
from makegood.waits.expecting import Expected, expected_wait
from makegood.waits.models import Expectation
from makegood.waits.standing import OF_PEOPLE
from makegood.waits.wording import for_customers

SITS_FOR = timedelta(minutes=15)
"""So long somebody sits before a chat. Beyond, they are offered the answer by mail."""


def is_told(message: Message) -> bool:
    """Whether there is something to expect: a person wrote, and waits for us."""
    conversation = message.conversation
    return message.is_incoming() and message.automatic in OF_PEOPLE and conversation.is_waiting()


def tell(message: Message) -> Expected | None:
    """What whoever wrote this can expect; kept at the first time that it is asked for."""
    if not is_told(message):
        return None
    return remembered(("told of", message.pk), lambda: _told(message))


def _told(message: Message) -> Expected:
    conversation = message.conversation
    expected = expected_wait(conversation.inbox, timezone.now(), conversation.turn_since)
    if expected.median_at is None or expected.most_at is None:
        return expected
    kept = Expectation(
        message=message.pk,
        conversation=conversation,
        inbox=conversation.inbox,
        told_at=expected.now,
        ahead=expected.ahead,
        agents=expected.here,
        factor=expected.factor,
        median_seconds=(expected.median_at - expected.now).total_seconds(),
        most_seconds=(expected.most_at - expected.now).total_seconds(),
    )
    Expectation.objects.bulk_create([kept], ignore_conflicts=True)
    return expected


def says(conversation: Conversation) -> bool:
    """Whether customers of its inbox are told."""
    return not conversation.inbox.settings.get("hides_waits")


def line_for_form(inbox: Inbox) -> str:
    """What whoever writes by the form now can expect; empty where nothing is known."""
    if inbox.settings.get("hides_waits"):
        return ""
    return for_customers(expected_wait(inbox, timezone.now()))


def is_long_for(inbox: Inbox) -> bool:
    """Whether whoever writes now had better not sit and wait for it."""
    expected = expected_wait(inbox, timezone.now())
    return expected.median_at is not None and expected.median_at - expected.now > SITS_FOR


def line_for_page(conversation: Conversation) -> str:
    """What whoever waits can still expect, from their place in the queue."""
    if not says(conversation) or not conversation.is_waiting():
        return ""
    inbox, since = conversation.inbox, conversation.turn_since
    return for_customers(expected_wait(inbox, timezone.now(), since))


def line_for(message: Message) -> str:
    """What an acknowledgement adds, in the language of its inbox; empty where it says nothing."""
    expected = tell(message) if says(message.conversation) else None
    with translation.override(message.inbox.language or None):
        return for_customers(expected) if expected else ""
