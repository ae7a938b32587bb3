"""The list of keys is whole: what stands on a page stands in it, and what stands in it works."""

import re
from typing import Any

import pytest

from makegood.bulk.actions import act_on_chosen
from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.conversations.models import Conversation
from makegood.desk.tests.asking import signed_in
from makegood.palette.keys import all_keys, groups
from tests.house.source import templates

NAMED = re.compile(r'data-key="([^"]+)"')


@pytest.fixture
def shown(lamp: Conversation, chat: Inbox, olga: Any) -> str:
    """The pages that have keys, one after the other."""
    client = signed_in(olga)
    bulk = act_on_chosen([lamp.pk], {"do": "read", "with": ""}, by=olga)
    pages = ["/inbox/waiting/", f"/inbox/waiting/?did={bulk.pk}", f"/conversations/{lamp.pk}/"]
    said = say(admit(chat, "i" * 43), Said(client_id="a-word-of-a-visitor", text="Hello?"))
    pages += [f"/conversations/{said.conversation_id}/", "/chats/"]
    pages += ["/search/", "/customers/", "/office/", "/me/", f"/bulk/{bulk.pk}/"]
    return "\n".join(client.get(page).content.decode() for page in pages)


def written() -> set[str]:
    """The keys that templates name as they stand."""
    found = {key for path in templates() for key in NAMED.findall(path.read_text())}
    return {key for key in found if "{" not in key}


def test_every_key_on_a_page_is_listed(shown: str) -> None:
    listed = {key.press for key in all_keys()}
    on_pages = set(NAMED.findall(shown)) | written()
    assert len(on_pages) > 20
    assert on_pages - listed == set()


def test_every_listed_control_is_on_a_page(shown: str) -> None:
    controls = {key.press for key in all_keys() if not key.heard_by}
    assert controls - set(NAMED.findall(shown)) - written() == set()


def test_no_key_says_two_things_in_one_place() -> None:
    for group in groups():
        presses = [key.press for key in group.keys]
        assert len(presses) == len(set(presses)), group.title


def test_the_help_shows_every_key(nora: Any) -> None:
    page = signed_in(nora).get("/keys/").content.decode()
    for key in all_keys():
        assert str(key.does) in page.replace("&#39;", "’")
    part = signed_in(nora).get("/keys/", headers={"HX-Request": "true", "HX-Target": "keys-body"})
    assert "<html" not in part.content.decode()
