"""Recorded and hand-written mails, by what they show."""

from pathlib import Path

from makegood.channels.email.reading import read
from makegood.channels.interface import Incoming

SAMPLES = Path(__file__).parent / "samples"

HEAD = b"From: Ida Berg <ida@customer.test>\nTo: support@shop.test\nSubject: My lamp\n"


def names() -> list[str]:
    return sorted(path.stem for path in SAMPLES.glob("*.eml"))


def raw(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def sample(name: str, **envelope: object) -> Incoming:
    return read(raw(name), envelope)


def mail(body: bytes, headers: bytes = b"") -> Incoming:
    return read(HEAD + headers + b"\n" + body, {})
