from typing import Any

from makegood.conversations.actions import add_note, tag_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.searching import scope_of
from makegood.ledger.followers import catch_up
from makegood.search.queries import Scope, find
from makegood.search.rebuilding import rebuild


def found(agent: Any, typed: str) -> list[str]:
    return [hit.ref for hit in find(typed, scope=scope_of(agent)).hits]


def test_what_is_said_can_be_found_and_by_whom(
    lamp: Conversation, nora: Any, vera: Any, olga: Any
) -> None:
    reply = reply_to(lamp, Reply(text="It left our workshop."), by=nora)
    note = add_note(lamp, "She sounds upset.", by=nora)
    tag_conversation(lamp, ["late"], by=nora)
    catch_up("search")

    first = lamp.messages.order_by("pk")[0]
    assert found(nora, "friday") == found(olga, "friday") == [first.ref]
    assert found(nora, "workshop") == [reply.ref]
    assert found(nora, "upset tag:late") == [note.ref]
    assert found(nora, "from:ida") == found(olga, "tag:late") != []
    assert found(vera, "friday") == found(vera, "upset") == []
    assert find("upset", scope=Scope(numbers=None)).hits == []


def test_a_conversation_is_found_once(lamp: Conversation, nora: Any) -> None:
    reply_to(lamp, Reply(text="The lamp left on Monday."), by=nora)
    catch_up("search")
    assert [hit.about for hit in find("lamp", scope=scope_of(nora)).hits] == [lamp.ref]


def test_rebuilding_gives_what_the_follower_made(lamp: Conversation, nora: Any) -> None:
    add_note(lamp, "She sounds upset.", by=nora)
    tag_conversation(lamp, ["late"], by=nora)
    catch_up("search")
    asked = ("friday", "upset", "tag:late", "from:berg")
    before = [find(typed, scope=scope_of(nora)) for typed in asked]
    rebuild(from_nothing=True)
    assert [find(typed, scope=scope_of(nora)) for typed in asked] == before
    assert all(page.hits for page in before)
