"""A new chat calls who is at work, and a visitor calls whose chat it is; with sound if wished."""

from collections.abc import Callable

import pytest
from django.test import Client

from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.conversations.actions import assign_conversation
from makegood.conversations.models import Conversation
from makegood.ledger.followers import catch_up
from makegood.notices.kinds import USUAL
from makegood.notices.models import Notice, Wishes
from makegood.presence.actions import Spot, beat
from makegood.team.models import Agent
from tests.world import HOUSE

Writes = Callable[..., Conversation]


@pytest.fixture
def writes(chat: Inbox) -> Writes:
    def write(words: str = "Hello?", turn: int = 1) -> Conversation:
        said = Said(client_id=f"word-{turn}-of-somebody", text=words)
        return say(admit(chat, "i" * 43), said).conversation

    return write


def told(kind: str) -> list[int]:
    catch_up("notices")
    return list(Notice.objects.filter(kind=kind).values_list("agent", flat=True))


def heard(agent: Agent, after: int = 0) -> dict[str, object]:
    client = Client()
    client.force_login(agent)
    answer: dict[str, object] = client.get(f"/notices/sounding/?after={after}").json()
    return answer


def wishes_sound(agent: Agent, *kinds: str) -> None:
    ways = {kind: [*sorted(USUAL[kind]), "sound"] for kind in kinds}
    Wishes.objects.create(agent=agent, ways=ways)


def test_a_new_chat_calls_who_is_at_the_desk_and_may_answer(
    writes: Writes, nora: Agent, tomas: Agent, vera: Agent
) -> None:
    for agent in (nora, vera):
        beat("a-page", Spot(), by=agent)
    writes()
    assert told("chat_waits") == [nora.pk]


def test_a_chat_that_somebody_has_already_calls_nobody_else(
    writes: Writes, nora: Agent, tomas: Agent
) -> None:
    beat("a-page", Spot(), by=nora)
    assign_conversation(writes(), agent=tomas, team=None, by=HOUSE)
    assert told("chat_waits") == []


def test_what_a_visitor_writes_calls_whose_chat_it_is(writes: Writes, nora: Agent) -> None:
    assign_conversation(writes(), agent=nora, team=None, by=HOUSE)
    catch_up("notices")
    Notice.objects.all().delete()
    writes("Is somebody there?", turn=2)
    assert told("chat_said") == [nora.pk]
    assert not Notice.objects.filter(kind="answer").exists()


def test_nothing_sounds_where_nobody_asked_for_it(writes: Writes, nora: Agent) -> None:
    beat("a-page", Spot(), by=nora)
    writes()
    catch_up("notices")
    assert heard(nora) == {"is_on": False}


def test_a_sound_is_heard_once_and_only_by_who_wishes_it(
    writes: Writes, nora: Agent, tomas: Agent
) -> None:
    wishes_sound(nora, "chat_waits")
    for agent in (nora, tomas):
        beat("a-page", Spot(), by=agent)
    conversation = writes()
    catch_up("notices")
    notice = Notice.objects.get(agent=nora)
    assert heard(nora) == {"is_on": True, "newest": notice.pk, "at": [conversation.pk]}
    assert heard(nora, notice.pk) == {"is_on": True, "newest": 0, "at": []}
    assert heard(tomas) == {"is_on": False}


def test_a_sound_alone_stands_on_no_page(writes: Writes, nora: Agent) -> None:
    Wishes.objects.create(agent=nora, ways={"chat_waits": ["sound"]})
    beat("a-page", Spot(), by=nora)
    writes()
    catch_up("notices")
    assert not Notice.objects.get(agent=nora).is_shown
    assert heard(nora)["newest"]
