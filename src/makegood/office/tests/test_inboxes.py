from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.automatic.models import Valve
from makegood.automatic.queries import stopped_inboxes
from makegood.channels.actions import note_inbox_trouble
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.conversations.replying import Reply, reply_to
from makegood.office.tests.asking import at_most, told
from makegood.team.models import Agent, Team

FACE = {"name": "Shop", "sender_name": "Lantern & Loom", "language": "de"}
NEW = "/office/inboxes/new/mailbox/?address=shop@gmail.com"


def test_every_way_in_stands_in_the_list(as_olga: Client, mailbox: Inbox, form: Inbox) -> None:
    with at_most(12):
        page = as_olga.get("/office/inboxes/").text
    assert mailbox.address in page
    assert "A form on your page" in page


def test_trouble_is_said_in_the_servers_own_words(as_olga: Client, mailbox: Inbox) -> None:
    note_inbox_trouble(mailbox, "NO [AUTHENTICATIONFAILED] <b>Invalid</b> credentials")
    for place in ("", "inboxes/", f"inboxes/{mailbox.pk}/"):
        page = as_olga.get(f"/office/{place}").text
        assert "AUTHENTICATIONFAILED" in page
        assert "<b>Invalid" not in page


def test_connecting_begins_with_an_address(as_olga: Client) -> None:
    assert "Nothing in your mailbox is changed" in as_olga.get("/office/inboxes/new/").text
    assert as_olga.get("/office/inboxes/new/mailbox/?address=nonsense").status_code == 422
    page = as_olga.get(NEW).text
    assert "shop@gmail.com" in page
    assert "imap.gmail.com" in page
    assert "app password" in page


def test_a_rest_is_a_rest(as_olga: Client, mailbox: Inbox) -> None:
    as_olga.post(f"/office/inboxes/{mailbox.pk}/rest/")
    mailbox.refresh_from_db()
    assert mailbox.state == Inbox.State.PAUSED
    assert "nothing is taken in" in as_olga.get(f"/office/inboxes/{mailbox.pk}/").text
    as_olga.post(f"/office/inboxes/{mailbox.pk}/rest/undo/")
    mailbox.refresh_from_db()
    assert mailbox.state == Inbox.State.ACTIVE
    assert told(mailbox)[-1] == "Olga changed the inbox Hello"


def test_an_inbox_gets_another_face(as_olga: Client, mailbox: Inbox, back: Team) -> None:
    before = mailbox.settings
    place = f"/office/inboxes/{mailbox.pk}/"
    assert as_olga.post(place, {**FACE, "teams": [back.pk]}).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.language, [*mailbox.teams.all()]) == ("Shop", "de", [back])
    assert mailbox.settings == before
    assert "hunter2" in mailbox.secrets().reveal()
    assert as_olga.post(place, {**FACE, "name": ""}).status_code == 422


def test_a_form_is_made_for_a_mailbox(as_olga: Client, mailbox: Inbox, front: Team) -> None:
    made = as_olga.post(
        "/office/inboxes/new/form/", {**FACE, "mail_inbox": mailbox.pk, "teams": [front.pk]}
    )
    form = Inbox.objects.get(kind="web")
    assert made["Location"] == f"/office/inboxes/{form.pk}/"
    assert form.mail_inbox == mailbox
    assert told(form) == ["Olga connected the inbox Shop"]
    place = f"/office/inboxes/{form.pk}/"
    assert f"/write/{form.public_id}/embedded/" in as_olga.get(place).text
    wrong = {**FACE, "mail_inbox": mailbox.pk, "embedded_in": "javascript:alert(1)"}
    assert as_olga.post(place, wrong).status_code == 422
    right = {**wrong, "embedded_in": "https://shop.lantern.example\n"}
    assert as_olga.post(place, right).status_code == 302
    form.refresh_from_db()
    assert form.settings["embedded_in"] == ["https://shop.lantern.example"]
    framed = as_olga.get(f"/write/{form.public_id}/embedded/")
    assert "frame-ancestors https://shop.lantern.example" in framed["Content-Security-Policy"]
    assert as_olga.get(f"/office/inboxes/{form.pk}/servers/").status_code == 404


def test_no_page_shows_a_password(as_olga: Client, mailbox: Inbox) -> None:
    for place in ("", "servers/", "name/"):
        assert "hunter2" not in as_olga.get(f"/office/inboxes/{mailbox.pk}/{place}").text


@pytest.fixture
def stuck(mailbox: Inbox) -> Arrival:
    """Something that came in and could not be taken in."""
    return Arrival.objects.create(
        inbox=mailbox, external_id="1", origin="smtp", raw=b"<script>alert(1)</script>",
        size=25, arrived_at="2026-03-02T09:00:00Z", attempts=5, trouble="ValueError: odd",
        envelope={"from": "<i>ida@example.com"},
    )  # fmt: skip


def test_what_could_not_be_taken_in_is_shown_kept_and_read_again(
    as_olga: Client, stuck: Arrival
) -> None:
    page = as_olga.get("/office/arrivals/").text
    assert "ValueError: odd" in page
    assert "<i>ida" not in page
    assert as_olga.post(f"/office/arrivals/{stuck.pk}/reading/").status_code == 302
    stuck.refresh_from_db()
    assert stuck.attempts == 0
    assert told(stuck) == ["Olga had something that came in read again"]


def test_the_bytes_as_they_came_are_saved_and_never_shown(as_olga: Client, stuck: Arrival) -> None:
    answer = as_olga.get(f"/office/arrivals/{stuck.pk}/raw/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_what_did_not_leave_is_sent_again(as_olga: Client, lamp: Any, nora: Agent) -> None:
    reply_to(lamp, Reply(text="On its way."), by=nora)
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="failed", trouble="550 No such mailbox")
    with at_most(12):
        page = as_olga.get("/office/deliveries/").text
    assert "550 No such mailbox" in page
    assert as_olga.post(f"/office/deliveries/{delivery.pk}/sending/").status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.QUEUED
    assert "Everything got there" in as_olga.get("/office/deliveries/").text


def test_the_overview_says_what_needs_somebody(as_olga: Client, stuck: Arrival) -> None:
    with at_most(14):
        page = as_olga.get("/office/").text
    assert "could not be taken in" in page


@pytest.mark.parametrize("who", ["nora", "tomas", "vera"])
def test_nobody_else_touches_them(who: str, request: Any, mailbox: Inbox, stuck: Arrival) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    for place in (f"inboxes/{mailbox.pk}/rest/", f"arrivals/{stuck.pk}/reading/"):
        assert client.post(f"/office/{place}").status_code == 404
    assert client.get(f"/office/arrivals/{stuck.pk}/raw/").status_code == 404
    mailbox.refresh_from_db()
    stuck.refresh_from_db()
    assert (mailbox.state, stuck.attempts) == ("active", 5)


def test_a_mailbox_opens_forwards_where_its_owner_says_so(as_olga: Client, mailbox: Inbox) -> None:
    face = {"name": "Hello", "language": "en", "opens_forwards": "on"}
    as_olga.post(f"/office/inboxes/{mailbox.pk}/", face)
    mailbox.refresh_from_db()
    assert mailbox.settings["opens_forwards"] is True
    assert mailbox.settings["smtp"]["host"] == "127.0.0.1", "what was not asked for stays"


def test_a_mailbox_may_answer_by_itself(as_olga: Client, mailbox: Inbox) -> None:
    said = {**FACE, "acknowledgement": "We have it, and answer within a day."}
    as_olga.post(f"/office/inboxes/{mailbox.pk}/", said)
    mailbox.refresh_from_db()
    assert mailbox.settings["acknowledgement"] == "We have it, and answer within a day."
    said["acknowledgement"] = "Dear {name}, we have it."
    page = as_olga.post(f"/office/inboxes/{mailbox.pk}/", said)
    assert page.status_code == 422
    assert "A blank was not filled in:" in page.text


def test_an_inbox_that_was_stopped_goes_on_after_a_look(as_olga: Client, mailbox: Inbox) -> None:
    Valve.objects.create(inbox=mailbox, closed_at=timezone.now(), closed_because="Too much")
    for place in ("/office/", "/inbox/waiting/"):
        assert "writes nothing by itself any more" in as_olga.get(place).text
    assert "Too much" in as_olga.get(f"/office/inboxes/{mailbox.pk}/").text
    as_olga.post(f"/office/inboxes/{mailbox.pk}/machines/")
    assert not stopped_inboxes()
    assert "Too much" not in as_olga.get(f"/office/inboxes/{mailbox.pk}/").text
