"""The servers that an inbox speaks with, and how: from its settings, with its secrets.

    settings = {
        "imap": {"host": …, "port": 993, "security": "tls", "username": …, "folder": "INBOX"},
        "smtp": {"host": …, "port": 465, "security": "tls", "username": …},
        "auth": "password",
    }

`security` is `tls`, `starttls` or `none`; `auth` is `password` or `xoauth2`. Secrets are
`password` (and `smtp_password` where it differs) or `access_token`.
"""

import contextlib
import json
import os
import select
import smtplib
import socket
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from makegood.channels.interface import DeliveryFailed
from makegood.channels.models import Inbox
from makegood.kit.secrets import Secret

TIMEOUT = 60.0


class NoSettings(Exception):
    """The inbox does not say which server to speak with."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server, and who we are there."""

    host: str
    port: int
    security: str = "tls"
    username: str = ""
    secret: Secret
    is_oauth: bool = False
    folder: str = "INBOX"
    timeout: float = TIMEOUT


def server_of(inbox: Inbox, kind: str) -> Server:
    """The IMAP or SMTP server of an inbox. Raises `NoSettings`."""
    return server_from(inbox.settings, json.loads(inbox.secrets().reveal()), kind)


def server_from(settings: dict[str, Any], secrets: dict[str, str], kind: str) -> Server:
    """The same, from settings that are not stored yet."""
    given = settings.get(kind) or {}
    if not given.get("host"):
        raise NoSettings(kind)
    is_oauth = settings.get("auth") == "xoauth2"
    own = secrets.get(f"{kind}_password") or secrets.get("password", "")
    security = str(given.get("security") or "tls")
    usual = {"imap": {"tls": 993}, "smtp": {"tls": 465}}[kind]
    return Server(
        host=str(given["host"]),
        port=int(given.get("port") or usual.get(security, 143 if kind == "imap" else 587)),
        security=security,
        username=str(given.get("username") or ""),
        secret=Secret(secrets.get("access_token", "") if is_oauth else own),
        is_oauth=is_oauth,
        folder=str(given.get("folder") or "INBOX"),
        timeout=float(given.get("timeout") or TIMEOUT),
    )


def open_smtp(server: Server, *, hello: str = "localhost") -> smtplib.SMTP:
    """A connection, encrypted unless that was ticked off, and signed in where there is a name.

    Nothing secret is said before the encryption stands; where it cannot, this raises.
    """
    client: smtplib.SMTP
    if server.security == "tls":
        client = smtplib.SMTP_SSL(
            server.host, server.port, hello, timeout=server.timeout, context=_tls()
        )
    else:
        client = smtplib.SMTP(server.host, server.port, hello, timeout=server.timeout)
    try:
        # A mail and its end are sent apart: they must not wait for each other's receipt.
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        client.ehlo_or_helo_if_needed()
        if server.security != "none" and server.security != "tls":
            client.starttls(context=_tls())
            client.ehlo()
        if server.username:
            _sign_in(client, server)
    except BaseException:
        client.close()
        raise
    return client


def _sign_in(client: smtplib.SMTP, server: Server) -> None:
    if not server.is_oauth:
        client.login(server.username, server.secret.reveal())
        return

    def answer(challenge: bytes | None = None) -> str:
        # A challenge here tells of an error; an empty line asks for the final answer.
        if challenge:
            return ""
        token = server.secret.reveal()
        return f"user={server.username}\x01auth=Bearer {token}\x01\x01"

    client.auth("XOAUTH2", answer)


def open_imap(server: Server) -> IMAPClient:
    """A connection, encrypted unless that was ticked off, and signed in."""
    client = IMAPClient(
        server.host,
        port=server.port,
        ssl=server.security == "tls",
        ssl_context=_tls() if server.security == "tls" else None,
        timeout=server.timeout,
        use_uid=True,
    )
    try:
        _notice_a_dead_line(client.socket())
        if server.security not in ("tls", "none"):
            if not client.has_capability("STARTTLS"):
                raise IMAPClientError("The server does not offer STARTTLS.")
            client.starttls(_tls())
        if server.is_oauth:
            client.oauth2_login(server.username, server.secret.reveal())
        else:
            client.login(server.username, server.secret.reveal())
    except BaseException:
        with contextlib.suppress(OSError):
            client.shutdown()
        raise
    return client


def _notice_a_dead_line(line: socket.socket) -> None:
    """Ask whether the other side is there still: in IDLE it may say nothing for long."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def has_spoken(client: IMAPClient, seconds: float) -> bool:
    """Whether a server that was left to speak by itself has spoken, or has gone.

    What came along with its last answer has been read off the line already. And a line that
    was cut is told of as well: whoever asks next finds it out.
    """
    line = client.socket()
    patience = line.gettimeout()
    line.settimeout(0)
    try:
        if client._imap.file.peek(1):
            return True
    except (BlockingIOError, ssl.SSLWantReadError):
        pass
    finally:
        line.settimeout(patience)
    looking = select.poll()
    looking.register(line, select.POLLIN)
    return bool(looking.poll(seconds * 1000))


def _tls() -> ssl.SSLContext:
    """Who vouches for a server is what the system says; reading that takes a tenth of a second."""
    return _context(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@lru_cache(maxsize=4)
def _context(_file: str, _folder: str) -> ssl.SSLContext:
    return ssl.create_default_context()


def in_its_own_words(error: Exception) -> str:
    """What a server said when it refused, as it said it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        refused = error.recipients.values()
        return "; ".join(f"{code} {_text(words)}" for code, words in refused)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, DeliveryFailed):
        return error.reason
    if isinstance(error, TimeoutError):
        return "The server did not answer in time."
    words = _text(error.args[-1] if error.args else "")
    return words or type(error).__name__


def _text(words: Any) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join(text.split())[:1000]
