"""The ways in which an answer leaves, as the pages offer them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Delivery
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.queries import drafts_of
from makegood.conversations.tokens import make_token
from makegood.desk.sending_forms import later_times, tomorrow
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.sending.models import Prepared
from makegood.sending.rules import set_whose_answers_wait
from makegood.team.models import Agent
from tests.world import write_form

WORDS = "It left on Friday."


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)


def place(lamp: Conversation, what: str) -> str:
    return f"/conversations/{lamp.pk}/{what}/"


def post(client: Client, where: str, *, expect: int = 200, **data: Any) -> str:
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True).first()
    answer = client.post(where, {"seen": newest, **data}, headers=HTMX)
    assert answer.status_code == expect
    return answer.content.decode()


def status(lamp: Conversation) -> str:
    return Conversation.objects.get(pk=lamp.pk).status


def write_again(lamp: Conversation) -> None:
    token = make_token(lamp, lamp.participants.get().handle, Token.Purpose.LINK)
    write_form(lamp.inbox, "I found it!", token=token)


def test_sent_and_taken_back_the_words_stand_in_the_composer(
    lamp: Conversation, as_nora: Client
) -> None:
    shown = post(as_nora, place(lamp, "messages"), text=WORDS, then="resolve")
    message = Message.objects.get(direction="outgoing")
    assert '<undo-bar class="undo" seconds=' in shown
    assert status(lamp) == "resolved"
    shown = post(as_nora, place(lamp, "undo"), message=message.pk)
    assert f">{WORDS}</textarea>" in shown
    assert f'<gone-part of="message-{message.pk}">' in shown
    assert status(lamp) == "open"


def test_others_see_it_go_again(lamp: Conversation, as_nora: Client, tomas: Agent) -> None:
    post(as_nora, place(lamp, "messages"), text=WORDS)
    message = Message.objects.get(direction="outgoing")
    post(as_nora, place(lamp, "undo"), message=message.pk)
    marks = {"message": message.pk, "note": 0, "event": 0}
    told = signed_in(tomas).get(place(lamp, "news"), marks, headers=HTMX).content.decode()
    assert f'<gone-part of="message-{message.pk}">' in told


def test_too_late_says_so_and_keeps_what_was_sent(lamp: Conversation, as_nora: Client) -> None:
    post(as_nora, place(lamp, "messages"), text=WORDS)
    Delivery.objects.update(state="sending")
    message = Message.objects.get(direction="outgoing")
    assert "has left already" in post(as_nora, place(lamp, "undo"), message=message.pk)
    assert Message.objects.filter(pk=message.pk).exists()


@pytest.mark.parametrize(
    ("then", "after"), [("stay", "open"), ("resolve", "resolved"), ("snooze", "snoozed")]
)
def test_the_send_button_does_what_the_agent_chose(
    lamp: Conversation, as_nora: Client, then: str, after: str
) -> None:
    as_nora.post("/me/sending/", {"then": then})
    assert (
        f'name="then" value="{then}"' in as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    )
    post(as_nora, place(lamp, "messages"), text=WORDS)
    assert status(lamp) == after


def test_put_off_it_stands_above_the_composer_and_can_leave_now(
    lamp: Conversation, as_nora: Client, tomas: Agent
) -> None:
    due = tomorrow(timezone.now()).isoformat()
    post(as_nora, place(lamp, "prepared"), text=WORDS, put=f"later@{due}")
    answer = Prepared.objects.get()
    theirs = signed_in(tomas).get(f"/conversations/{lamp.pk}/").content.decode()
    assert "The answer of Nora leaves" in theirs
    assert WORDS in as_nora.get("/answers/").content.decode()
    assert "an answer leaves later" in as_nora.get("/inbox/open/").content.decode()
    as_nora.post(f"/answers/{answer.pk}/leaving/", {"seen": lamp.last_message, "revision": 1})
    assert Message.objects.get(direction="outgoing").text == WORDS


def test_a_typed_time_counts_and_a_past_one_keeps_the_words(
    lamp: Conversation, as_nora: Client
) -> None:
    local = timezone.localtime() + timedelta(days=2)
    typed = local.strftime("%Y-%m-%dT%H:%M")
    past = "2020-01-01T09:00"
    shown = post(as_nora, place(lamp, "prepared"), text=WORDS, put="later", due_at=past, expect=422)
    assert "That time has passed" in shown
    assert f">{WORDS}</textarea>" in shown
    post(as_nora, place(lamp, "prepared"), text=WORDS, put="later", due_at=typed)
    due = Prepared.objects.get().due_at
    assert due
    assert timezone.localtime(due).strftime("%Y-%m-%dT%H:%M") == typed


def test_something_newer_is_shown_and_one_key_puts_it_off_anyway(
    lamp: Conversation, as_nora: Client
) -> None:
    write_again(lamp)
    due = tomorrow(timezone.now()).isoformat()
    wanted = {"text": WORDS, "put": f"later@{due}", "seen": lamp.last_message}
    shown = post(as_nora, place(lamp, "prepared"), expect=422, **wanted)
    assert "I found it!" in shown
    again = f'data-key="!" title="!" name="put" value="later@{due}"'.replace("+", "&#43;")
    assert again in shown.replace("+", "&#43;")
    assert f'formaction="{place(lamp, "prepared")}"' in shown


def test_stopped_the_writer_is_told_and_has_the_words(
    lamp: Conversation, as_nora: Client, tomas: Agent
) -> None:
    due = tomorrow(timezone.now()).isoformat()
    post(as_nora, place(lamp, "prepared"), text=WORDS, put=f"later@{due}")
    write_again(lamp)
    shown = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert "Ida Berg wrote first." in shown
    assert f">{WORDS}</textarea>" in shown
    theirs = signed_in(tomas).get(f"/conversations/{lamp.pk}/").content.decode()
    assert "did not leave" not in theirs
    as_nora.post(f"/answers/{Prepared.objects.get().pk}/return/")
    assert "did not leave" not in as_nora.get(f"/conversations/{lamp.pk}/").content.decode()


def test_two_edit_one_draft_and_both_see_all_words(
    lamp: Conversation, as_nora: Client, tomas: Agent
) -> None:
    post(as_nora, place(lamp, "prepared"), text=WORDS, put="shared")
    where = f"/answers/{Prepared.objects.get().pk}/"
    as_tomas = signed_in(tomas)
    assert 'name="revision" value="1"' in as_tomas.get(where).content.decode()
    assert as_tomas.post(where, {"text": "It left on Monday.", "revision": 1}).status_code == 302
    answer = as_nora.post(where, {"text": "It left at noon.", "revision": 1})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "It left on Monday.</textarea>" in shown
    assert "It left at noon.</textarea>" in shown


def test_a_reviewed_agent_asks_and_a_lead_decides(
    lamp: Conversation, nora: Agent, as_nora: Client, tomas: Agent, olga: Agent
) -> None:
    set_whose_answers_wait([nora], [], by=olga)
    assert "Ask for approval" in as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    post(as_nora, place(lamp, "messages"), text=WORDS, client_key="k")
    assert not Delivery.objects.exists()
    as_tomas = signed_in(tomas)
    assert "waits for approval" in as_tomas.get("/answers/").content.decode()
    assert 'id="count-answers">1<' in as_tomas.get("/inbox/open/").content.decode()
    answer = Prepared.objects.get()
    as_tomas.post(f"/answers/{answer.pk}/return/", {"note": "Say sorry."})
    assert "Say sorry." in as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert drafts_of(lamp, nora)["reply"].text == WORDS
    post(as_nora, place(lamp, "messages"), text=f"Sorry. {WORDS}", client_key="l")
    answer = Prepared.objects.get(state="asking")
    as_tomas.post(f"/answers/{answer.pk}/leaving/", {"seen": lamp.last_message, "revision": 1})
    assert Message.objects.get(direction="outgoing").author_name == "Nora"


def test_what_is_typed_meanwhile_is_kept_below_what_comes_back(
    lamp: Conversation, nora: Agent, as_nora: Client
) -> None:
    post(as_nora, place(lamp, "messages"), text=WORDS)
    message = Message.objects.get(direction="outgoing")
    post(as_nora, place(lamp, "undo"), message=message.pk, text="And", client_key="fresh")
    assert drafts_of(lamp, nora)["reply"].text == f"{WORDS}\n\nAnd"


def test_mornings_are_by_the_wall_and_in_order() -> None:
    times = [at for _words, at in later_times(timezone.now())]
    assert times == sorted(times)
    mornings = [timezone.localtime(at) for at in times if at >= tomorrow(timezone.now())]
    assert {at.hour for at in mornings} == {9}
    assert mornings[-1].weekday() == 0


@pytest.fixture
def reviewed(nora: Agent, olga: Agent) -> None:
    set_whose_answers_wait([nora], [], by=olga)


def leaves(client: Client, answer: Prepared, lamp: Conversation, **said: Any) -> int:
    """Press the button that lets it leave; how many answers were said then."""
    client.post(f"/answers/{answer.pk}/leaving/", {"seen": lamp.last_message, **said})
    return Message.objects.filter(direction="outgoing").count()


@pytest.mark.usefixtures("reviewed")
def test_a_yes_is_said_to_the_words_that_were_read(
    lamp: Conversation, as_nora: Client, tomas: Agent
) -> None:
    post(as_nora, place(lamp, "messages"), text=WORDS, client_key="k")
    answer, as_tomas = Prepared.objects.get(), signed_in(tomas)
    read = as_tomas.get("/answers/").content.decode()
    assert '<input type="hidden" name="revision" value="1">' in read
    as_nora.post(f"/answers/{answer.pk}/", {"text": "You are a fool.", "revision": 1})
    assert leaves(as_tomas, answer, lamp, revision=1) == 0
    assert leaves(as_tomas, answer, lamp) == 0
    assert leaves(as_tomas, answer, lamp, revision=2) == 1


@pytest.mark.usefixtures("reviewed")
def test_a_lead_reads_all_of_what_waits_for_a_yes(
    lamp: Conversation, as_nora: Client, tomas: Agent
) -> None:
    words = f"{'It left. ' * 200}You are a fool."
    post(as_nora, place(lamp, "messages"), text=words, client_key="k")
    assert "You are a fool." in signed_in(tomas).get("/answers/").content.decode()


@pytest.mark.usefixtures("reviewed")
def test_no_preview_writes_over_what_got_its_yes(lamp: Conversation, as_nora: Client) -> None:
    due = tomorrow(timezone.now()).isoformat()
    post(as_nora, place(lamp, "prepared"), text=WORDS, put=f"later@{due}")
    answer = Prepared.objects.get()
    where = place(lamp, "drafts/held/preview")
    assert as_nora.post(where, {"text": "You are a fool."}).status_code == 404
    answer.refresh_from_db()
    assert answer.draft
    assert answer.draft.text == WORDS


def test_an_odd_time_loses_no_word(lamp: Conversation, as_nora: Client) -> None:
    due = tomorrow(timezone.now()).isoformat()
    post(as_nora, place(lamp, "prepared"), text=WORDS, put=f"later@{due}")
    where = f"/answers/{Prepared.objects.get().pk}/"
    answer = as_nora.post(
        where, {"text": "Other words.", "revision": 1, "due_at": "2026-02-30T10:00"}
    )
    assert answer.status_code == 422
    assert ">Other words.</textarea>" in answer.content.decode()


@pytest.mark.parametrize("when", ["2026-12-24T10:00", "2026-02-30T10:00Z", "some day", ""])
def test_a_moment_that_is_none_is_refused_in_words(
    lamp: Conversation, as_nora: Client, when: str
) -> None:
    post(as_nora, place(lamp, "prepared"), expect=422, text=WORDS, put=f"later@{when}")
    assert not Prepared.objects.exists()
    post(as_nora, place(lamp, "messages"), text=WORDS, then=f"snooze@{when}", client_key="k")
    assert status(lamp) in ("snoozed", "open")
