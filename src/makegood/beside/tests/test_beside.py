"""Asked beside: into its own thread and back, past the customer in both directions."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from makegood.beside.actions import mark_read, reopen_thread, settle_thread, write_on
from makegood.beside.drafting import keep_side_draft
from makegood.beside.models import SideFile, SideKey, SideMessage, SideThread
from makegood.beside.queries import side_draft_of, side_message_for, thread_for, threads_of
from makegood.beside.recipients import read_recipients
from makegood.beside.saying import Wish
from makegood.beside.tests.shop import CARRIER, answer_to, ask_the_carrier, letter_about
from makegood.channels.interface import Address
from makegood.channels.models import Delivery, Inbox
from makegood.conversations.actions import (
    add_note,
    resolve_conversation,
)
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.guarding import Stopped
from makegood.conversations.merging import (
    join_conversation,
    part_conversation,
    split_conversation,
)
from makegood.conversations.models import Attachment, Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resting import snooze_conversation
from makegood.conversations.unwanted import mark_as_spam
from makegood.kit.errors import Refused
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.team.roles import save_role
from tests.world import arrive, conversation_of, mail_bytes, write_form

PARTY = [Address(address=CARRIER)]


@pytest.fixture
def parcel(mailbox: Inbox) -> Conversation:
    """Ida wrote by mail, so that everybody here has an address."""
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?", subject="My lamp")))


@pytest.fixture
def asked(parcel: Conversation, nora: Any) -> SideMessage:
    return ask_the_carrier(parcel, nora)


def told(conversation: Conversation) -> list[str]:
    return [event.sentence() for event in Event.objects.about(conversation.ref).in_order()]


def test_an_answer_comes_back_into_its_own_thread_alone(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox
) -> None:
    outcome = answer_to(letter_about(asked), mailbox, "It is in our depot.")
    answer = SideMessage.objects.get(pk=ref_id(outcome))
    assert outcome.startswith("sidemessage:")
    assert (answer.thread, answer.text.strip()) == (asked.thread, "It is in our depot.")
    assert answer.trust == "same as before"
    assert Message.objects.count() == 1
    assert Conversation.objects.count() == 1
    assert told(parcel)[-1] == "Swift Parcels answered: “Parcel 4417”"


def test_the_letter_holds_nothing_that_opens_the_customers_conversation(
    parcel: Conversation, asked: SideMessage, nora: Any
) -> None:
    reply = reply_to(parcel, Reply(text="We ask the carrier."), by=nora)
    mail = letter_about(asked)
    raw = mail.as_string()
    theirs = Delivery.objects.get(about=reply.ref)
    assert mail["To"]
    assert CARRIER in mail["To"]
    assert theirs.key not in raw
    assert theirs.outgoing["reply_to"] not in raw
    assert "ida@example.com" not in raw
    words = theirs.outgoing["text"] + str(theirs.outgoing["references"])
    assert asked.external_id not in words
    assert "Parcel 4417" not in words


def test_an_answer_without_the_address_is_known_by_what_it_answers(
    asked: SideMessage, mailbox: Inbox
) -> None:
    outcome = answer_to(letter_about(asked), mailbox, "In the depot.", to="hello@lantern.example")
    assert outcome.startswith("sidemessage:")
    why = SideMessage.objects.get(pk=ref_id(outcome)).joined_because
    assert why == f"Answers a message that we sent to {CARRIER}"


def test_what_knows_no_word_of_ours_is_a_conversation_like_any(
    asked: SideMessage, mailbox: Inbox
) -> None:
    mail = letter_about(asked)
    outcome = answer_to(
        mail, mailbox, "About parcel 4417", to="hello@lantern.example", in_reply_to="<x@y.example>"
    )
    assert outcome.startswith("message:")


@pytest.mark.parametrize("way", ["address", "reference"])
def test_the_customers_own_mail_never_joins_it(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, way: str
) -> None:
    mail = letter_about(asked)
    headers = {"sender": "Ida <IDA@example.com>"}
    if way == "reference":
        headers["to"] = "hello@lantern.example"
    outcome = answer_to(mail, mailbox, "What is this about my parcel?", **headers)
    assert outcome.startswith("message:")
    assert asked.thread.messages.count() == 1


def test_an_address_of_the_conversation_outweighs_a_reference_to_the_thread(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    reply = reply_to(parcel, Reply(text="We ask the carrier."), by=nora)
    own = Delivery.objects.get(about=reply.ref).outgoing["reply_to"]
    outcome = answer_to(letter_about(asked), mailbox, "I am Ida's friend", to=own)
    assert conversation_of(outcome) == parcel


def test_somebody_else_who_holds_the_address_is_named_as_such(
    asked: SideMessage, mailbox: Inbox
) -> None:
    outcome = answer_to(letter_about(asked), mailbox, "Depot here.", sender="depot@parcels.example")
    answer = SideMessage.objects.get(pk=ref_id(outcome))
    assert answer.trust != "same as before"
    assert "Another address than those that were written to." in answer.trust_reason
    assert [party.address for party in asked.thread.parties.all()] == [CARRIER]


def test_an_answer_is_news_and_wakes_what_rests(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    snooze_conversation(parcel, until=timezone.now() + timedelta(days=3), by=nora)
    answer_to(letter_about(asked), mailbox, "It is in our depot.")
    parcel.refresh_from_db()
    assert (parcel.status, parcel.turn) == ("open", "ours")
    assert parcel.preview == "Swift Parcels answered: It is in our depot."
    thread = threads_of(parcel)[0]
    assert thread.state == SideThread.State.ANSWERED
    assert thread.news_since
    mark_read(thread)
    assert threads_of(parcel)[0].news_since is None


def test_what_is_done_wakes_nobody_and_a_machine_says_nothing_new(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    mail = letter_about(asked)
    answer_to(mail, mailbox, "We are away", auto_submitted="auto-replied")
    thread = SideThread.objects.get()
    assert (thread.state, thread.news_since) == ("awaited", None)
    settle_thread(thread, by=nora)
    resolve_conversation(parcel, by=nora)
    answer_to(mail, mailbox, "Thank you!")
    parcel.refresh_from_db()
    assert parcel.status == "resolved"
    assert SideThread.objects.get().news_since is not None


def test_a_thread_is_done_and_awaited_again(asked: SideMessage, nora: Any) -> None:
    settle_thread(asked.thread, by=nora)
    settle_thread(asked.thread, by=nora)
    reopen_thread(asked.thread, by=nora)
    words = told(asked.thread.conversation)
    assert words[-2:] == [
        "Nora closed what was asked of Swift Parcels",
        "Nora opened again what was asked of Swift Parcels",
    ]


def test_writing_on_answers_in_the_same_thread(
    asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    answer_to(letter_about(asked), mailbox, "Which street?")
    again = write_on(asked.thread, Wish(to=PARTY, text="Lamp Lane 3."), by=nora)
    mail = letter_about(again)
    assert mail["Subject"] == "Re: Parcel 4417"
    assert asked.external_id in mail["References"]
    answer_to(mail, mailbox, "Found it.")
    assert [one.text.strip() for one in asked.thread.messages.order_by("pk")] == [
        "Where is parcel 4417?", "Which street?", "Lamp Lane 3.", "Found it.",
    ]  # fmt: skip


def test_pressed_twice_it_is_said_once(parcel: Conversation, nora: Any) -> None:
    first = ask_the_carrier(parcel, nora, client_key="k")
    assert ask_the_carrier(parcel, nora, client_key="k").pk == first.pk
    with pytest.raises(Refused, match="said already"):
        ask_the_carrier(parcel, nora, client_key="k", text="Other words")
    assert Delivery.objects.count() == 1


def test_ticked_files_are_copied_and_those_of_others_are_not(
    parcel: Conversation, nora: Any, mailbox: Inbox
) -> None:
    def note_with_file(conversation: Conversation, name: str) -> Attachment:
        kept = save_draft(conversation, "", purpose="note", by=nora)
        file = attach_to_draft(kept, name=name, content_type="text/plain", content=name.encode())
        add_note(conversation, "See file", attachments=[file], by=nora)
        return Attachment.objects.get(pk=file.pk)

    mine = note_with_file(parcel, "label.txt")
    other = conversation_of(arrive(mailbox, mail_bytes("Hi", sender="karim@example.com")))
    foreign = note_with_file(other, "secret.txt")
    asked = ask_the_carrier(parcel, nora, files=[mine.pk, foreign.pk])
    assert [one.name for one in SideFile.objects.filter(message=asked)] == ["label.txt"]
    assert Attachment.objects.filter(pk=mine.pk, note__isnull=False).exists()
    names = [part.get_filename() for part in letter_about(asked).walk() if part.get_filename()]
    assert names == ["label.txt"]


@pytest.mark.parametrize("address", ["ida@example.com", "hello@lantern.example"])
def test_the_customer_and_we_ourselves_are_nobody_beside(
    parcel: Conversation, nora: Any, address: str
) -> None:
    with pytest.raises(Refused, match=address):
        ask_the_carrier(parcel, nora, to=[Address(address=address)])
    assert not SideThread.objects.exists()


def test_the_guard_looks_at_what_goes_beside(parcel: Conversation, nora: Any) -> None:
    with pytest.raises(Stopped) as stopped:
        ask_the_carrier(parcel, nora, text="Dear {name}, where is it?")
    assert not stopped.value.is_question
    with pytest.raises(Stopped) as stopped:
        ask_the_carrier(parcel, nora, text="See the attached label.")
    keys = [one.key for one in stopped.value.findings]
    ask_the_carrier(parcel, nora, text="See the attached label.", accepted=keys)
    assert any("sent this beside as it was" in words for words in told(parcel))


@pytest.mark.parametrize("typed", ["", "  ", "nobody", "a@b.example, @", "help@"])
def test_what_is_no_address_is_refused(db: None, typed: str) -> None:
    with pytest.raises(Refused):
        read_recipients(typed)


def test_addresses_are_read_with_their_names(db: None) -> None:
    found = read_recipients("Swift <Help@Parcels.example>; depot@parcels.example")
    assert [(one.name, one.address) for one in found] == [
        ("Swift", "help@parcels.example"), ("", "depot@parcels.example"),
    ]  # fmt: skip


def test_it_goes_along_with_a_join_and_comes_back(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    other = conversation_of(arrive(mailbox, mail_bytes("Hello??", subject="Other")))
    join_conversation(parcel, into=other, by=nora)
    assert [one.pk for one in threads_of(other)] == [asked.thread_id]
    answer_to(letter_about(asked), mailbox, "In the depot.")
    assert SideThread.objects.get().conversation == other
    part_conversation(parcel, by=nora)
    assert [one.pk for one in threads_of(parcel)] == [asked.thread_id]
    assert not threads_of(other)


def test_it_follows_the_message_that_it_was_begun_from(
    parcel: Conversation, mailbox: Inbox, nora: Any
) -> None:
    reply = reply_to(parcel, Reply(text="We look."), by=nora)
    to = Delivery.objects.get(about=reply.ref).outgoing["reply_to"]
    second = Message.objects.get(pk=ref_id(arrive(mailbox, mail_bytes("Also a chair", to=to))))
    stays = ask_the_carrier(parcel, nora, about=parcel.messages.first())
    goes = ask_the_carrier(parcel, nora, about=second, subject="Chair")
    split = split_conversation(second, by=nora)
    assert [one.pk for one in threads_of(split)] == [goes.thread_id]
    assert [one.pk for one in threads_of(parcel)] == [stays.thread_id]


def test_whoever_does_not_see_the_conversation_sees_nothing_beside_it(
    asked: SideMessage, vera: Any, nora: Any
) -> None:
    assert thread_for(nora, asked.thread_id).pk == asked.thread_id
    for gate, pk in ((thread_for, asked.thread_id), (side_message_for, asked.pk)):
        with pytest.raises(Http404):
            gate(vera, pk)


def test_the_same_mail_by_two_ways_is_one_answer(asked: SideMessage, mailbox: Inbox) -> None:
    mail = letter_about(asked)
    first = answer_to(mail, mailbox, "In the depot.", message_id="<1@parcels.example>")
    to = f"{mail['Reply-To']}, other@lantern.example"
    again = arrive(
        mailbox,
        mail_bytes(
            "In the depot.", sender=f"Swift Parcels <{CARRIER}>", to=str(mail["Reply-To"]),
            subject=f"Re: {mail['Subject']}", in_reply_to=str(mail["Message-ID"]),
            message_id="<1@parcels.example>",
        ) ,
        to=[to],
    )  # fmt: skip
    assert again == first
    assert SideMessage.objects.count() == 2


def test_only_the_hashes_of_its_words_are_kept(asked: SideMessage) -> None:
    word = Delivery.objects.get(about=asked.ref).outgoing["reply_to"]
    word = word.partition("+r.")[2].partition("@")[0]
    kept = [value for row in SideKey.objects.values() for value in row.values()]
    assert len(word) == 26
    assert word not in kept


def test_a_role_that_may_not_answer_alone_writes_to_nobody_else(
    parcel: Conversation, nora: Any, olga: Any
) -> None:
    role = save_role(None, name="Trainee", words="", permissions=["answer", "act"], by=olga)
    nora.own_role, nora.granted = role, ["answer", "act"]
    with pytest.raises(Refused, match="somebody’s yes"):
        ask_the_carrier(parcel, nora)
    assert not SideThread.objects.exists()


def test_an_answer_from_beside_makes_nothing_of_spam(
    lamp: Conversation, nora: Any, mailbox: Inbox
) -> None:
    letter = letter_about(ask_the_carrier(lamp, nora))
    mark_as_spam(lamp, by=nora)
    answer_to(letter, mailbox, "It left on Friday.")
    assert SideMessage.objects.filter(direction="incoming").count() == 1
    assert Conversation.objects.get(pk=lamp.pk).status == "spam"


def test_what_was_typed_beside_both_stands_together_after_a_join(
    lamp: Conversation, nora: Any, form: Inbox
) -> None:
    other = conversation_of(write_form(form, "And my loom?", subject="Loom"))
    for one, words in ((lamp, "Where is the lamp?"), (other, "Where is the loom?")):
        keep_side_draft(one, None, {"text": words}, by=nora)
    join_conversation(lamp, into=other, by=nora)
    draft = side_draft_of(other, None, nora)
    assert draft
    assert draft.text == "Where is the loom?\n\nWhere is the lamp?"


def test_an_answer_beside_spam_is_kept_and_does_not_bring_it_back(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    snooze_conversation(parcel, by=nora)
    mark_as_spam(parcel, by=nora)
    answer_to(letter_about(asked), mailbox, "We never heard of it.")
    parcel.refresh_from_db()
    assert parcel.status == "spam"
    assert SideMessage.objects.filter(text__contains="never heard").exists()


def test_what_waits_for_another_waits_no_more_when_an_answer_comes(
    parcel: Conversation, asked: SideMessage, mailbox: Inbox, nora: Any
) -> None:
    other = conversation_of(arrive(mailbox, mail_bytes("Hi", subject="Another matter")))
    snooze_conversation(parcel, after=other, by=nora)
    answer_to(letter_about(asked), mailbox, "It is here.")
    parcel.refresh_from_db()
    assert (parcel.status, parcel.wakes_with) == ("open", None)


def test_the_conversation_rests_until_they_answer(
    parcel: Conversation, mailbox: Inbox, nora: Any
) -> None:
    asked = ask_the_carrier(parcel, nora, rests=True)
    parcel.refresh_from_db()
    assert (parcel.status, parcel.snoozed_until) == ("snoozed", None)
    answer_to(letter_about(asked), mailbox, "It is in our depot.")
    parcel.refresh_from_db()
    assert (parcel.status, parcel.turn) == ("open", "ours")
