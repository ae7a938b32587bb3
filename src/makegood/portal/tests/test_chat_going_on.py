"""What nobody reads in the chat goes on by mail, and the answer comes back to where it belongs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from makegood.automatic.refusing import mailbox_of
from makegood.channels.interface import Trust
from makegood.channels.models import Delivery, Inbox
from makegood.chat.going_on import APART, MOST_A_DAY, go_on_with_next
from makegood.chat.models import GoneOn, Visitor
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.customers.models import Handle
from makegood.kit.secrets import sign
from makegood.ledger.models import Event
from makegood.portal.tests.test_chat import Browser
from makegood.team.models import Agent
from tests.world import arrive, mail_bytes

ADDRESS = "ida@example.com"
HERS = "Does the brass lamp fit my grandmother's parlour?"


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    browser = Browser(chat)
    browser.say(HERS, email=ADDRESS, name="Ida Berg")
    return browser


def answer(text: str, nora: Agent) -> Message:
    return reply_to(Conversation.objects.get(), Reply(text=text), by=nora)


def leave(minutes: int = 20) -> None:
    """She closed the page so long ago, and what was due since then is due."""
    then = timezone.now() - timedelta(minutes=minutes)
    Visitor.objects.update(seen_at=then)
    Visitor.objects.exclude(mails_at=None).update(mails_at=then)


def gone_by_mail() -> list[dict[str, Any]]:
    go_on_with_next()
    return [one.outgoing for one in Delivery.objects.order_by("pk")]


def link_in(mail: dict[str, Any]) -> str:
    return "/c/" + str(mail["text"]).split("/c/")[1][:27]


def test_all_that_was_not_read_is_one_mail(ida: Browser, nora: Agent) -> None:
    answer("Yes, it does.", nora)
    newest = answer("Shall I put *one* aside?", nora)
    assert gone_by_mail() == []
    leave()
    [mail] = gone_by_mail()
    assert [one["address"] for one in mail["to"]] == [ADDRESS]
    assert mail["text"].index("Yes, it does.") < mail["text"].index("Shall I put")
    assert mail["subject"] == "Your chat with Lantern & Loom"
    newest.refresh_from_db()
    assert (newest.external_id, newest.delivery_state) == (mail["key"], "queued")
    assert Event.objects.get(kind="chat.went_on").facts == {"message": newest.pk, "count": 2}


def test_nothing_that_the_visitor_typed_is_in_the_mail(ida: Browser, nora: Agent) -> None:
    answer("Yes, it does.", nora)
    leave()
    [mail] = gone_by_mail()
    told = " ".join(map(str, mail.values()))
    typed = [HERS[at : at + 8] for at in range(len(HERS) - 8)]
    assert not [piece for piece in [*typed, "Ida Berg"] if piece in told]


def test_it_goes_once_whoever_looks_again(ida: Browser, nora: Agent) -> None:
    answer("Yes, it does.", nora)
    leave()
    Visitor.objects.update(mails_at=timezone.now())
    assert len(gone_by_mail()) == len(gone_by_mail()) == 1
    gone = GoneOn.objects.get()
    gone.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        gone.save(force_insert=True)


def test_what_was_read_stays_where_it_is(ida: Browser, nora: Agent) -> None:
    read = answer("Yes, it does.", nora)
    ida.post("seen/", {"read": read.pk})
    leave()
    assert gone_by_mail() == []
    assert Visitor.objects.get().mails_at is None


def test_who_sits_there_still_gets_no_mail(ida: Browser, nora: Agent) -> None:
    answer("Yes, it does.", nora)
    leave()
    Visitor.objects.update(seen_at=timezone.now())
    assert gone_by_mail() == []
    waits = Visitor.objects.get().mails_at
    assert waits
    assert waits > timezone.now()


def test_an_open_page_that_nobody_looks_at_gets_it_in_the_end(ida: Browser, nora: Agent) -> None:
    said = answer("Yes, it does.", nora)
    leave()
    Visitor.objects.update(seen_at=timezone.now())
    Message.objects.filter(pk=said.pk).update(at=timezone.now() - timedelta(hours=1))
    assert len(gone_by_mail()) == 1


def test_without_an_address_it_waits_until_one_is_given(chat: Inbox, nora: Agent) -> None:
    karim = Browser(chat)
    karim.say("Hello?")
    answer("Good morning!", nora)
    leave()
    assert gone_by_mail() == []
    karim.say("Mail me", "second-word-of-karim", email="karim@example.com")
    leave()
    assert len(gone_by_mail()) == 1


@pytest.mark.parametrize("address", ["noreply@example.com", "hello@lantern.example"])
def test_nobody_s_address_and_our_own_get_none(chat: Inbox, nora: Agent, address: str) -> None:
    Browser(chat).say("Hello?", email=address)
    answer("Good morning!", nora)
    leave()
    assert gone_by_mail() == []


def test_an_address_that_takes_no_mail_gets_none(ida: Browser, nora: Agent) -> None:
    Handle.objects.filter(address=ADDRESS).update(bounced_at=timezone.now())
    answer("Yes, it does.", nora)
    leave()
    assert gone_by_mail() == []


def test_a_chat_that_is_never_to_go_on_by_mail_does_not(
    ida: Browser, chat: Inbox, nora: Agent
) -> None:
    Inbox.objects.filter(pk=chat.pk).update(settings={"chat": {"mail_after_minutes": 0}})
    answer("Yes, it does.", nora)
    assert Visitor.objects.get().mails_at is None


def test_the_next_mail_to_the_same_mailbox_waits_a_while(ida: Browser, nora: Agent) -> None:
    answer("Yes, it does.", nora)
    leave()
    gone_by_mail()
    answer("And it is dimmable.", nora)
    leave()
    assert len(gone_by_mail()) == 1
    GoneOn.objects.update(at=timezone.now() - APART)
    leave()
    _first, second = gone_by_mail()
    assert "dimmable" in second["text"]
    assert "Yes, it does" not in second["text"]
    assert second["in_reply_to"] == _first["key"]


def test_a_mailbox_has_enough_after_so_many_a_day(ida: Browser, nora: Agent) -> None:
    said, mail = answer("Yes, it does.", nora), Handle.objects.get(address=ADDRESS)
    purse, earlier = sign("chat by mail", mailbox_of(ADDRESS)), timezone.now() - timedelta(hours=2)
    for number in range(MOST_A_DAY):
        GoneOn.objects.create(
            conversation=said.conversation, handle=mail, to=mail, oldest=number, newest=number,
            count=1, mailbox=purse, at=earlier,
        )  # fmt: skip
    leave()
    assert gone_by_mail() == []
    GoneOn.objects.update(at=earlier - timedelta(days=1))
    leave()
    assert len(gone_by_mail()) == 1


def test_an_answer_by_mail_comes_into_the_same_conversation(
    ida: Browser, mailbox: Inbox, nora: Agent
) -> None:
    answer("Yes, it does.", nora)
    leave()
    [mail] = gone_by_mail()
    outcome = arrive(mailbox, mail_bytes("Wonderful!", to=mail["reply_to"]), to=[mail["reply_to"]])
    conversation = Conversation.objects.get()
    said = conversation.messages.order_by("pk").last()
    assert said
    assert said.ref == outcome
    assert (said.text.strip(), said.trust) == ("Wonderful!", Trust.SAME)
    by_mail = answer("It is on its way.", nora)
    assert by_mail.to == [ADDRESS]
    assert Delivery.objects.count() == 2


def test_a_browser_that_proved_nothing_sees_no_mail(
    ida: Browser, mailbox: Inbox, nora: Agent
) -> None:
    answer("Yes, it does.", nora)
    leave()
    [mail] = gone_by_mail()
    arrive(mailbox, mail_bytes("Wonderful!", to=mail["reply_to"]), to=[mail["reply_to"]])
    answer("It is on its way.", nora)
    assert [one["text"] for one in ida.read()["messages"]] == [HERS, "Yes, it does."]


def test_behind_the_link_stands_what_was_mailed_and_none_of_her_words(
    ida: Browser, nora: Agent
) -> None:
    answer("Yes, it does.", nora)
    leave()
    [mail] = gone_by_mail()
    page = Client().get(link_in(mail)).content.decode()
    assert "Yes, it does." in page
    assert "grandmother" not in page


def test_a_mail_that_comes_back_shows_on_the_answer(ida: Browser, nora: Agent) -> None:
    from makegood.channels.actions import settle_delivery

    said = answer("Yes, it does.", nora)
    leave()
    gone_by_mail()
    delivery = Delivery.objects.get()
    settle_delivery(delivery, state="failed", fence=delivery.fence, reason="550 nobody here")
    said.refresh_from_db()
    assert (said.delivery_state, said.delivery_trouble) == ("failed", "550 nobody here")
    assert Conversation.objects.get().is_undelivered
