"""Connecting a mailbox step by step, tried on servers that answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from makegood.channels.email.tests.sink import Sink, running
from makegood.channels.models import Inbox
from makegood.office.tests.asking import told
from makegood.office.tests.imap_server import ImapServer, answering
from makegood.team.models import Team

NEW = "/office/inboxes/new/mailbox/?address=shop@gmail.com"
READING = {"CAPABILITY", "LOGIN", "EXAMINE", "LOGOUT"}
FACE = {"name": "Shop", "sender_name": "Lantern & Loom", "language": "en"}


@pytest.fixture
def smtp() -> Iterator[Sink]:
    with running(Sink(offers=["AUTH PLAIN"])) as sink:
        yield sink


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    with answering(ImapServer()) as server:
        yield server


def typed(smtp: Sink, imap: ImapServer | None = None, **more: Any) -> dict[str, Any]:
    form = {"login": "shop@gmail.com", "auth": "password", "secret": "hunter3"}
    for kind, server in (("smtp", smtp), ("imap", imap)):
        if server is not None:
            form |= {f"{kind}_host": "127.0.0.1", f"{kind}_security": "none"}
            form[f"{kind}_port"] = str(server.port)
    return {**form, **more}


def test_a_mailbox_is_connected_step_by_step(
    as_olga: Client, smtp: Sink, imap: ImapServer, front: Team
) -> None:
    tried = as_olga.post(NEW, typed(smtp, imap))
    inbox = Inbox.objects.get()
    assert tried["Location"] == f"/office/inboxes/{inbox.pk}/name/"
    assert inbox.state == Inbox.State.PAUSED, "nothing comes in before it has a name"
    assert "\0shop@gmail.com\0hunter3" in smtp.signed_in_with()
    assert smtp.mails == []
    assert {line.split()[0] for line in imap.heard} <= READING, "it is only looked at"

    place = f"/office/inboxes/{inbox.pk}/name/"
    assert as_olga.post(place, {"name": ""}).status_code == 422
    assert as_olga.post(place, {**FACE, "teams": [front.pk]}).status_code == 302
    inbox.refresh_from_db()
    assert (inbox.name, inbox.state, [*inbox.teams.all()]) == ("Shop", "active", [front])
    assert inbox.settings["imap"]["port"] == imap.port
    assert "hunter3" in inbox.secrets().reveal()
    assert "hunter3" not in str(inbox.settings)
    assert told(inbox)[0] == "Olga connected the inbox shop@gmail.com"


def test_what_the_servers_say_is_shown_as_they_said_it(
    as_olga: Client, smtp: Sink, imap: ImapServer
) -> None:
    smtp.answers["AUTH"] = "535 5.7.8 Username and Password <b>not</b> accepted"
    imap.refuses = "[AUTHENTICATIONFAILED] Invalid credentials"
    tried = as_olga.post(NEW, typed(smtp, imap))
    assert tried.status_code == 422
    assert "535 5.7.8 Username and Password &lt;b&gt;not&lt;/b&gt; accepted" in tried.text
    assert "[AUTHENTICATIONFAILED] Invalid credentials" in tried.text
    assert "hunter3" not in tried.text
    assert not Inbox.objects.exists()


def test_an_owner_may_go_on_although_it_does_not_work(
    as_olga: Client, smtp: Sink, imap: ImapServer
) -> None:
    imap.refuses = "[UNAVAILABLE] Come back later"
    form = typed(smtp, imap, anyway="on")
    assert as_olga.post(NEW, form).status_code == 302
    assert Inbox.objects.get().state == Inbox.State.PAUSED


def test_a_server_that_does_not_answer_is_said(as_olga: Client, smtp: Sink) -> None:
    nobody = ImapServer(port=1)
    tried = as_olga.post(NEW, typed(smtp, nobody))
    assert tried.status_code == 422
    assert "Connection refused" in tried.text


def test_an_address_is_connected_once(
    as_olga: Client, smtp: Sink, imap: ImapServer, mailbox: Inbox
) -> None:
    place = f"/office/inboxes/new/mailbox/?address={mailbox.address}"
    again = as_olga.post(place, typed(smtp, imap))
    assert again.status_code == 422
    assert "Another inbox already has this address" in again.text


def test_forwarded_mail_needs_only_a_way_out(as_olga: Client, smtp: Sink, settings: Any) -> None:
    place = "/office/inboxes/new/forwarding/"
    assert settings.SMTP_LISTEN in as_olga.get(place).text
    form = typed(
        smtp, address="shop@lantern.example", aliases="a@lantern.example\nb@lantern.example",
        reply_domain="replies.lantern.example",
    )  # fmt: skip
    assert as_olga.post(place, form).status_code == 302
    inbox = Inbox.objects.get()
    assert "imap" not in inbox.settings
    assert inbox.settings["aliases"] == ["a@lantern.example", "b@lantern.example"]
    assert inbox.settings["reply_domain"] == "replies.lantern.example"
    assert as_olga.get(f"/office/inboxes/{inbox.pk}/servers/").status_code == 200
    assert as_olga.post(f"/office/inboxes/{inbox.pk}/servers/", form).status_code == 302


def test_a_password_left_empty_stays(
    as_olga: Client, smtp: Sink, imap: ImapServer, mailbox: Inbox
) -> None:
    place = f"/office/inboxes/{mailbox.pk}/servers/"
    assert as_olga.post(place, typed(smtp, secret="")).status_code == 302
    mailbox.refresh_from_db()
    assert mailbox.settings["smtp"]["port"] == smtp.port
    assert "hunter2" in mailbox.secrets().reveal()
    assert smtp.signed_in_with() == ["\0shop@gmail.com\0hunter2"]


def test_servers_that_do_not_work_change_nothing(
    as_olga: Client, smtp: Sink, mailbox: Inbox
) -> None:
    smtp.answers["AUTH"] = "535 5.7.8 No"
    before = mailbox.settings
    answer = as_olga.post(f"/office/inboxes/{mailbox.pk}/servers/", typed(smtp))
    assert answer.status_code == 422
    mailbox.refresh_from_db()
    assert mailbox.settings == before


def test_a_token_is_used_instead_of_a_password(as_olga: Client, smtp: Sink, mailbox: Inbox) -> None:
    smtp.offers[:] = ["AUTH XOAUTH2"]
    place = f"/office/inboxes/{mailbox.pk}/servers/"
    as_olga.post(place, typed(smtp, auth="xoauth2", secret="a token"))
    mailbox.refresh_from_db()
    assert mailbox.settings["auth"] == "xoauth2"
    assert "a token" in mailbox.secrets().reveal()
    assert "Bearer a token" in smtp.signed_in_with()[0]
