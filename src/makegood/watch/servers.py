"""Asking a mailbox's own servers: how much lies there, how much room is left, which certificate.

Everything is read-only; the collector's own connection is not touched.
"""

import contextlib
import imaplib
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.email import gaps
from makegood.channels.email.mailbox import Fetched, Folder
from makegood.channels.email.servers import (
    NoSettings,
    Server,
    in_its_own_words,
    open_imap,
    server_of,
)
from makegood.channels.models import Inbox

TIMEOUT = 20.0
SHOWN = 200
MOST_READ_AGAIN = 2_000


def look_at_mailbox(inbox: Inbox) -> dict[str, Any]:
    """The folder as the server has it, beside what we took from it. Empty where none is fetched."""
    try:
        server = replace(server_of(inbox, "imap"), timeout=TIMEOUT)
    except NoSettings:
        return {}
    try:
        client = open_imap(server)
    except (OSError, IMAPClientError) as error:
        return {"trouble": in_its_own_words(error)}
    try:
        return {**_counts(client, server, inbox), "quota": _quota(client, server)}
    except (OSError, IMAPClientError, KeyError, ValueError) as error:
        return {"trouble": in_its_own_words(error)}
    finally:
        with contextlib.suppress(OSError, IMAPClientError):
            client.logout()


def _counts(client: IMAPClient, server: Server, inbox: Inbox) -> dict[str, Any]:
    """Which UIDs lie there, from where we began, and which of them we did not take."""
    opened = client.select_folder(server.folder, readonly=True)
    validity = int(opened[b"UIDVALIDITY"])
    cursor = (inbox.cursor or {}).get(server.folder) or {}
    begun, ours = int(cursor.get("start", 0)), int(cursor.get("uid", 0))
    passed = gaps.as_gaps(str(cursor.get("gaps", "")))
    there = [uid for uid in client.search(["UID", f"{begun + 1}:*"]) if uid > begun]
    is_same = not cursor or cursor.get("validity") == validity
    missing = sorted(
        uid for uid in there if not is_same or uid > ours or gaps.contains(passed, uid)
    )
    return {
        "folder": server.folder,
        "validity": validity,
        "is_renumbered": not is_same,
        "uid_next": int(opened.get(b"UIDNEXT", 0)),
        "our_uid": ours,
        "count": int(opened[b"EXISTS"]),
        "there": len(there),
        "unfetched": len(missing),
        "missing": missing[:SHOWN],
    }


class NotRead(Exception):
    """A range of mails could not be fetched once more; the words are the server's own."""


def read_again(inbox: Inbox, first: int, last: int) -> int:
    """Fetch a range of UIDs once more; how many were new to us. What we have is not doubled."""
    try:
        server = replace(server_of(inbox, "imap"), timeout=TIMEOUT)
        client = open_imap(server)
    except (NoSettings, OSError, IMAPClientError) as error:
        raise NotRead(in_its_own_words(error)) from error
    try:
        folder = Folder(client, server.folder)
        found = client.search(["UID", f"{first}:{last}"])
        uids = sorted(uid for uid in found if first <= uid <= last)[:MOST_READ_AGAIN]
        return sum(
            take_in(_arrival(inbox, folder, mail) for mail in batch)
            for batch in folder.batches(uids)
        )
    except (OSError, IMAPClientError) as error:
        raise NotRead(in_its_own_words(error)) from error
    finally:
        with contextlib.suppress(OSError, IMAPClientError):
            client.logout()


def _arrival(inbox: Inbox, folder: Folder, mail: Fetched) -> RawArrival:
    now = timezone.now()
    at = min(mail.arrived_at or now, now)
    envelope: dict[str, Any] = {
        "uid": mail.uid, "validity": folder.validity, "folder": folder.name,
        "received_at": at.isoformat(),
    }  # fmt: skip
    if authserv := inbox.settings.get("authserv_id"):
        envelope["authserv_id"] = str(authserv)
    return RawArrival(
        inbox_id=inbox.pk, raw=mail.raw, origin="imap", envelope=envelope, arrived_at=at
    )


def _quota(client: IMAPClient, server: Server) -> dict[str, int]:
    """Room used and room there is, in bytes; nothing where the server does not say."""
    if not client.has_capability("QUOTA"):
        return {}
    try:
        _roots, quotas = client.get_quota_root(server.folder)
    except (IMAPClientError, ValueError, IndexError):
        return {}
    for quota in quotas:
        name = quota.resource.decode() if isinstance(quota.resource, bytes) else quota.resource
        if str(name).upper() == "STORAGE" and quota.limit:
            return {"used": int(quota.usage) * 1024, "limit": int(quota.limit) * 1024}
    return {}


def look_at_certificates(inbox: Inbox) -> Sequence[dict[str, Any]]:
    """For each server that speaks TLS: until when its certificate holds, or why it does not."""
    found = []
    for kind in ("imap", "smtp"):
        with contextlib.suppress(NoSettings):
            server = server_of(inbox, kind)
            if server.security != "none":
                found.append({"kind": kind, "host": server.host, "port": server.port}
                             | _certificate(kind, server))  # fmt: skip
    return found


def _certificate(kind: str, server: Server) -> dict[str, Any]:
    context = ssl.create_default_context()
    try:
        ends = _ASKS[kind, server.security](server, context)
    except ssl.SSLCertVerificationError as error:
        return {"trouble": f"{server.host}: {error.verify_message}"}
    except (OSError, imaplib.IMAP4.error, smtplib.SMTPException):
        return {}  # no answer is another trouble, told elsewhere
    return {"ends_at": datetime.fromtimestamp(ends, UTC).isoformat()}


def _ends(sock: Any) -> float:
    return float(ssl.cert_time_to_seconds(sock.getpeercert()["notAfter"]))


def _ask_tls(server: Server, context: ssl.SSLContext) -> float:
    with (
        socket.create_connection((server.host, server.port), TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=server.host) as sock,
    ):
        return _ends(sock)


def _ask_imap(server: Server, context: ssl.SSLContext) -> float:
    client = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT)
    try:
        client.starttls(context)
        return _ends(client.sock)
    finally:
        client.shutdown()


def _ask_smtp(server: Server, context: ssl.SSLContext) -> float:
    with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT) as client:
        client.starttls(context=context)
        return _ends(client.sock)


_ASKS: dict[tuple[str, str], Callable[[Server, ssl.SSLContext], float]] = {
    ("imap", "tls"): _ask_tls,
    ("smtp", "tls"): _ask_tls,
    ("imap", "starttls"): _ask_imap,
    ("smtp", "starttls"): _ask_smtp,
}
