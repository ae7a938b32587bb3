"""What is removed stands nowhere any more, and that it stood there is proved."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from makegood.beside.models import SideMessage
from makegood.beside.tests.shop import answer_to, ask_the_carrier, letter_about
from makegood.channels.actions import settle_delivery
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.channels.queries import raw_bytes
from makegood.conversations.actions import add_note, assign_conversation
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Attachment, Conversation, Message, Note
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.searching import scope_of
from makegood.customers.actions import note_on_customer
from makegood.files import storage
from makegood.files.leaving import sweep
from makegood.files.models import File
from makegood.kit.errors import Refused
from makegood.ledger.followers import catch_up
from makegood.ledger.models import Event
from makegood.ledger.verifying import verify_ledger
from makegood.notices.digest import send_due_digests
from makegood.notices.models import Notice
from makegood.notices.wishes import Wanted, change_wishes
from makegood.people.copying import ask_for_copy, make_next_copy, path_of
from makegood.people.forgetting import forget_customer
from makegood.promises.actions import Word, make_promise, move_promise, withdraw_promise
from makegood.redaction.actions import Wish, foresee, redact, stood_there
from makegood.redaction.models import Redaction
from makegood.rolls.actions import match_columns, read_roll
from makegood.rolls.working import work_off
from makegood.search.cleaning import merge_some
from makegood.search.queries import find
from tests.world import EARLIER, arrive, conversation_of, mail_bytes

SECRET = "Hunter-Zwei 4417"
WRITTEN = ("hunter-zwei 4417", "hunter-zwei", "hunterzwei", "zwei 4417")
"""No letter of it may be left, in whatever way it was written."""


@pytest.fixture
def matter(mailbox: Inbox) -> Conversation:
    """Ida wrote her password, in a mail with a page beside its text."""
    raw = mail_bytes(f"My password is {SECRET}, thank you.", subject=f"About {SECRET}")
    return conversation_of(arrive(mailbox, raw))


@pytest.fixture
def everywhere(matter: Conversation, mailbox: Inbox, nora: Any, tomas: Any) -> Conversation:
    """The words stand in every place that the desk has."""
    Message.objects.filter(conversation=matter).update(
        html=f'<p>My password is <b>Hunter-</b>Zwei&nbsp;<i title="{SECRET}">4417</i></p>'
    )
    kept = save_draft(matter, f"Not {SECRET}", purpose="note", by=nora)
    part: Any = {"content_type": "text/plain", "content": f"see {SECRET}".encode()}
    file = attach_to_draft(kept, name=f"{SECRET}.txt", **part)
    add_note(matter, f"She told us: {SECRET}", attachments=[file], by=nora)
    reply = reply_to(matter, Reply(text=f"You wrote {SECRET}. Change it."), by=nora)
    to = Delivery.objects.get(about=reply.ref).outgoing["reply_to"]
    quoted = "Done.\n\nOn Monday Nora wrote:\n> You wrote Hunter-Zwei\n> 4417. Change it."
    arrive(mailbox, mail_bytes(quoted, to=to))
    asked = ask_the_carrier(matter, nora, text=f"Is {SECRET} yours?", subject=f"On {SECRET}")
    answer_to(letter_about(asked), mailbox, f"No: {SECRET} is not.")
    save_draft(matter, f"Once more {SECRET}", purpose="reply", by=nora)
    note_on_customer(matter.customer, f"Uses {SECRET}", by=nora)
    promise_about(matter, nora)
    ask_for_copy(matter.customer, by=tomas)
    make_next_copy()
    for follower in ("search", "beside-search", "seal"):
        catch_up(follower)
    return matter


def promise_about(matter: Conversation, by: Any) -> None:
    """Words that are given, moved and taken back; and what a rule kept of what it did."""
    due = timezone.now() + timedelta(days=1)
    words = [Word(words=f"{said}: {SECRET}", due_at=due) for said in ("Once", "Twice")]
    given, taken_back = (make_promise(matter, one, by=by) for one in words)
    move_promise(given, due_at=due + timedelta(days=1), reason=f"for {SECRET}", by=by)
    withdraw_promise(taken_back, reason=f"no {SECRET}", by=by)


def stored() -> str:
    """Every row of every table and every content on the disk, as text."""
    rows = [row for model in apps.get_models() for row in model._default_manager.values()]
    texts = [
        bytes(value).decode("utf-8", "replace")
        if isinstance(value, bytes | memoryview)
        else json.dumps(value, default=str, ensure_ascii=False)
        for row in rows
        for value in row.values()
    ]
    texts += [storage.load(one.sha256).decode("utf-8", "replace") for one in File.objects.all()]
    return "\n".join(texts).lower()


def left() -> list[str]:
    plain = stored().replace("\\n> ", " ").replace("=\n", "")
    return [words for words in WRITTEN if words in plain]


def gone(matter: Conversation, by: Any, words: str = SECRET) -> Redaction:
    return redact(matter, Wish(words=words, reason="a password"), by=by)


def test_no_word_is_left_anywhere(
    everywhere: Conversation, tomas: Any, django_capture_on_commit_callbacks: Any
) -> None:
    copy = everywhere.customer.copies.get()
    assert WRITTEN[0] in stored(), "else this proves nothing"
    assert path_of(copy).exists()
    assert find("hunter", scope=scope_of(tomas)).hits
    with django_capture_on_commit_callbacks(execute=True):
        gone(everywhere, tomas)
    sweep()
    for follower in ("search", "beside-search", "seal"):
        catch_up(follower)
    assert left() == []
    assert not path_of(copy).exists()
    assert find("hunter", scope=scope_of(tomas)).hits == []
    assert find("password", scope=scope_of(tomas)).hits, "what stood beside is still found"


def test_the_ledger_still_fits_and_holds_the_proof(everywhere: Conversation, tomas: Any) -> None:
    redaction = gone(everywhere, tomas)
    catch_up("seal")
    found = verify_ledger()
    assert found.trouble == ""
    assert found.forgotten > 0
    event = Event.objects.get(kind="message.redacted")
    assert event.facts["commitment"] == redaction.commitment
    assert event.sentence() == "Tomas removed something for good: a password"
    assert stood_there(redaction, SECRET)
    assert stood_there(redaction, "hunter zwei 4417")
    assert not stood_there(redaction, "Hunter-Zwei 4418")


def test_what_is_around_it_stays_and_bears_the_mark(everywhere: Conversation, tomas: Any) -> None:
    gone(everywhere, tomas)
    first, reply, again = Message.objects.order_by("pk")
    assert first.text.startswith("My password is [removed by Tomas on ")
    assert first.text.strip().endswith(": a password], thank you.")
    assert first.html.startswith("<p>My password is <b>[removed by Tomas on ")
    assert "4417" not in first.html
    assert reply.text.endswith("Change it.")
    assert "[removed by Tomas" in again.quoted or "[removed by Tomas" in again.text
    assert "[removed by Tomas" in Note.objects.get().text
    assert all("[removed by" in one.text for one in SideMessage.objects.all())
    everywhere.refresh_from_db()
    assert everywhere.subject.startswith("About [removed by Tomas")
    assert not Attachment.objects.exists(), "a text that holds it goes as a whole"
    raw = raw_bytes(Arrival.objects.order_by("pk")[0])
    assert b"ida@example.com" in raw
    assert b"password is" not in raw


def test_what_others_wrote_stays(everywhere: Conversation, lamp: Conversation, tomas: Any) -> None:
    karim = Message.objects.create(
        conversation=lamp, inbox=lamp.inbox, direction="incoming", at=lamp.opened_at, text=SECRET
    )
    lamp.customer = type(lamp.customer).objects.create(
        name="Karim", first_seen_at=lamp.opened_at, last_seen_at=lamp.opened_at
    )
    lamp.save(update_fields=["customer"])
    gone(everywhere, tomas)
    karim.refresh_from_db()
    assert karim.text == SECRET


def test_it_is_foreseen_where_it_stands(everywhere: Conversation, nora: Any) -> None:
    counts = foresee(everywhere, Wish(words=SECRET, reason="a password")).counts
    assert counts["message"] == 3
    assert counts["note"] == 1
    assert counts["draft"] == 1
    assert counts["sidemessage"] == 2
    assert counts["arrival"] == 3
    assert counts["delivery"] == 2
    assert counts["file"] == 1
    assert SECRET in Message.objects.order_by("pk")[0].text


def test_who_may_and_what_is_no_reason(matter: Conversation, nora: Any, tomas: Any) -> None:
    with pytest.raises(Refused, match="Only leads"):
        gone(matter, nora)
    with pytest.raises(Refused, match="nowhere"):
        gone(matter, tomas, "never said")
    with pytest.raises(Refused, match="at least"):
        gone(matter, tomas, "!!")
    with pytest.raises(Refused, match="in other words"):
        redact(matter, Wish(words=SECRET, reason=f"password {SECRET}"), by=tomas)
    with pytest.raises(Refused, match="Write why"):
        redact(matter, Wish(words=SECRET, reason=" "), by=tomas)
    assert not Redaction.objects.exists()


def test_a_redacted_answer_may_still_leave_without_it(everywhere: Conversation, tomas: Any) -> None:
    gone(everywhere, tomas)
    for delivery in Delivery.objects.all():
        assert SECRET not in json.dumps(delivery.outgoing)
        assert "[removed by Tomas" in delivery.outgoing["text"]


@pytest.mark.sqlite
def test_the_index_drops_the_words_from_its_own_files(everywhere: Conversation, tomas: Any) -> None:
    def pages() -> bytes:
        """The index as it lies on the disk. A word lacks there what the one before begins with."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM search_words_data")
            return b"".join(bytes(row[0]) for row in cursor.fetchall())

    with connection.cursor() as cursor:
        # On a large desk most parts are not merged for a long time.
        for setting in ("automerge", "deletemerge", "crisismerge"):
            cursor.execute(
                "INSERT INTO search_words(search_words, rank) VALUES (%s, %s)",
                [setting, 1000 if setting == "crisismerge" else 0],
            )
    assert b"unter" in pages()
    gone(everywhere, tomas)
    assert b"unter" in pages(), "taken out, and still there: this is why parts are merged"
    while merge_some():
        pass
    assert b"unter" not in pages()
    assert b"ssword" in pages()


def test_its_reason_is_forgotten_with_the_person(everywhere: Conversation, tomas: Any) -> None:
    redaction = gone(everywhere, tomas)
    forget_customer(everywhere.customer, by=tomas)
    redaction.refresh_from_db()
    assert redaction.reason == ""
    assert verify_ledger().trouble == ""


def test_nothing_is_left_of_it_in_what_agents_were_told_by_mail(
    matter: Conversation, nora: Any, tomas: Any
) -> None:
    change_wishes(Wanted(ways={"assigned": ["mail"], "answer": ["mail"]}, follows=["assigned"],
                         digest="hourly", shows_words=True), by=nora)  # fmt: skip
    assign_conversation(matter, agent=nora, team=None, by=tomas)
    raw = mail_bytes(f"Again: {SECRET}", subject="More")
    join_conversation(conversation_of(arrive(matter.inbox, raw)), into=matter, by=tomas)
    catch_up("notices")
    Notice.objects.update(at=EARLIER)
    assert send_due_digests() == 1
    digest = Delivery.objects.get(about=nora.ref)
    assert SECRET in str(digest.outgoing)
    redact(matter, Wish(words=SECRET, reason="A password"), by=tomas)
    digest.refresh_from_db()
    assert SECRET not in str(digest.outgoing)
    settle_delivery(digest, state="sent", fence=digest.fence)
    digest.refresh_from_db()
    assert digest.outgoing["text"] == ""


def test_nothing_is_left_of_it_in_a_file_that_brought_the_person(
    matter: Conversation, olga: Any, tomas: Any
) -> None:
    file = f"email,name,note\nida@example.com,Ida,Uses {SECRET}\n"
    roll = read_roll("customers", "people.csv", file.encode(), by=olga)
    match_columns(roll, roll.matched, by=olga)
    work_off(roll.pk)
    assert SECRET in str(roll.lines.get().cells)
    redact(matter, Wish(words=SECRET, reason="A password"), by=tomas)
    assert SECRET not in str(roll.lines.get().cells)
