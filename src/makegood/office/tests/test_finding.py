"""Any setting by a few letters, in two languages, and nothing that one may not open."""

import pytest
from django.test import Client
from django.utils import translation

from makegood.channels.models import Inbox
from makegood.ledger.models import Event
from makegood.office.finding import PAGES, settings
from makegood.sending.rules import needs_approval
from makegood.tags.actions import save_tag
from makegood.team.gates import leads_somewhere
from makegood.team.models import Agent, OwnRole


def titles(agent: Agent, words: str) -> list[tuple[str, str]]:
    return [(one.title, one.where) for one in settings(agent, words)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("signa", ("Signature", "Inboxes")),
        ("undo", ("Undo", "Inboxes")),
        ("perm", ("Roles", "")),
        ("four eyes", ("Approval", "")),
        ("hello", ("Hello", "Inbox")),
        ("nora", ("Nora", "Agent")),
        ("late", ("late", "Tag")),
    ],
)
def test_it_is_found_by_its_name_another_word_or_what_a_form_asks(
    words: str, found: tuple[str, str], olga: Agent, nora: Agent, mailbox: Inbox
) -> None:
    save_tag(None, name="late", by=olga)
    assert found in titles(olga, words)


def test_german_finds_it_and_so_does_the_english_word(olga: Agent) -> None:
    with translation.override("de"):
        assert ("Rollen", "") in titles(olga, "rollen")
        assert ("Rollen", "") in titles(olga, "roles")


def test_who_may_little_finds_only_that(olga: Agent, nora: Agent, mailbox: Inbox) -> None:
    role = OwnRole.objects.create(name="Fields", permissions=["office.fields"])
    nora.own_role, nora.granted = role, ["office.fields"]
    nora.save(update_fields=["own_role", "granted"])
    assert titles(nora, "fields") == [("Fields", "")]
    for words in ("hello", "olga", "signature", "roles", "history"):
        assert titles(nora, words) == []


def test_every_page_opens_to_an_owner(olga: Agent) -> None:
    assert all(leads_somewhere(olga, one.address) for one in PAGES)


def test_the_office_answers_with_a_part_or_with_the_page(olga: Agent) -> None:
    client = Client()
    client.force_login(olga)
    part = client.get("/office/?q=undo", headers={"HX-Request": "true", "HX-Target": "found"})
    assert b"<h1>" not in part.content
    assert b"/office/inboxes/" in part.content
    assert b"<h1>" in client.get("/office/?q=undo").content
    assert b"No setting is called so" in client.get("/office/?q=zebra").content


def test_what_changed_in_an_inbox_is_told_with_before_and_after(
    olga: Agent, mailbox: Inbox
) -> None:
    client = Client()
    client.force_login(olga)
    form = {"name": "Hello", "language": "de", "undo_seconds": "60", "signature": "Warmly"}
    client.post(f"/office/inboxes/{mailbox.pk}/", form)
    facts = Event.objects.filter(kind="inbox.changed").latest("pk").facts
    assert (facts["before"]["language"], facts["after"]["language"]) == ("en", "de")
    assert facts["after"]["undo_seconds"] == "60"
    assert "hunter2" not in str(facts)
    count = Event.objects.count()
    client.post(f"/office/inboxes/{mailbox.pk}/", form)
    assert Event.objects.count() == count


def test_whose_answers_wait_is_chosen_in_the_office(olga: Agent, nora: Agent) -> None:
    client = Client()
    client.force_login(olga)
    client.post("/office/approval/", {"agents": [nora.pk]})
    assert needs_approval(nora, 0)
    assert b"checked" in client.get("/office/approval/").content
    client.post("/office/approval/", {})
    assert not needs_approval(nora, 0)
