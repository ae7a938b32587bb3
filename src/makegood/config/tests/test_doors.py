"""A port that is taken is refused in words, not shared in silence."""

import socket

import pytest
from django.core.management.base import CommandError

from makegood.config.doors import look_at_doors


@pytest.fixture
def taken():
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the page server does
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


@pytest.fixture(autouse=True)
def _nobody_said_where(monkeypatch, settings):
    monkeypatch.delenv("MAKEGOOD_SMTP_LISTEN", raising=False)
    settings.SMTP_LISTEN = ""


def test_a_taken_port_for_pages_is_refused(taken):
    with pytest.raises(CommandError, match=f"Port {taken} is taken"):
        look_at_doors("127.0.0.1", taken, None)


def test_a_taken_port_for_mail_is_refused(taken, monkeypatch, settings):
    monkeypatch.setenv("MAKEGOOD_SMTP_LISTEN", f"127.0.0.1:{taken}")
    settings.SMTP_LISTEN = f"127.0.0.1:{taken}"
    with pytest.raises(CommandError, match="where mail would come in"):
        look_at_doors("127.0.0.1", 0, None)


def test_pages_alone_do_not_mind_the_mail(taken, monkeypatch, settings):
    monkeypatch.setenv("MAKEGOOD_SMTP_LISTEN", f"127.0.0.1:{taken}")
    settings.SMTP_LISTEN = f"127.0.0.1:{taken}"
    look_at_doors("127.0.0.1", 0, "web")
    assert f"127.0.0.1:{taken}" == settings.SMTP_LISTEN


def test_the_listener_stands_beside_its_own_pages(settings):
    look_at_doors("127.0.0.1", 18_000, "web")
    assert settings.SMTP_LISTEN == "127.0.0.1:18025"
