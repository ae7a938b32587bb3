"""Whether the servers of a mailbox work: signed in for real, and said in the server's own words."""

import contextlib
import smtplib
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from imapclient.exceptions import IMAPClientError

from makegood.channels.email.servers import (
    NoSettings,
    in_its_own_words,
    open_imap,
    open_smtp,
    server_from,
)

TIMEOUT = 15.0


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Whether it works, what the other side said, and what else is worth knowing."""

    works: bool
    said: str
    notes: tuple[str, ...] = ()


def try_receiving(settings: dict[str, Any], secrets: dict[str, str]) -> Tried:
    """Sign in by IMAP and open the folder read-only; nothing in it is touched."""
    try:
        server = replace(server_from(settings, secrets, "imap"), timeout=TIMEOUT)
        client = open_imap(server)
    except NoSettings:
        return Tried(works=False, said=_("Name the server that mail is fetched from."))
    except (OSError, IMAPClientError) as error:
        return Tried(works=False, said=in_its_own_words(error))
    try:
        opened = client.select_folder(server.folder, readonly=True)
        notes = []
        if not client.has_capability("IDLE"):
            notes.append(_("It cannot tell us of new mail at once; we ask twice a minute."))
        said = _("%(folder)s opened: %(count)d mails") % {
            "folder": server.folder,
            "count": int(opened[b"EXISTS"]),
        }
        return Tried(works=True, said=said, notes=tuple(notes))
    except (OSError, IMAPClientError) as error:
        return Tried(works=False, said=in_its_own_words(error))
    finally:
        with contextlib.suppress(OSError, IMAPClientError):
            client.logout()


def try_sending(settings: dict[str, Any], secrets: dict[str, str], address: str) -> Tried:
    """Sign in by SMTP and name the sender; no mail is sent."""
    try:
        server = replace(server_from(settings, secrets, "smtp"), timeout=TIMEOUT)
        client = open_smtp(server, hello=address.rpartition("@")[2] or "localhost")
    except NoSettings:
        return Tried(works=False, said=_("Name the server that mail is sent by."))
    except (OSError, smtplib.SMTPException) as error:
        return Tried(works=False, said=in_its_own_words(error))
    try:
        code, words = client.mail(address) if "@" in address else client.noop()
        client.rset()
        said = f"{code} {words.decode('utf-8', 'replace')}"
        return Tried(works=code == 250, said=said)
    except (OSError, smtplib.SMTPException) as error:
        return Tried(works=False, said=in_its_own_words(error))
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()
