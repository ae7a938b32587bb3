"""The desk with a mailbox, and what tests do to it from outside."""

import json
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from tests.browser.hand import Hand
from tests.mail.servers import PASSWORD, TOKEN, MailServers
from tests.served import Served

SCENE = """
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.ledger.actors import System
from makegood.team.actions import add_agent
by = System("setup")
add_agent("nora@lantern.example", "Nora", role="agent", password="a lamp in every window", by=by)
wanted = InboxSettings(
    name="Support", kind="email", address="support@shop.test", sender_name="Lantern & Loom",
    settings={settings!r}, secrets={{"password": {password!r}, "access_token": {token!r}}},
)
print(connect_inbox(wanted, by=by).pk)
"""

REPLY = """
from makegood.conversations.models import Message
from makegood.conversations.queries import conversation_for
from makegood.conversations.replying import Reply, reply_to
from makegood.team.models import Agent
nora = Agent.objects.get(email="nora@lantern.example")
print(reply_to(conversation_for(nora, {conversation}), Reply(text={text!r}), by=nora).pk)
"""

STORY = """
import json
from makegood.conversations.models import Message
rows = Message.objects.filter(conversation={conversation}).order_by("pk")
print(json.dumps([dict(pk=m.pk, text=m.text, direction=m.direction, trust=m.trust,
    delivery=m.delivery_state, trouble=m.delivery_trouble) for m in rows]))
"""


class MailShop:
    """The running install; everything is asked of it, nothing is shared with it."""

    def __init__(self, servers: MailServers, served: Served) -> None:
        self.servers, self.served = servers, served
        self.hand = Hand(served)
        self.inbox = 0

    def set_the_scene(self) -> None:
        scene = SCENE.format(settings=self.servers.settings(), password=PASSWORD, token=TOKEN)
        self.inbox = int(self.ask(scene))

    def ask(self, code: str) -> str:
        return self.hand.ask(code)

    def inbox_field(self, name: str) -> str:
        return self.ask(
            "from makegood.channels.models import Inbox\n"
            f"print(getattr(Inbox.objects.get(pk={self.inbox}), {name!r}))"
        )

    def change(self, **settings: Any) -> None:
        """Give the mailbox other settings, as the office does."""
        self.ask(
            "from makegood.channels.models import Inbox\n"
            f"inbox = Inbox.objects.get(pk={self.inbox})\n"
            f"inbox.settings = {self.servers.settings(**settings)!r}\n"
            "inbox.save(update_fields=['settings'])"
        )

    def customer_writes(self, subject: str, text: str = "Where is it?", **headers: str) -> None:
        mail = EmailMessage()
        sender = headers.pop("sender", "anna@customer.test")
        to = headers.pop("to", "support@shop.test")
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = f"<{time.time_ns()}@customer.test>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.servers.send(sender, to, mail)

    def conversation(self, subject: str) -> int:
        found = self.wait_for(
            lambda: self.ask(
                "from makegood.conversations.models import Conversation\n"
                f"found = Conversation.objects.filter(subject={subject!r})"
                ".order_by('-pk').first()\n"
                "print(found.pk if found else '')"
            ),
            f"conversation “{subject}”",
        )
        return int(found)

    def reply(self, conversation: int, text: str) -> int:
        return int(self.ask(REPLY.format(conversation=conversation, text=text)))

    def story(self, conversation: int) -> list[dict[str, Any]]:
        return list(json.loads(self.ask(STORY.format(conversation=conversation))))

    def wait_for(self, question: Callable[[], Any], what: str, seconds: float = 120) -> Any:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if answer := question():
                return answer
            time.sleep(0.1)
        raise AssertionError(
            f"There is no {what} after {seconds} s.\n{self.served.log()}\n{self.servers.log()}"
        )
