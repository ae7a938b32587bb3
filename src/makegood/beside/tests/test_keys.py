"""The words that lead into a side thread end: with time, with the thread, with who got them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.beside.actions import reopen_thread, settle_thread
from makegood.beside.forgetting import forget_beside
from makegood.beside.models import SideKey, SideMessage, SideThread
from makegood.beside.tests.shop import CARRIER, answer_to, ask_the_carrier, letter_about
from makegood.channels.models import Inbox
from makegood.conversations.forgetting import Gone
from makegood.conversations.models import Conversation
from makegood.conversations.unwanted import mark_as_spam, mark_as_wanted
from tests.world import arrive, conversation_of, mail_bytes


@pytest.fixture
def parcel(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?", subject="My lamp")))


@pytest.fixture
def asked(parcel: Conversation, nora: Any) -> SideMessage:
    return ask_the_carrier(parcel, nora)


def lead_in(parcel: Conversation, asked: SideMessage, mailbox: Inbox) -> bool:
    """Whether an answer still finds the thread; what does not begins a conversation."""
    outcome = answer_to(letter_about(asked), mailbox, f"Found it, {timezone.now()}.")
    return outcome.startswith("sidemessage:")


@pytest.mark.parametrize(("days", "leads"), [(179, True), (181, False)])
def test_a_word_does_not_lead_in_for_ever(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, days: int, leads: bool
) -> None:
    SideKey.objects.update(made_at=timezone.now() - timedelta(days=days))
    assert lead_in(parcel, asked, mailbox) == leads


@pytest.mark.parametrize(("days", "leads"), [(13, True), (15, False)])
def test_a_thread_that_is_done_hears_late_answers_and_then_no_more(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any, days: int, leads: bool
) -> None:
    settle_thread(asked.thread, by=nora)
    SideThread.objects.update(done_at=timezone.now() - timedelta(days=days))
    assert lead_in(parcel, asked, mailbox) == leads


def test_opened_again_it_hears_again(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    settle_thread(asked.thread, by=nora)
    SideThread.objects.update(done_at=timezone.now() - timedelta(days=15))
    reopen_thread(asked.thread, by=nora)
    assert lead_in(parcel, asked, mailbox)


def test_beside_old_spam_nothing_leads_in_until_it_is_wanted_again(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    mark_as_spam(parcel, by=nora)
    SideThread.objects.update(last_at=timezone.now() - timedelta(days=15))
    beside_spam = lead_in(parcel, asked, mailbox)
    mark_as_wanted(parcel, by=nora)

    assert not beside_spam
    assert lead_in(parcel, asked, mailbox)


def test_what_only_a_forgotten_person_was_given_leads_in_no_more(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox
) -> None:
    letter = letter_about(asked)
    forget_beside(Gone(), [], [CARRIER])
    assert not answer_to(letter, mailbox, "Found it.").startswith("sidemessage:")
