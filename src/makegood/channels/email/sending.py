"""Handing one mail to an SMTP server, and knowing exactly how far it came."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from makegood.channels.email.composing import compose, envelope_of
from makegood.channels.email.envelopes import bound, envelope_id
from makegood.channels.email.servers import Server, in_its_own_words, open_smtp
from makegood.channels.interface import DeliveryFailed, Outgoing
from makegood.files import storage


class TakenBack(Exception):
    """Whoever asked to send no longer may: cancelled, or another process took over."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail with its envelope, ready to hand over."""

    sender: str
    recipients: Sequence[str]
    content: bytes = field(repr=False)
    key: str = ""
    is_from_nobody: bool = False
    """An answer by machine leaves with an empty return path, so that nothing answers it."""


def letter_of(outgoing: Outgoing, at: datetime | None = None) -> Letter:
    """The mail with its envelope. Raises `OSError` where an attachment cannot be read."""
    sender, recipients = envelope_of(outgoing)
    content = compose(outgoing, storage.load, at=at)
    answers = outgoing.is_automatic and bool(outgoing.in_reply_to)
    return Letter(
        sender=sender,
        recipients=recipients,
        content=content,
        key=outgoing.key,
        is_from_nobody=answers,
    )


def transmit(server: Server, letter: Letter, about_to_send: Callable[[], None]) -> str:
    """Send, and return what the server said of recipients that it refused, if any.

    `about_to_send` is called when everything is agreed and before the first byte of the mail:
    a failure before that is safe to repeat. Raises `DeliveryFailed`.
    """
    try:
        client = open_smtp(server, hello=letter.sender.rpartition("@")[2] or "localhost")
    except smtplib.SMTPAuthenticationError as error:
        raise _failed(error, credentials=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(error) from error
    try:
        refused = _agree(client, letter)
        about_to_send()
        is_bound = bool(letter.key) and client.has_extn("dsn")
        _hand_over(client, bound(letter.content, letter.key) if is_bound else letter.content)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()
    return refused


def _agree(client: smtplib.SMTP, letter: Letter) -> str:
    """Sender and recipients, up to the server's go-ahead for the mail itself."""
    options = [f"SIZE={len(letter.content)}"] if client.has_extn("size") else []
    if not (letter.sender + "".join(letter.recipients)).isascii():
        options.append("SMTPUTF8")
    if letter.key and client.has_extn("dsn"):
        options.append(f"ENVID={envelope_id(letter.key)}")
    try:
        _expect(_begin(client, letter, options))
        answers = [client.rcpt(recipient) for recipient in letter.recipients]
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(error) from error
    refused = [answer for answer in answers if answer[0] not in (250, 251)]
    if len(refused) == len(answers):
        # One that is only refused for now makes it worth trying again.
        _expect(min(refused, key=lambda answer: answer[0]) if refused else (550, b"No recipient"))
    return "; ".join(_said(answer) for answer in refused)


def _begin(client: smtplib.SMTP, letter: Letter, options: list[str]) -> tuple[int, bytes]:
    """The return path. Servers that take no empty one from their own people get ours."""
    if letter.is_from_nobody:
        answer = client.mail("", options)
        if answer[0] == 250:
            return answer
        client.rset()
    return client.mail(letter.sender, options)


def _hand_over(client: smtplib.SMTP, content: bytes) -> None:
    """The mail, then its end apart: until the end has left, nobody can have taken the mail."""
    data = content if content.endswith(b"\r\n") else content + b"\r\n"
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
    try:
        _expect(client.docmd("DATA"), 354)
        client.send(stuffed)
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(error) from error
    try:
        client.send(b".\r\n")
        answer = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        reason = in_its_own_words(error)
        raise DeliveryFailed(reason, permanent=False, in_doubt=True) from error
    _expect(answer)


def _expect(answer: tuple[int, bytes], code: int = 250) -> None:
    if answer[0] != code:
        raise DeliveryFailed(_said(answer), permanent=500 <= answer[0] < 600)


def _said(answer: tuple[int, bytes]) -> str:
    return f"{answer[0]} {answer[1].decode('utf-8', 'replace')}"


def _failed(error: Exception, *, credentials: bool = False) -> DeliveryFailed:
    """A failure before the end of the mail: nobody has it."""
    if isinstance(error, DeliveryFailed):
        return error
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
    no_tls = isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError)
    return DeliveryFailed(
        in_its_own_words(error),
        permanent=500 <= code < 600 and not credentials,
        credentials=credentials or no_tls,
    )
