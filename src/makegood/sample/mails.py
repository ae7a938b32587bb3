"""The sample shop's first mails: composed like a client's, and sent in over SMTP like any other."""

import json
import smtplib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import Any

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Inbox

DATA = Path(__file__).parent / "data"
TYPES = {".png": ("image", "png"), ".csv": ("text", "csv")}


@dataclass(frozen=True)
class Letter:
    """One mail with its envelope."""

    sender: str
    recipient: str
    mail: EmailMessage


def send_samples(host: str, port: int) -> int:
    """Send every sample mail to a listener, the oldest first; how many it took."""
    letters = list(sample_letters(datetime.now(UTC)))
    with smtplib.SMTP(host, port, local_hostname="sample.example", timeout=30) as server:
        for letter in letters:
            server.send_message(letter.mail, letter.sender, [letter.recipient])
    return len(letters)


def fill_in_the_form(inbox: Inbox) -> None:
    """Somebody writes by the contact form, too."""
    form = told()["form"]
    raw = json.dumps({**form, "text": form["text"].strip()}).encode()
    sent = RawArrival(inbox_id=inbox.pk, raw=raw, origin="form", envelope={"confirm": True})
    take_in([sent])


def sample_letters(now: datetime) -> Iterator[Letter]:
    texts = told()
    for text in sorted(texts["mail"], key=lambda text: -text["hours"]):
        mail = _compose(text, texts["files"], now)
        sender = text.get("envelope") or parseaddr(text["from"])[1]
        yield Letter(sender=sender, recipient=text["to"], mail=mail)


def told() -> dict[str, Any]:
    """Everything that the sample customers write, as it stands in the file."""
    return tomllib.loads((DATA / "mails.toml").read_text())


def _compose(text: dict[str, Any], files: dict[str, str], now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = text["from"], text["to"], text["subject"]
    mail["Date"] = format_datetime(now - timedelta(hours=text["hours"]))
    mail["Message-ID"] = make_msgid(domain=text["from"].rpartition("@")[2].rstrip(">"))
    for name, value in text.get("headers", {}).items():
        mail[name] = value
    mail.set_content(text["text"].lstrip())
    if "html" in text:
        mail.add_alternative(text["html"], subtype="html")
        for name in text.get("inline", ()):
            kind, subtype = TYPES[Path(name).suffix]
            html: Any = mail.get_payload(1)
            html.add_related(_content(name, files), kind, subtype, cid=f"<{name}>")
    for name in text.get("attach", ()):
        kind, subtype = TYPES[Path(name).suffix]
        mail.add_attachment(_content(name, files), kind, subtype, filename=name)
    return mail


def _content(name: str, files: dict[str, str]) -> bytes:
    return files[name].encode() if name in files else (DATA / name).read_bytes()
