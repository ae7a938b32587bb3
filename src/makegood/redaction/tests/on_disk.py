"""Run by a test in a process of its own: a desk on a real disk, where words are removed."""

import sys
from typing import Any

import django
from django.core.management import call_command

django.setup()

from makegood.channels.connecting import InboxSettings, connect_inbox  # noqa: E402
from makegood.channels.models import Arrival, Delivery  # noqa: E402
from makegood.conversations.actions import add_note  # noqa: E402
from makegood.conversations.drafting import attach_to_draft, save_draft  # noqa: E402
from makegood.conversations.models import Conversation  # noqa: E402
from makegood.conversations.replying import Reply, reply_to  # noqa: E402
from makegood.files.leaving import sweep  # noqa: E402
from makegood.ledger.actors import System  # noqa: E402
from makegood.ledger.followers import catch_up  # noqa: E402
from makegood.redaction.actions import Wish, redact  # noqa: E402
from makegood.redaction.cleaning import clean_up  # noqa: E402
from makegood.redaction.models import Redaction  # noqa: E402
from makegood.team.actions import add_agent  # noqa: E402
from makegood.team.models import Agent  # noqa: E402
from tests.world import arrive, conversation_of, mail_bytes  # noqa: E402

SECRET = "Quetzalcoatl4417"
FOLLOWERS = ("search", "beside-search", "seal")


def write(inbox: Any, agent: Any) -> Any:
    """Many matters of others, and one in which the words stand in every way."""
    for number in range(60):
        sender = f"other{number}@example.com"
        words = f"A matter of mine, number {number}. " * 30
        arrive(inbox, mail_bytes(words, sender=sender, subject=f"Other {number}"))
    raw = mail_bytes(f"My word is {SECRET}. " * 40, subject=f"On {SECRET}")
    matter = conversation_of(arrive(inbox, raw))
    kept = save_draft(matter, f"Draft {SECRET}", purpose="note", by=agent)
    part: Any = {"content_type": "text/plain", "content": f"file {SECRET}".encode()}
    file = attach_to_draft(kept, name="a.txt", **part)
    add_note(matter, f"Note {SECRET}", attachments=[file], by=agent)
    reply = reply_to(matter, Reply(text=f"You said {SECRET}."), by=agent)
    to = Delivery.objects.get(about=reply.ref).outgoing["reply_to"]
    arrive(inbox, mail_bytes(f"Yes.\n\n> You said {SECRET}.", to=to))
    save_draft(matter, f"Typing {SECRET}", purpose="reply", by=agent)
    large = mail_bytes(f"{SECRET} " + "x " * 100_000, to=to, subject="Large")
    arrive(inbox, large)
    return matter


def main(step: str) -> None:
    if step == "write":
        call_command("migrate", verbosity=0)
        agent = add_agent(
            "tomas@lantern.example", "Tomas", role="lead", password="x" * 20, by=System("setup")
        )
        wanted = InboxSettings(name="Hello", kind="email", address="hello@lantern.example")
        inbox = connect_inbox(wanted, teams=[], by=System("setup"))
        write(inbox, agent)
        for name in FOLLOWERS:
            catch_up(name)
    else:
        matter = Conversation.objects.get(subject=f"On {SECRET}")
        redact(matter, Wish(words=SECRET, reason="a password"), by=Agent.objects.get())
        sweep()
        for name in FOLLOWERS:
            catch_up(name)
        while clean_up():
            pass
        assert Redaction.objects.get().cleaned_at
        assert Arrival.objects.count() == 63


if __name__ == "__main__":
    main(sys.argv[1])
