"""Lantern & Loom, served: its agents, its mailbox, and the customers who write to it."""

import json
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any

from tests.browser.hand import Hand
from tests.browser.post_office import PostOffice
from tests.served import Served

PASSWORD = "a lamp in every window"
SCENE = """
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.ledger.actors import System
from makegood.team.actions import add_agent
from makegood.team.models import Team
by = System("setup")
teams = {{name: Team.objects.create(name=name) for name in ("Front", "Back office", "Post room")}}
cast = (
    ("Nora Lindqvist", "agent", "Front"), ("Tomas Brandt", "agent", "Front"),
    ("Olga Weber", "owner", ""), ("Vera Novak", "agent", "Back office"),
    ("Piet Post", "agent", "Post room"),
)
for name, role, team in cast:
    address = name.split()[0].lower() + "@lantern.example"
    agent = add_agent(address, name, role=role, password={password!r}, by=by)
    if team:
        agent.teams.add(teams[team])
def mailbox(name, address, team):
    wanted = InboxSettings(
        name=name, kind="email", address=address, sender_name="Lantern & Loom",
        settings={{
            "smtp": {{"host": "127.0.0.1", "port": {port}, "security": "none"}}, "undo_seconds": 0,
        }},
        secrets={{"password": "hunter2"}},
    )
    return connect_inbox(wanted, teams=[teams[team]], by=by)
hello = mailbox("Hello", "hello@lantern.example", "Front")
mailbox("Press", "press@lantern.example", "Post room")
form = InboxSettings(name="Form", kind="web", mail_inbox=hello)
connect_inbox(form, teams=[teams["Front"]], by=by)
"""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as a customer's program would write it."""

    text: str
    subject: str = "Where is my lamp?"
    sender: str = "Ida Berg <ida@example.com>"
    to: str = "hello@lantern.example"
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, self.to, self.subject
        mail["Date"] = formatdate(localtime=True)
        mail["Message-ID"] = f"<{time.time_ns()}@example.com>"
        for name, value in self.headers.items():
            mail[name] = value
        mail.set_content(self.text)
        if self.html:
            mail.add_alternative(self.html, subtype="html")
        return mail.as_bytes().replace(b"\n", b"\r\n")


SETTLE = """
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Conversation
from makegood.ledger.actors import System
left = Conversation.objects.filter(status="open").exclude(inbox__address__startswith="press@")
left = left.exclude(subject__startswith="A matter of some length").order_by("-pk")
for conversation in left[5:] if left.count() > 15 else []:
    resolve_conversation(conversation, by=System("test"))
"""


class Shop:
    """The running install, and what tests do to it from outside its pages."""

    def __init__(self, served: Served, post_office: PostOffice) -> None:
        self.served, self.post_office = served, post_office
        self.hand = Hand(served)

    @property
    def url(self) -> str:
        return self.served.url

    def set_the_scene(self) -> None:
        self.ask(SCENE.format(password=PASSWORD, port=self.post_office.port))

    def ask(self, code: str) -> str:
        return self.hand.ask(code)

    def wait_before_sending(self, seconds: int) -> None:
        """How long an answer can be taken back: 0, 5, 10, 20 or 30 seconds."""
        self.ask(
            "from makegood.channels.models import Inbox\n"
            "inbox = Inbox.objects.get(address='hello@lantern.example')\n"
            f"inbox.settings = inbox.settings | {{'undo_seconds': {seconds}}}\n"
            "inbox.save(update_fields=['settings'])"
        )

    def settle_the_old(self) -> None:
        """Resolve what earlier tests left open: the newest must stand on a list's first page."""
        self.ask(SETTLE)

    def mail(self, *mails: Mail) -> None:
        """Send mails in by the front door: over SMTP."""
        with smtplib.SMTP("127.0.0.1", self.served.smtp_port, timeout=120) as link:
            for mail in mails:
                sender = parseaddr(mail.sender)[1]
                link.sendmail(sender, [parseaddr(mail.to)[1]], mail.as_bytes())

    def take_in(self, mail: Mail) -> None:
        """Let a mail in by the back door: straight into the arrivals, as if it had come by SMTP."""
        self.ask(
            "from makegood.channels.actions import RawArrival, take_in\n"
            "from makegood.channels.models import Inbox\n"
            f"inbox = Inbox.objects.get(address={mail.to!r})\n"
            f"take_in([RawArrival(inbox_id=inbox.pk, raw={mail.as_bytes()!r}, origin='smtp')])"
        )

    def conversation(self, subject: str, *, newer_than: int = 0) -> int:
        """The conversation with this subject, once it is there."""

        def look() -> int:
            found = self._newest(subject)
            return found if found > newer_than else 0

        return int(self.wait_for(look, f"conversation “{subject}”"))

    def _newest(self, subject: str) -> int:
        found = self.ask(
            "from makegood.conversations.models import Conversation\n"
            f"found = Conversation.objects.filter(subject={subject!r}).order_by('-pk').first()\n"
            "print(found.pk if found else 0)"
        )
        return int(found)

    def conversation_about(
        self, subject: str, text: str = "It was due on Friday.", **more: str
    ) -> int:
        """A customer writes, and this is what became of it: not of what was written before."""
        before = self._newest(subject)
        self.mail(Mail(text=text, subject=subject, **more))
        return self.conversation(subject, newer_than=before)

    def said(self, conversation: int, words: str) -> bool:
        """Whether these words stand in a message of the conversation."""
        found = self.ask(
            "from makegood.conversations.models import Message\n"
            f"said = Message.objects.filter(conversation={conversation})\n"
            f"print(said.filter(text__contains={words!r}).count())"
        )
        return int(found) > 0

    def finds(self, words: str, conversation: int) -> bool:
        """Whether search finds this conversation by these words already."""
        found = self.ask(
            "from makegood.conversations.searching import scope_of\n"
            "from makegood.search.queries import find\n"
            "from makegood.team.models import Agent\n"
            "scope = scope_of(Agent.objects.get(role='owner'))\n"
            f"print([hit.about for hit in find({words!r}, scope=scope, after='').hits])"
        )
        return f"'conversation:{conversation}'" in found

    def newest_found(self, word: str) -> bool:
        """Whether search knows the newest message that says a word.

        Not the newest of all: which that is depends on the tests that ran before.
        """
        found = self.ask(
            "from makegood.conversations.models import Message\n"
            "from makegood.conversations.searching import scope_of\n"
            "from makegood.search.queries import find\n"
            "from makegood.team.models import Agent\n"
            f"newest = Message.objects.filter(text__contains={word!r}).latest('pk')\n"
            "scope = scope_of(Agent.objects.get(role='owner'))\n"
            f"hits = find({word!r}, scope=scope, after='').hits\n"
            "print(any(hit.about == f'conversation:{newest.conversation_id}' for hit in hits))"
        )
        return found.strip() == "True"

    def outbox(self, conversation: int) -> list[dict[str, Any]]:
        """What is to leave, or left, for a conversation: as it stands in the outbox rows."""
        rows = self.ask(
            "import json\n"
            "from makegood.channels.models import Delivery\n"
            "from makegood.conversations.models import Message\n"
            f"refs = [one.ref for one in Message.objects.filter(conversation={conversation})]\n"
            "rows = Delivery.objects.filter(about__in=refs).order_by('pk')\n"
            "print(json.dumps([dict(row.outgoing, state=row.state) for row in rows]))"
        )
        return list(json.loads(rows))

    def wait_for(self, question: Callable[[], Any], what: str, seconds: float = 120) -> Any:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if answer := question():
                return answer
            time.sleep(0.1)
        raise AssertionError(f"There is no {what} after {seconds} s.\n{self.served.log()}")
