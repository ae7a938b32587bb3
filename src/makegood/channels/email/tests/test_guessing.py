"""Servers guessed from an address, and tried for real."""

import pytest

from makegood.channels.email.guessing import _SERVERS, Names, guess
from makegood.channels.email.trying import try_receiving, try_sending

from .sink import Sink, running


class Net(Names):
    """A name service that a test wrote."""

    def __init__(self, mx: dict[str, list[str]], hosts: set[str]) -> None:
        super().__init__()
        self.mx, self.hosts = mx, hosts

    def mail_servers(self, domain: str) -> list[str]:
        return self.mx.get(domain, [])

    def exists(self, host: str) -> bool:
        return host in self.hosts


NET = Net(
    {"lantern.example": ["aspmx.l.google.com"], "loom.example": ["x.mail.protection.outlook.com"]},
    {"mail.own.example"},
)


@pytest.mark.parametrize(
    ("address", "imap", "smtp", "is_known"),
    [
        ("Ida@Gmail.com", "imap.gmail.com", "smtp.gmail.com", True),
        ("ida@hotmail.fr", "outlook.office365.com", "smtp-mail.outlook.com", True),
        ("ida@gmx.at", "imap.gmx.net", "mail.gmx.net", True),
        ("hello@lantern.example", "imap.gmail.com", "smtp.gmail.com", True),
        ("hello@loom.example", "outlook.office365.com", "smtp.office365.com", True),
        ("hello@own.example", "mail.own.example", "mail.own.example", False),
        ("hello@unknown.example", "imap.unknown.example", "smtp.unknown.example", False),
    ],
)
def test_the_servers_are_guessed_from_the_address(address, imap, smtp, is_known):
    guessed = guess(address, NET)
    assert guessed.settings["imap"]["host"] == imap
    assert guessed.settings["smtp"]["host"] == smtp
    assert guessed.settings["imap"]["username"] == address
    assert guessed.is_known == is_known


def test_a_guess_needs_no_net():
    assert guess("hello@own.example").settings["imap"]["host"] == "imap.own.example"


def test_every_guess_is_encrypted():
    for name in _SERVERS:
        assert _SERVERS[name][2] in (465, 587), name
    assert guess("a@b.example").settings["smtp"]["security"] == "tls"
    assert guess("a@icloud.com").settings["smtp"]["security"] == "starttls"


def test_who_wants_an_app_password_is_said():
    assert guess("ida@gmail.com").needs_app_password
    assert not guess("ida@gmx.de").needs_app_password
    assert guess("ida@live.com").settings["auth"] == "xoauth2"


def test_sending_is_tried_up_to_the_senders_name():
    with running(Sink(offers=["AUTH PLAIN"])) as sink:
        settings = {"smtp": sink.settings(username="ida")}
        tried = try_sending(settings, {"password": "hunter2"}, "ida@customer.test")
        assert (tried.works, tried.said) == (True, "250 OK")
        assert sink.mails == []
        sink.answers["AUTH"] = "535 5.7.8 Wrong password"
        tried = try_sending(settings, {"password": "hunter2"}, "ida@customer.test")
        assert (tried.works, tried.said) == (False, "535 5.7.8 Wrong password")
        sink.answers = {"MAIL": "553 5.7.1 Not your address"}
        tried = try_sending(settings, {"password": "hunter2"}, "ida@customer.test")
        assert (tried.works, tried.said) == (False, "553 5.7.1 Not your address")


def test_a_server_that_is_not_there_is_said_and_not_raised():
    nobody = {"host": "127.0.0.1", "port": 1}
    assert "refused" in try_receiving({"imap": nobody}, {}).said
    assert "refused" in try_sending({"smtp": nobody}, {}, "a@b.test").said
    assert not try_receiving({}, {}).works
    assert not try_sending({}, {}, "a@b.test").works
