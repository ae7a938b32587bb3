"""Certificates that the shop knows: files in its data folder, added by whoever runs it."""

import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

_LARGEST = 1_000_000
_MOST = 200


def folder() -> Path:
    return Path(settings.DATA) / "known-keys"


def known_keys() -> list[str]:
    """Every certificate, as PEM. The child that reads mail is told them."""
    place = folder()
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return []
    return list(_read(place, changed))


def known_key_files() -> list[Path]:
    """Where they lie, for who makes a backup."""
    return sorted(folder().glob("*.pem"))[:_MOST]


@lru_cache(maxsize=2)
def _read(place: Path, _changed: int) -> tuple[str, ...]:
    return tuple(path.read_text() for path in sorted(place.glob("*.pem"))[:_MOST])


def add_known_keys(given: bytes) -> list[str]:
    """Remember the certificates in a file (PEM or DER); whose they are. Raises `Refused`."""
    try:
        if len(given) > _LARGEST:
            raise ValueError
        if b"-----BEGIN" in given:
            found = x509.load_pem_x509_certificates(given)
        else:
            found = [x509.load_der_x509_certificate(given)]
    except ValueError as error:
        raise Refused(_("This file holds no certificate.")) from error
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in found:
        pem = each.public_bytes(Encoding.PEM)
        path = place / f"{hashlib.sha256(pem).hexdigest()[:16]}.pem"
        half = path.with_suffix(".half")
        half.write_bytes(pem)
        half.rename(path)  # there whole or not at all: it is read at every mail
    return [each.subject.rfc4514_string() for each in found]
