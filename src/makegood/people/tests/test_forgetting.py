import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Arrival, Delivery
from makegood.channels.queries import raw_bytes
from makegood.conversations.actions import add_note, tag_conversation
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.customers.actions import (
    Details,
    change_details,
    fill_customer_fields,
    note_consent,
    note_on_customer,
    tag_customer,
)
from makegood.customers.blocking import block_customer, unblock
from makegood.customers.merging import merge_customers
from makegood.fields.actions import Wish, save_field
from makegood.files import storage
from makegood.files.actions import keep_file
from makegood.files.leaving import let_go, sweep
from makegood.files.models import File
from makegood.kit.errors import Refused
from makegood.ledger.followers import catch_up
from makegood.ledger.verifying import verify_ledger
from makegood.people.copying import ask_for_copy, make_next_copy, path_of
from makegood.people.forgetting import forget_customer, what_goes
from makegood.people.models import Copy
from makegood.promises.actions import Word, make_promise, move_promise, withdraw_promise
from makegood.search.queries import Scope, find
from tests.world import arrive, conversation_of, mail_bytes

CANARIES = ("zanzibar", "canaryname", "canary@example.com", "other.canary@work.example", "quetzal")
"""Words that only Cana's things hold: after forgetting none is anywhere."""


@pytest.fixture
def told(mailbox: Any, nora: Any, olga: Any) -> Conversation:
    """Everything that can be held of one person, each with a word to look for."""
    sender = "Canaryname <canary@example.com>"
    words = {"sender": sender, "subject": "zanzibar subject"}
    conversation = conversation_of(arrive(mailbox, mail_bytes("zanzibar text", **words)))
    twin = "Canaryname Too <other.canary@work.example>"
    other = conversation_of(arrive(mailbox, mail_bytes("zanzibar again", sender=twin)))
    customer = conversation.customer
    draft = save_draft(conversation, "Dear canaryname", purpose="reply", by=nora)
    parts: Any = {"name": "zanzibar.txt", "content_type": "text/plain", "content": b"quetzal"}
    file = attach_to_draft(draft, **parts)
    reply_to(conversation, Reply(text="Dear Canaryname, zanzibar.", attachments=[file]), by=nora)
    save_draft(conversation, "More to canaryname", purpose="reply", by=nora)
    add_note(conversation, "zanzibar note", by=nora)
    due = timezone.now() + timedelta(days=1)
    once, twice = (Word(words=f"zanzibar {said}", due_at=due) for said in ("once", "twice"))
    given = make_promise(conversation, once, by=nora)
    taken_back = make_promise(conversation, twice, by=nora)
    move_promise(given, due_at=due + timedelta(days=1), reason="quetzal", by=nora)
    withdraw_promise(taken_back, reason="zanzibar rang", by=nora)
    tag_conversation(conversation, ["late"], by=nora)
    save_field(None, Wish(name="Nickname"), by=olga)
    fill_customer_fields(customer, {"nickname": "quetzal"}, role="agent", by=nora)
    change_details(customer, Details(name="Canaryname Bird", language="de"), by=nora)
    tag_customer(customer, ["quetzal"], by=nora)
    note_on_customer(customer, "zanzibar about her", by=nora)
    note_consent(customer, "news", is_given=True, how="zanzibar call", by=nora)
    unblock(block_customer(customer, reason="zanzibar", by=nora), by=nora)
    merge_customers(customer, other.customer, reason="zanzibar", by=nora)
    catch_up("search")
    catch_up("seal")
    return conversation


def everything_stored() -> str:
    """Every row of every table, as text: the words of the index among them."""
    said = []
    for model in apps.get_models():
        for row in model._default_manager.values():
            said.append(" ".join(_as_text(value) for value in row.values()))
    return "\n".join(said).lower()


def _as_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return json.dumps(value, default=str, ensure_ascii=False)


def test_nothing_that_a_person_said_is_left(told, tomas):
    before = everything_stored()
    assert [word for word in CANARIES if word not in before] == []
    (sha256,) = set(File.objects.values_list("sha256", flat=True))
    forget_customer(told.customer, by=tomas)
    sweep()
    catch_up("search")
    after = everything_stored()
    assert [word for word in CANARIES if word in after] == []
    assert not storage.has(sha256)
    assert find("zanzibar", scope=Scope(numbers=None, sees_internal=True)).hits == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM search_indexed")
        assert cursor.fetchone()[0] == 0


def test_what_is_counted_stays_and_the_seals_hold(told, tomas):
    counts = [model.objects.count() for model in (Conversation, Message, Arrival)]
    catch_up("seal")
    sealed = verify_ledger().sealed
    gone = forget_customer(told.customer, by=tomas)
    catch_up("seal")
    found = verify_ledger()
    assert found.trouble == ""
    assert found.sealed > sealed
    assert found.forgotten > 10
    assert (gone.conversations, gone.messages) == (2, 3)
    assert counts == [model.objects.count() for model in (Conversation, Message, Arrival)]
    assert Delivery.objects.get().state == "cancelled", "what waits to leave is taken back"


def test_other_people_keep_what_is_theirs(told, lamp, tomas, nora):
    kept = attach(lamp, nora, b"quetzal")
    forget_customer(told.customer, by=tomas)
    sweep()
    lamp.refresh_from_db()
    assert lamp.messages.first().text.startswith("Where is my lamp?")
    assert storage.has(kept.file.sha256), "the same file hangs on somebody else's letter"


def attach(lamp: Conversation, nora: Any, content: bytes) -> Any:
    draft = save_draft(lamp, "Dear", purpose="reply", by=nora)
    return attach_to_draft(draft, name="a.txt", content_type="text/plain", content=content)


def test_whoever_writes_again_is_somebody_new(told, tomas, mailbox):
    forget_customer(told.customer, by=tomas)
    fresh = conversation_of(arrive(mailbox, mail_bytes("Hi", sender="canary@example.com")))
    assert fresh.customer_id != told.customer_id


def test_only_leads_and_owners_forget_and_only_once(told, nora, tomas):
    with pytest.raises(Refused, match="Only leads"):
        forget_customer(told.customer, by=nora)
    assert what_goes(told.customer).messages == 3
    forget_customer(told.customer, by=tomas)
    with pytest.raises(Refused, match="forgotten"):
        forget_customer(told.customer, by=tomas)


def test_bytes_that_somebody_stores_again_stay(db):
    file = keep_file(b"twice")
    let_go([file.pk])
    again = keep_file(b"twice")
    sweep()
    assert storage.has(again.sha256)
    assert storage.load(again.sha256) == b"twice"


def test_a_copy_holds_everything_and_nothing_leads_out_of_it(told, tomas):
    copy = ask_for_copy(told.customer, by=tomas)
    assert ask_for_copy(told.customer, by=tomas) == copy, "asked twice, it is made once"
    assert make_next_copy() == 1
    copy.refresh_from_db()
    assert copy.state == "ready"
    with zipfile.ZipFile(io.BytesIO(path_of(copy).read_bytes())) as archive:
        names = archive.namelist()
        held = json.loads(archive.read("data.json"))
        page = archive.read("read-me.html").decode()
    for word in (
        "zanzibar text",
        "zanzibar note",
        "zanzibar about her",
        "quetzal",
        "zanzibar call",
    ):
        assert word in json.dumps(held), word
        assert word in page, word
    assert any(name.endswith("zanzibar.txt") for name in names)
    assert any(name.startswith("as-it-came/") for name in names)
    assert not [name for name in names if name.startswith("/") or ".." in name]
    assert "<script" not in page


def test_a_copy_is_gone_after_its_day_and_when_the_person_is_forgotten(
    told, tomas, django_capture_on_commit_callbacks
):
    copy = ask_for_copy(told.customer, by=tomas)
    make_next_copy()
    Copy.objects.update(expires_at=timezone.now())
    make_next_copy()
    assert not path_of(copy).exists()
    again = ask_for_copy(told.customer, by=tomas)
    make_next_copy()
    assert path_of(again).exists()
    with django_capture_on_commit_callbacks(execute=True):
        forget_customer(told.customer, by=tomas)
    assert not path_of(again).exists()
    assert set(Copy.objects.values_list("state", flat=True)) == {"gone"}


def test_whose_mail_still_waits_loses_nothing_when_another_is_forgotten(
    told: Conversation, mailbox: Any, olga: Any
) -> None:
    raws = [
        mail_bytes("Where is it?", sender="a.canary@example.com"),
        mail_bytes("Where is mine?", sender="canary@example.com.au"),
        mail_bytes("canary@example.com recommends you.", sender="ida@example.com"),
        mail_bytes("Mine.", sender="Canaryname <Canary@Example.com>", subject="Waiting"),
    ]
    take_in([RawArrival(inbox_id=mailbox.pk, raw=raw, origin="smtp") for raw in raws])
    forget_customer(told.customer, by=olga)
    waiting = Arrival.objects.filter(taken_at=None).order_by("pk")
    assert [raw_bytes(one) for one in waiting] == raws[:3]
