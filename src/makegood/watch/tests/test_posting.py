"""The form is tried as a customer would: its page is fetched, filled in and sent."""

from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.kit import egress
from makegood.watch.models import Probe
from makegood.watch.probing import probe_inbox


@pytest.fixture
def public(live_server: LiveServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The desk under an address that counts as public here."""
    settings.URL = live_server.url
    port = int(live_server.url.rpartition(":")[2])
    monkeypatch.setattr(egress, "PORTS", {port})
    monkeypatch.setattr(egress, "is_open_address", lambda text: text in ("127.0.0.1", "::1"))
    return live_server.url


def test_the_form_is_sent_through_its_public_address(public: str, form: Inbox) -> None:
    probe_inbox(form)
    probe = Probe.objects.get()
    assert (probe.state, probe.trouble) == (Probe.State.CAME, "")
    assert probe.to == f"{public}/write/{form.public_id}/"
    assert probe.arrival is not None
    assert probe.arrival.envelope["network"], "it came in by the page, not by the back door"
    assert not Conversation.objects.exists()


def test_a_page_without_a_form_is_told(public: str, form: Inbox) -> None:
    Inbox.objects.filter(pk=form.pk).update(state=Inbox.State.PAUSED)
    form.refresh_from_db()
    probe_inbox(form)
    probe = Probe.objects.get()
    assert (probe.state, probe.trouble) == (
        Probe.State.FAILED,
        "The page answered 404 without a form.",
    )
