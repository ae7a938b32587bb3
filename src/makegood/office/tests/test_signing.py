"""A chat's keys: shown once, two at most."""

from django.test import Client

from makegood.channels.models import Inbox
from makegood.chat.keys import keys_of
from makegood.team.models import Agent
from tests.world import proven


def test_a_key_is_shown_once_and_the_former_one_is_ended(
    chat: Inbox, olga: Agent, client: Client
) -> None:
    client.force_login(olga)
    proven(client, olga)
    place = f"/office/inboxes/{chat.pk}/identity/"
    assert "There is no key yet" in client.get(place).content.decode()
    client.post(place)
    page = client.post(place).content.decode()
    chat.refresh_from_db()
    newest, former = (one.reveal() for one in keys_of(chat))
    assert newest in page
    assert former not in page
    assert newest not in client.get(place).content.decode()
    assert client.post(f"{place}end/").status_code == 302
    chat.refresh_from_db()
    assert [one.reveal() for one in keys_of(chat)] == [newest]
