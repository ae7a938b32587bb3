"""Spam leaves every list and count; nobody whom we know is ever put away without a word."""

from typing import Any

import pytest

from makegood.automatic.models import AutomaticMail
from makegood.conversations.actions import (
    assign_conversation,
    reopen_conversation,
    resolve_conversation,
)
from makegood.conversations.finding import VIEWS, Finder, counts, inbox_page
from makegood.conversations.models import Conversation, Message
from makegood.conversations.naming import understand
from makegood.conversations.queries import earlier_conversations
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resting import snooze_conversation
from makegood.conversations.unwanted import goes_to_spam, mark_as_spam, mark_as_wanted
from makegood.kit.errors import Refused
from makegood.ledger.followers import catch_up
from makegood.ledger.models import Event
from makegood.spam.models import SpamSender
from makegood.team.models import Agent
from tests.world import arrive, conversation_of, mail_bytes, write_form


def found(agent: Agent, question: str) -> list[int]:
    return [row.pk for row in Finder(understand(question, agent)).page().rows]


def again(form: Any, words: str = "Buy lamps!", **fields: Any) -> Conversation:
    return conversation_of(write_form(form, words, subject=words, **fields))


def told(kind: str) -> list[dict[str, Any]]:
    return [event.told() for event in Event.objects.filter(kind=kind).order_by("pk")]


def test_spam_leaves_every_list_and_count(lamp: Conversation, nora: Agent) -> None:
    mark_as_spam(lamp, by=nora)
    lists = {name: len(inbox_page(nora, view).rows) for name, view in VIEWS.items()}
    assert {name for name, count in lists.items() if count} == {"spam"}
    assert sum(counts(nora).values()) == 0
    assert [event["before"] for event in told("conversation.spam_marked")] == ["open"]


@pytest.mark.parametrize(
    "question", ["lamp", "customer:Ida", "is:unassigned", "created:<2030-01-01"]
)
def test_spam_is_found_only_where_it_is_asked_for(
    question: str, lamp: Conversation, nora: Agent
) -> None:
    catch_up("search")
    assert found(nora, question) == [lamp.pk]
    mark_as_spam(lamp, by=nora)
    assert found(nora, question) == []
    assert found(nora, f"{question} is:spam") == [lamp.pk]
    assert found(nora, f"{question} -is:spam") == []
    assert found(nora, f"{question} (is:spam OR is:open)") == [lamp.pk]


def test_what_the_sender_writes_later_goes_there_quietly(
    lamp: Conversation, form: Any, nora: Agent
) -> None:
    mark_as_spam(lamp, by=nora)
    later = again(form)
    assert later.status == "spam"
    assert sum(counts(nora).values()) == 0
    assert SpamSender.objects.get().because == lamp.ref


def test_spam_that_is_written_to_again_stays_spam(
    lamp: Conversation, mailbox: Any, nora: Agent
) -> None:
    sent = conversation_of(arrive(mailbox, mail_bytes("Cheap!", message_id="<1@spam.example>")))
    mark_as_spam(sent, by=nora)
    arrive(mailbox, mail_bytes("Cheaper!", in_reply_to="<1@spam.example>"))
    sent.refresh_from_db()
    assert sent.status == "spam"
    assert not told("conversation.reopened")


def test_no_spam_is_acknowledged(mailbox: Any, nora: Agent) -> None:
    mailbox.settings = {**mailbox.settings, "acknowledgement": "We have it."}
    mailbox.save()
    first = conversation_of(arrive(mailbox, mail_bytes("Cheap!")))
    assert AutomaticMail.objects.count() == 1
    mark_as_spam(first, by=nora)
    arrive(mailbox, mail_bytes("Cheaper!", subject="Cheaper"))
    assert AutomaticMail.objects.count() == 1


def test_that_it_is_no_spam_gives_everything_back(
    lamp: Conversation, form: Any, nora: Agent
) -> None:
    since = lamp.turn_since
    mark_as_spam(lamp, by=nora)
    mark_as_wanted(lamp, by=nora)
    lamp.refresh_from_db()
    assert (lamp.status, lamp.turn, lamp.turn_since) == ("open", "ours", since)
    assert again(form).status == "open"
    assert [event["address"] for event in told("spam.sender_cleared")] == ["ida@example.com"]


def test_marked_twice_is_marked_once(lamp: Conversation, nora: Agent) -> None:
    for _time in range(2):
        mark_as_spam(lamp, by=nora)
    for _time in range(2):
        mark_as_wanted(lamp, by=nora)
    assert [len(told(f"conversation.spam_{what}")) for what in ("marked", "unmarked")] == [1, 1]


@pytest.mark.parametrize("how", ["answered", "resolved"])
def test_whom_we_know_is_never_put_away_without_a_word(
    how: str, lamp: Conversation, form: Any, nora: Agent
) -> None:
    if how == "answered":
        reply_to(lamp, Reply(text="It left on Friday."), by=nora)
    else:
        resolve_conversation(lamp, by=nora)
    odd = again(form)
    mark_as_spam(odd, by=nora)
    assert not SpamSender.objects.exists()
    assert again(form, "Where is my loom?").status == "open"


def test_who_wrote_much_spam_before_it_was_marked_is_not_somebody_we_know(
    lamp: Conversation, form: Any, nora: Agent
) -> None:
    again(form, "Buy looms!")
    mark_as_spam(lamp, by=nora)
    assert again(form, "Buy more!").status == "spam"


def test_whom_we_come_to_know_is_heard_though_they_were_marked(
    lamp: Conversation, form: Any, nora: Agent
) -> None:
    good = again(form, "Where is my chair?")
    mark_as_spam(lamp, by=nora)
    reply_to(good, Reply(text="It left on Friday."), by=nora)
    assert SpamSender.objects.filter(lifted_at=None).exists()
    assert again(form, "Thank you!").status == "open"


def test_another_sender_is_heard(lamp: Conversation, form: Any, nora: Agent) -> None:
    mark_as_spam(lamp, by=nora)
    assert again(form, email="karim@example.com", name="Karim").status == "open"


def test_spam_is_not_answered_settled_or_put_aside(lamp: Conversation, nora: Agent) -> None:
    mark_as_spam(lamp, by=nora)
    for act in (
        lambda: reply_to(lamp, Reply(text="Yes?"), by=nora),
        lambda: resolve_conversation(lamp, by=nora),
        lambda: reopen_conversation(lamp, by=nora),
        lambda: snooze_conversation(lamp, by=nora),
    ):
        with pytest.raises(Refused, match="marked as spam"):
            act()
    assign_conversation(lamp, agent=nora, team=None, by=nora)
    lamp.refresh_from_db()
    assert (lamp.status, lamp.assignee) == ("spam", nora)


def test_spam_is_no_earlier_conversation(lamp: Conversation, form: Any, nora: Agent) -> None:
    other = again(form)
    assert earlier_conversations(other, nora) == [lamp]
    mark_as_spam(lamp, by=nora)
    assert earlier_conversations(other, nora) == []


def mails(mailbox: Any, words: str, trust: str) -> Conversation:
    """A mail in Ida's name, as well proven as it says."""
    conversation = conversation_of(arrive(mailbox, mail_bytes(words, subject=words)))
    Message.objects.filter(conversation=conversation).update(trust=trust)
    return conversation


def test_who_writes_in_anothers_name_does_not_silence_them(mailbox: Any, nora: Agent) -> None:
    forged = mails(mailbox, "Buy lamps!", "suspicious")
    mark_as_spam(forged, by=nora)
    ida = forged.participants.get().handle
    assert goes_to_spam(ida, "suspicious")
    assert not goes_to_spam(ida, "unverified")
    assert not goes_to_spam(ida, "verified")
    mark_as_spam(mails(mailbox, "Buy more!", "verified"), by=nora)
    assert goes_to_spam(ida, "verified")
