"""The watch over a mailbox at a real Dovecot, behind a real Postfix."""

import imaplib
import json
from email.message import EmailMessage
from typing import Any

import pytest

from tests.mail.servers import PASSWORD
from tests.mail.shop import MailShop

TEST_NOW = """
from django.utils import timezone
from makegood.channels.models import Inbox
from makegood.watch.models import Watched
from makegood.watch.probing import watched
row = watched(Inbox.objects.get(pk={inbox}))
Watched.objects.filter(pk=row.pk).update(asked_at=timezone.now())
print(row.pk)
"""
PROBES = """
import json
from makegood.watch.models import Probe
rows = Probe.objects.filter(inbox={inbox}).order_by("pk")
print(json.dumps([dict(way=p.way, to=p.to, state=p.state, trouble=p.trouble,
    lag=p.lag.total_seconds() if p.lag else None) for p in rows]))
"""
SMALL = """
from makegood.channels.connecting import InboxSettings, connect_inbox, pause_inbox
from makegood.ledger.actors import System
by = System("setup")
wanted = InboxSettings(
    name={name!r}, kind="email", address={address!r}, settings={settings!r},
    secrets={{"password": {password!r}}},
)
inbox = connect_inbox(wanted, by=by)
pause_inbox(inbox, is_paused=True, by=by)
print(inbox.pk)
"""
LOOK = """
import json
from makegood.channels.models import Inbox
from makegood.watch.servers import look_at_certificates, look_at_mailbox
inbox = Inbox.objects.get(pk={inbox})
print(json.dumps([look_at_mailbox(inbox), list(look_at_certificates(inbox))]))
"""
READ_AGAIN = """
from makegood.channels.models import Inbox
from makegood.watch.servers import read_again
print(read_again(Inbox.objects.get(pk={inbox}), 1, 100))
"""


def probes(shop: MailShop) -> list[dict[str, Any]]:
    return list(json.loads(shop.ask(PROBES.format(inbox=shop.inbox))))


def look(shop: MailShop, inbox: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    mailbox, certificates = json.loads(shop.ask(LOOK.format(inbox=inbox)))
    return mailbox, certificates


def another_mailbox(shop: MailShop, account: str, password: str = PASSWORD, quota: str = "") -> int:
    """A mailbox of the desk that nobody fetches from: it rests."""
    shop.servers.add(account, quota)
    shop.wait_for(lambda: _lets_in(shop, account), f"account {account}")
    settings = shop.servers.settings(account)
    asked = SMALL.format(name=account, address=account, settings=settings, password=password)
    return int(shop.ask(asked))


def _lets_in(shop: MailShop, account: str) -> bool:
    """Dovecot reads its list of accounts again when it notices that it changed."""
    try:
        with shop.servers.signed_in(account):
            return True
    except imaplib.IMAP4.error:
        return False


def fill(shop: MailShop, account: str, *sizes: int) -> None:
    for number, size in enumerate(sizes):
        mail = EmailMessage()
        mail["From"], mail["To"] = "anna@customer.test", account
        mail["Subject"] = f"Mail {number} for {account}"
        mail.set_content("lamp " * (size // 5))
        shop.servers.send("anna@customer.test", account, mail)
        shop.servers.wait_for_mail(account, f"Mail {number} for")


def test_a_test_message_goes_round_and_is_nobodys_mail(shop: MailShop) -> None:
    shop.wait_for(lambda: shop.inbox_field("fetched_at") != "None", "first look")
    count = "from makegood.conversations.models import Conversation as C\nprint(C.objects.count())"
    before = shop.ask(count)
    shop.ask(TEST_NOW.format(inbox=shop.inbox))
    found = shop.wait_for(
        lambda: (
            len(told := probes(shop)) == 2 and all(one["state"] == "came" for one in told) and told
        ),
        "test message that came back",
    )
    assert [one["way"] for one in found] == ["address", "reply"]
    assert all(one["lag"] < 240 for one in found), found
    assert shop.ask(count) == before
    mails = shop.servers.inbox("support@shop.test")
    [sent] = [mail for mail in mails if "test message" in str(mail["Subject"])][:1]
    assert str(sent["Auto-Submitted"]) == "auto-generated"
    assert str(sent["Makegood-Probe"]) in str(sent["Message-ID"])


def test_what_lies_on_the_server_is_counted_and_read_again_once(shop: MailShop) -> None:
    inbox = another_mailbox(shop, "left@shop.test")
    fill(shop, "left@shop.test", 50, 50, 50)
    mailbox, certificates = look(shop, inbox)
    assert (mailbox["there"], mailbox["unfetched"], len(mailbox["missing"])) == (3, 3, 3)
    assert mailbox["uid_next"] == max(mailbox["missing"]) + 1
    assert [one["kind"] for one in certificates] == ["imap", "smtp"]
    assert all(one["ends_at"] for one in certificates)
    assert shop.ask(READ_AGAIN.format(inbox=inbox)).strip() == "3"
    assert shop.ask(READ_AGAIN.format(inbox=inbox)).strip() == "0", "nothing is doubled"
    with shop.servers.signed_in("left@shop.test") as client:
        client.select("INBOX", readonly=True)
        _ok, [seen] = client.search(None, "SEEN")
    assert seen == b"", "looking leaves no trace"


def test_a_mailbox_that_fills_up_is_seen_before_it_is_full(shop: MailShop) -> None:
    inbox = another_mailbox(shop, "small@shop.test", quota="userdb_quota_rule=*:storage=40K")
    fill(shop, "small@shop.test", 36_000)
    quota = look(shop, inbox)[0]["quota"]
    assert quota["limit"] == 40 * 1024
    assert quota["used"] > 0.85 * quota["limit"]


@pytest.mark.parametrize("kind", ["password", "port"])
def test_a_refused_login_is_told_from_a_silent_server(shop: MailShop, kind: str) -> None:
    from makegood.watch.marks import is_refused_login  # the same words that the alarm reads

    inbox = another_mailbox(shop, f"{kind}@shop.test", password="wrong")
    if kind == "port":
        shop.ask(
            "from makegood.channels.models import Inbox\n"
            f"inbox = Inbox.objects.get(pk={inbox})\n"
            "inbox.settings['imap']['port'] = 1\n"
            "inbox.save(update_fields=['settings'])"
        )
    trouble = look(shop, inbox)[0]["trouble"]
    assert is_refused_login(trouble) == (kind == "password"), trouble
