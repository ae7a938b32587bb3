"""Nobody settles over words that they have not seen: alone, in a macro, for many, on the page."""

from typing import Any

import pytest
from django.test import Client

from makegood.bulk.actions import begin_bulk, try_on_matching
from makegood.bulk.working import work_off
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.replying import Reply, reply_to
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.ledger.actors import System
from makegood.macros.actions import MacroWish, save_macro
from makegood.macros.running import Consent, run_macro
from tests.world import arrive, mail_bytes

WORDS = "Wait, it came broken!"


@pytest.fixture
def seen(lamp: Conversation, tomas: Any) -> int:
    """The newest message of a page that was opened before Ida wrote again."""
    return int(reply_to(lamp, Reply(text="It left on Friday."), by=tomas).pk)


def write_again(mailbox: Any, seen: int, **headers: str) -> None:
    answered = Conversation.objects.get(last_message=seen).messages.get(pk=seen)
    arrive(mailbox, mail_bytes(WORDS, in_reply_to=answered.external_id, **headers))


def status(lamp: Conversation) -> str:
    return Conversation.objects.get(pk=lamp.pk).status


def test_what_is_newer_than_the_page_is_read_first(
    lamp: Conversation, seen: int, mailbox: Any, nora: Any
) -> None:
    write_again(mailbox, seen)
    with pytest.raises(SomethingNewer) as refused:
        resolve_conversation(lamp, seen=seen, by=nora)

    assert [one.text for one in refused.value.unseen] == [WORDS]
    assert status(lamp) == "open"


def test_whoever_has_seen_it_all_resolves(lamp: Conversation, seen: int, nora: Any) -> None:
    resolve_conversation(lamp, seen=seen, by=nora)

    assert status(lamp) == "resolved"


def test_neither_a_machine_nor_oneself_is_overlooked(
    lamp: Conversation, seen: int, mailbox: Any, nora: Any
) -> None:
    write_again(mailbox, seen, auto_submitted="auto-replied")
    reply_to(lamp, Reply(text="And one thing more."), by=nora)
    resolve_conversation(lamp, seen=seen, by=nora)

    assert status(lamp) == "resolved"


def test_what_no_agent_does_is_not_asked(lamp: Conversation, seen: int, mailbox: Any) -> None:
    write_again(mailbox, seen)
    resolve_conversation(lamp, by=System("cleaning"))

    assert status(lamp) == "resolved"


def test_a_macro_that_resolves_does_nothing_then(
    lamp: Conversation, seen: int, mailbox: Any, olga: Any, nora: Any
) -> None:
    wish = MacroWish(name="Settle", acts=(("tag", "done"), ("resolve", "")))
    macro = save_macro(None, wish, by=olga)
    write_again(mailbox, seen)
    with pytest.raises(SomethingNewer):
        run_macro(macro, lamp, consent=Consent(seen=seen), by=nora)

    assert (status(lamp), lamp.tags.count()) == ("open", 0)


def test_of_many_those_stay_open_whose_customer_wrote_meanwhile(
    lamp: Conversation, seen: int, mailbox: Any, nora: Any
) -> None:
    source = {"q": "is:open"}
    bulk = try_on_matching(source, {"do": "resolve", "with": ""}, by=nora)
    work_off(bulk.pk)
    write_again(mailbox, seen)
    bulk.refresh_from_db()
    begin_bulk(bulk, by=nora)
    work_off(bulk.pk)

    bulk.refresh_from_db()
    assert (bulk.acted, bulk.refused) == (0, 1)
    assert bulk.items.get().reason == "The customer wrote after this was asked for. Read it first."
    assert status(lamp) == "open"


@pytest.mark.parametrize(("what", "said"), [("resolution", {}), ("acts", {"do": "resolve"})])
def test_the_page_shows_the_words_and_asks_once(
    lamp: Conversation, seen: int, mailbox: Any, nora: Any, what: str, said: dict[str, str]
) -> None:
    client, address = signed_in(nora), f"/conversations/{lamp.pk}/{what}/"
    write_again(mailbox, seen)
    asked = client.post(address, {"seen": seen, **said}, headers=HTMX).content.decode()
    newest = Conversation.objects.get(pk=lamp.pk).last_message
    before = status(lamp)
    client.post(address, {"seen": newest, **said}, headers=HTMX)

    assert (before, status(lamp)) == ("open", "resolved")
    assert WORDS in asked
    assert f'name="seen" value="{newest}"' in asked
    assert "Resolve anyway" in asked


def test_without_script_a_page_of_its_own_asks(
    lamp: Conversation, seen: int, mailbox: Any, nora: Any
) -> None:
    write_again(mailbox, seen)
    answer = signed_in(nora).post(f"/conversations/{lamp.pk}/resolution/", {"seen": seen})

    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert status(lamp) == "open"


@pytest.mark.parametrize("said", ["", "-1", "x", "9" * 40])
def test_a_page_that_does_not_say_what_it_showed_showed_nothing(
    lamp: Conversation, nora: Any, said: str
) -> None:
    client: Client = signed_in(nora)
    client.post(f"/conversations/{lamp.pk}/resolution/", {"seen": said})

    assert status(lamp) == "open"
