"""Where the sample customers live: the shop's answers arrive there, and somebody writes back.

A mail server of a few lines beside the real one. Mail to a sample customer ends here and
never leaves the machine; the first answer of the shop is answered, so that a newcomer sees
a reply come into the conversation by itself.
"""

import logging
import smtplib
import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.db import connection

from makegood.channels.models import Inbox

log = logging.getLogger(__name__)

THINKS_FOR = 6.0
"""Seconds until a sample customer writes back."""
MOST_BYTES = 30 * 1024 * 1024


def town_server() -> dict[str, Any]:
    """The settings by which a sample mailbox sends: the door beside our own listener."""
    host, _, port = settings.SMTP_LISTEN.rpartition(":")
    return {"host": host or "127.0.0.1", "port": int(port or 8025) + 1, "security": "none"}


def sample_customers(stop: threading.Event) -> None:
    """Let the sample customers receive and answer, while there is a sample shop."""
    try:
        sample = Inbox.objects.filter(settings__is_sample=True).first()
    finally:
        connection.close()
    if sample is None or not settings.SMTP_LISTEN:
        return
    door = sample.settings["smtp"]
    host, _, port = settings.SMTP_LISTEN.rpartition(":")
    try:
        town = Town((door["host"], door["port"]), back_to=(host or "127.0.0.1", int(port)))
    except OSError as error:
        log.warning("The sample customers cannot be written to.", extra={"reason": str(error)})
        return
    with town:
        threading.Thread(target=town.serve_forever, daemon=True).start()
        stop.wait()
        town.shutdown()


class Town(socketserver.ThreadingTCPServer):
    """All sample customers behind one door, and the way back to the shop."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, door: tuple[str, int], *, back_to: tuple[str, int]) -> None:
        from makegood.sample.mails import told  # the letters are read when somebody lives here

        super().__init__(door, _Postman)
        self.back_to = back_to
        self.thinks_for = THINKS_FOR
        self.answers: dict[str, str] = told()["answers"]

    def deliver(self, recipient: str, content: bytes) -> None:
        """A mail has come for somebody; the first one is answered after a while."""
        mail = message_from_bytes(content, policy=policy.default)
        text = self.answers.get(recipient.lower())
        if text is None or mail.get("Auto-Submitted", "no") != "no":
            return
        del self.answers[recipient.lower()]
        answer = compose_answer(mail, recipient, text)
        timer = threading.Timer(self.thinks_for, self._write_back, args=[recipient, answer])
        timer.daemon = True
        timer.start()

    def _write_back(self, sender: str, answer: EmailMessage) -> None:
        try:
            with smtplib.SMTP(*self.back_to, local_hostname="town.example", timeout=30) as shop:
                shop.send_message(answer, sender, [parseaddr(str(answer["To"]))[1]])
        except (OSError, smtplib.SMTPException) as error:
            log.warning("A sample customer could not write back.", extra={"reason": str(error)})


def compose_answer(mail: EmailMessage, sender: str, text: str) -> EmailMessage:
    """An answer as a mail client makes it: threaded, with what it answers quoted below."""
    answer = EmailMessage()
    answer["From"] = str(mail["To"]) if sender in str(mail["To"]) else sender
    answer["To"] = str(mail["Reply-To"] or mail["From"])
    subject = str(mail["Subject"] or "")
    answer["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    answer["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    answer["In-Reply-To"] = str(mail["Message-ID"] or "")
    answer["References"] = f"{mail['References'] or ''} {mail['Message-ID'] or ''}".strip()
    body = mail.get_body(("plain",))
    said = str(body.get_content()).strip() if body is not None else ""
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    answer.set_content(f"{text}\n\n{parseaddr(str(mail['From']))[0]} wrote:\n{quoted}\n")
    return answer


class _Postman(socketserver.StreamRequestHandler):
    """One connection in just enough SMTP for our own outbox."""

    timeout = 60
    server: Town

    def handle(self) -> None:
        self._say("220 town.example")
        recipients: list[str] = []
        while line := self.rfile.readline(2048):
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    self._say("250-town.example\r\n250 SMTPUTF8")
                case "RCPT":
                    recipients.append(rest.partition("<")[2].partition(">")[0])
                    self._say("250 2.1.5 Lives here")
                case "DATA":
                    self._say("354 Go on")
                    content = self._until_the_dot()
                    for recipient in recipients:
                        self.server.deliver(recipient, content)
                    recipients = []
                    self._say("250 2.0.0 Delivered")
                case "QUIT":
                    self._say("221 2.0.0 Bye")
                    return
                case _:
                    self._say("250 2.0.0 Yes")

    def _until_the_dot(self) -> bytes:
        lines: list[bytes] = []
        size = 0
        while (line := self.rfile.readline(65536)) not in (b".\r\n", b""):
            size += len(line)
            if size <= MOST_BYTES:
                lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
