"""What stands beside is found by agents, handed over with the person, and forgotten with them."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps

from makegood.beside.models import SideMessage, SideThread
from makegood.beside.tests.shop import CARRIER, answer_to, ask_the_carrier, letter_about
from makegood.channels.models import Inbox
from makegood.conversations.actions import add_note
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.searching import scope_of
from makegood.files.leaving import sweep
from makegood.ledger.followers import catch_up
from makegood.ledger.verifying import verify_ledger
from makegood.people.forgetting import forget_customer
from makegood.people.packing import pack
from makegood.search.queries import Scope, find
from makegood.search.rebuilding import rebuild
from tests.world import arrive, conversation_of, mail_bytes

WORD = "quetzalcoatl"


@pytest.fixture
def parcel(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?", subject="My lamp")))


@pytest.fixture
def answered(parcel: Conversation, mailbox: Inbox, nora: Any) -> SideMessage:
    kept = save_draft(parcel, "", purpose="note", by=nora)
    raw = f"{WORD} label".encode()
    file = attach_to_draft(kept, name=f"{WORD}.txt", content_type="text/plain", content=raw)
    add_note(parcel, "See", attachments=[file], by=nora)
    asked = ask_the_carrier(parcel, nora, text=f"Is it at {WORD} street?", files=[file.pk])
    answer_to(letter_about(asked), mailbox, f"Yes, {WORD} it is.")
    catch_up("beside-search")
    return asked


def stored() -> str:
    """Every row of every table, as text."""
    rows = [row for model in apps.get_models() for row in model._default_manager.values()]
    texts = [
        bytes(value).decode("utf-8", "replace")
        if isinstance(value, bytes | memoryview)
        else json.dumps(value, default=str)
        for row in rows
        for value in row.values()
    ]
    return "\n".join(texts).lower()


def found(typed: str, agent: Any) -> list[str]:
    return [hit.ref for hit in find(typed, scope=scope_of(agent)).hits]


def test_agents_find_it_in_its_conversation(
    parcel: Conversation, answered: SideMessage, mailbox: Inbox, nora: Any, vera: Any
) -> None:
    assert found("street", nora) == [answered.ref]
    assert found("street", vera) == []
    assert find("street", scope=Scope(numbers=None)).hits == []
    other = conversation_of(arrive(mailbox, mail_bytes("Hello??", subject="Other")))
    join_conversation(parcel, into=other, by=nora)
    catch_up("beside-search")
    assert [hit.about for hit in find("street", scope=scope_of(nora)).hits] == [other.ref]
    rebuild(from_nothing=True)
    assert found("street", nora) == [answered.ref]


def test_it_is_forgotten_with_the_person(
    parcel: Conversation, answered: SideMessage, tomas: Any
) -> None:
    catch_up("seal")
    before = stored()
    assert WORD in before
    assert CARRIER in before
    forget_customer(parcel.customer, by=tomas)
    sweep()
    catch_up("seal")
    after = stored()
    assert WORD not in after
    assert CARRIER not in after
    assert verify_ledger().trouble == ""
    assert (SideThread.objects.count(), SideMessage.objects.count()) == (1, 2)
    assert find(WORD, scope=Scope(numbers=None, sees_internal=True)).hits == []


def test_who_was_asked_beside_is_forgotten_there_too(
    parcel: Conversation, answered: SideMessage, mailbox: Inbox, tomas: Any
) -> None:
    carrier = conversation_of(arrive(mailbox, mail_bytes("A question", sender=CARRIER)))
    forget_customer(carrier.customer, by=tomas)
    sent, came = SideMessage.objects.order_by("pk")
    assert WORD in sent.text, "what we asked is Ida's matter"
    assert (came.text, came.address, sent.to) == ("", "", [])
    assert parcel.messages.get().text.startswith("Where is it?")


def test_it_is_in_the_persons_copy(parcel: Conversation, answered: SideMessage, tomas: Any) -> None:
    target = io.BytesIO()
    pack(parcel.customer, tomas, target)
    with zipfile.ZipFile(target) as archive:
        held = json.loads(archive.read("data.json"))
        page = archive.read("read-me.html").decode()
        names = archive.namelist()
    beside = held["conversations"][0]["beside"]
    assert [one["text"].strip() for one in beside[0]["messages"]] == [
        f"Is it at {WORD} street?", f"Yes, {WORD} it is.",
    ]  # fmt: skip
    assert any(name.startswith("files-beside/") for name in names)
    assert f"Yes, {WORD} it is." in page
