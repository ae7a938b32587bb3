"""Who is here, what is followed and what one is told, through the pages."""

import json
from typing import Any

import pytest
from django.test import Client

from makegood.conversations.actions import add_note, assign_conversation, mark_seen
from makegood.conversations.listing import rows_for
from makegood.conversations.models import Conversation, Note
from makegood.ledger.followers import catch_up
from makegood.ledger.models import Event
from makegood.notices.following import follows
from makegood.notices.models import Notice, Wishes
from makegood.notices.queries import unread_count
from makegood.team.models import Agent, Team


def client_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def beats(client: Client, at: Any = "", doing: str = "looking", page: str = "p") -> Any:
    return client.post("/presence/", {"page": page, "at": at, "doing": doing})


def test_a_heartbeat_says_who_else_is_here(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    beats(client_of(tomas), lamp.pk, "answer")
    answer = beats(client_of(nora), lamp.pk)
    who = [[tomas.pk, "Tomas", "T", "answer"], [nora.pk, "Nora", "N", "looking"]]
    assert sorted(answer.json()["who"][str(lamp.pk)]) == sorted(who)
    assert not Event.objects.filter(by=nora.ref).exists(), "no trace in the ledger"


def test_who_may_not_see_a_conversation_is_not_there_and_hears_of_nobody(
    lamp: Conversation, nora: Agent, vera: Agent
) -> None:
    beats(client_of(nora), lamp.pk)
    assert beats(client_of(vera), lamp.pk).status_code == 404
    assert beats(client_of(vera)).json() == {"who": {}}


def test_a_closed_page_is_gone_at_once(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    client = client_of(nora)
    beats(client, lamp.pk)
    assert beats(client, lamp.pk, "gone").status_code == 204
    assert beats(client_of(tomas)).json() == {"who": {}}


@pytest.mark.parametrize("wrong", [{"page": ""}, {"page": "p", "doing": "sleeping"}])
def test_a_heartbeat_that_says_nothing_sensible_is_refused(nora: Agent, wrong: Any) -> None:
    assert client_of(nora).post("/presence/", wrong).status_code == 422


def test_a_heartbeat_is_cheap(
    lamp: Conversation, nora: Agent, tomas: Agent, django_assert_max_num_queries: Any
) -> None:
    client = client_of(nora)
    beats(client_of(tomas), lamp.pk)
    beats(client, lamp.pk)
    beats(client, page="list")
    with django_assert_max_num_queries(7):
        beats(client, lamp.pk)
    with django_assert_max_num_queries(5):
        beats(client, page="list")


def test_the_menu_says_who_is_online(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    beats(client_of(tomas))
    page = client_of(nora).get(f"/conversations/{lamp.pk}/assignment/").content.decode()
    assert "nearness--online" in page


def test_following_is_one_press_and_another_ends_it(lamp: Conversation, nora: Agent) -> None:
    client = client_of(nora)
    client.post(f"/conversations/{lamp.pk}/following/", {"follow": "yes"})
    assert follows(nora, lamp)
    head = client.get(f"/conversations/{lamp.pk}/").content.decode()
    assert 'aria-pressed="true"' in head
    client.post(f"/conversations/{lamp.pk}/following/", {"follow": "no"})
    assert not follows(nora, lamp)


def test_a_mention_of_who_cannot_see_it_keeps_the_words_and_says_who(
    lamp: Conversation, nora: Agent, vera: Agent
) -> None:
    words = {"text": "Look at this, @Vera!", "client_key": "k"}
    answer = client_of(nora).post(f"/conversations/{lamp.pk}/notes/", words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Vera may not see this conversation" in page
    assert "Look at this, @Vera!" in page
    assert not Note.objects.exists()


def test_the_page_of_notices_groups_them_and_the_bell_counts(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    client = client_of(nora)
    assert "Nothing concerns you just now" in client.get("/notices/").content.decode()
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    add_note(lamp, "@Nora: the <b>courier</b> lost it.", by=tomas)
    catch_up("notices")
    page = client.get("/notices/").content.decode()
    assert page.count('class="notice notice--unread"') == 1
    assert "Tomas gave this to you" in page
    assert "Tomas mentioned you" in page
    assert "the &lt;b&gt;courier&lt;/b&gt; lost it." in page
    assert ">2<" in client.get("/notices/count/").content.decode()
    client.post(f"/conversations/{lamp.pk}/seen/")
    assert client.get("/notices/count/").content.decode().strip() == ""


def test_notices_are_marked_read_by_matter_and_altogether(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    catch_up("notices")
    (notice,) = Notice.objects.filter(agent=nora)
    client_of(tomas).post("/notices/reading/", {"notices": str(notice.pk)})
    assert unread_count(nora) == 1
    client_of(nora).post("/notices/reading/", {"notices": f"{notice.pk} nonsense -1"})
    assert unread_count(nora) == 0
    add_note(lamp, "And @Nora?", by=tomas)
    catch_up("notices")
    client_of(nora).post("/notices/reading/", {"until": Notice.objects.latest("pk").pk})
    assert unread_count(nora) == 0


def test_the_field_of_a_note_offers_only_who_sees_it(
    lamp: Conversation, nora: Agent, tomas: Agent, vera: Agent, back: Team
) -> None:
    found = client_of(nora).get(f"/conversations/{lamp.pk}/mentions/?q=").json()["choices"]
    assert [one["name"] for one in found] == ["Tomas", "Front"]
    assert json.dumps(found).find("Vera") < 0


def test_an_agent_says_what_they_want_to_hear_of(nora: Agent) -> None:
    client = client_of(nora)
    said = {"ways_mention": ["page"], "follows": ["assigned"], "digest": "daily"}
    hours = {"quiet_from": "20:00", "quiet_to": ""}
    assert client.post("/me/notices/", said | hours).status_code == 422
    hours["quiet_to"] = "07:30"
    assert client.post("/me/notices/", said | hours).status_code == 302
    wishes = Wishes.objects.get(agent=nora)
    assert wishes.ways_of("mention") == {"page"}
    assert wishes.ways_of("assigned") == set()
    assert (wishes.follows_assigned, wishes.follows_answered) == (True, False)
    page = client.get("/me/notices/").content.decode()
    assert 'value="20:00"' in page
    assert "07:30" in page


def test_unread_again_shows_in_the_row_and_only_for_who_said_so(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    for agent in (nora, tomas):
        mark_seen(lamp, lamp.last_message, by=agent)
    client_of(nora).post(f"/conversations/{lamp.pk}/unread/")
    assert [row.is_unread for row in rows_for(nora, [lamp.pk])] == [True]
    assert [row.is_unread for row in rows_for(tomas, [lamp.pk])] == [False]


def test_the_worker_of_pushes_is_a_script_at_the_root(nora: Agent) -> None:
    answer = client_of(nora).get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in answer.content
    assert b"&#" not in answer.content
