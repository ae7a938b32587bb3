"""Machines that write, and people who only sound like one."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from .case import Case, message

_SAID: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "machines.toml").read_text("utf-8")
)
_AWAY = {
    "rfc": "Auto-Submitted: auto-replied\r\n",
    "exchange": "X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated\r\n",
    "vacation": "Precedence: bulk\r\n",
    "null": "Return-Path: <>\r\n",
    "autoreply": "X-Autoreply: yes\r\n",
    "respond": "X-Autorespond: lamp\r\n",
    "words": "",
}
_LISTS = {
    "id": "List-Id: <lamps.lists.test>\r\n",
    "post": "List-Post: <mailto:lamps@lists.test>\r\n",
    "precedence": "Precedence: list\r\n",
    "bulk": "Precedence: bulk\r\nList-Unsubscribe: <https://x.test/u>\r\n",
    "mailman": "X-Mailman-Version: 2.1.39\r\n",
}
_PEOPLE = {
    "auto-no": "Auto-Submitted: no\r\n",
    "importance": "Importance: high\r\nX-Priority: 1\r\n",
    "suppress": "X-Auto-Response-Suppress: DR, OOF\r\nIn-Reply-To: <ours-7@lantern.test>\r\n",
    "receipt-wanted": "Disposition-Notification-To: ida@customer.test\r\n",
    "resent": "Resent-From: bo@customer.test\r\n",
    "return-path": "Return-Path: <ida@customer.test>\r\n",
    "thread": "Thread-Topic: Automatic reply\r\nReferences: <a@b.test> <c@d.test>\r\n",
    "spam": "X-Spam-Status: Yes, score=9\r\nX-Spam-Flag: YES\r\n",
}


def machines() -> Iterator[Case]:
    """Vacations in every language, lists, challenges; and people."""
    for language, (subject, text) in _SAID.items():
        for way, header in _AWAY.items():
            raw = message(text, subject=subject, more=header)
            yield Case(
                f"away-{language}-{way}", raw, {"kind": "out-of-office"}, ("machine", "away")
            )
        raw = message(f"What does “{subject}” mean?", subject=subject.partition(":")[2].strip())
        yield Case(f"asks-{language}", raw, {"kind": "person"}, ("machine", "person"))
    for name, header in _LISTS.items():
        raw = message("News of lamps.", subject="Lamps, March", more=header)
        yield Case(f"list-{name}", raw, {"kind": "list"}, ("machine", "list"))
    for name, header in _PEOPLE.items():
        raw = message("Where is it?", subject="My lamp", more=header)
        yield Case(f"person-{name}", raw, {"kind": "person"}, ("machine", "person"))
    words = "Your message is being held until you verify that you are a human: click below."
    raw = message(words, subject="Please confirm", more="Auto-Submitted: auto-replied\r\n")
    yield Case("challenge", raw, {"kind": "challenge"}, ("machine", "challenge"))
    raw = message("Thank you, we got your message.", more="Auto-Submitted: auto-replied\r\n")
    yield Case("auto-reply", raw, {"kind": "auto-reply"}, ("machine", "reply"))
