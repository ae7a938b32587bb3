"""Keys that the shop knows, S/MIME and OpenPGP: files in its data folder."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

from .openpgp import KEY_BLOCK, certificates
from .openpgp import addresses_of as addresses_of_pgp
from .vouching import addresses_of, names_an_authority

_LARGEST = 1_000_000
_MOST = 200
_KINDS = {".pem": "S/MIME", ".asc": "PGP"}


@dataclass(frozen=True, kw_only=True)
class KnownKey:
    """One key: whose it is, and until when it counts. `name` is that of its file."""

    name: str
    kind: str
    fingerprint: str
    owner: str
    addresses: list[str]
    expires_at: datetime | None
    is_authority: bool = False
    is_revoked: bool = False


def folder() -> Path:
    return Path(settings.DATA) / "known-keys"


def known_keys() -> list[str]:
    """Every key, armoured (PEM or OpenPGP). The child that reads mail is told them."""
    place = folder()
    try:
        changed = place.stat().st_mtime_ns
    except OSError:
        return []
    return list(_read(place, changed))


def known_key_files() -> list[Path]:
    """Where they lie, for who makes a backup."""
    return sorted(path for path in folder().glob("*") if path.suffix in _KINDS)[:_MOST]


@lru_cache(maxsize=2)
def _read(_place: Path, _changed: int) -> tuple[str, ...]:
    return tuple(path.read_text() for path in known_key_files())


def describe_known_keys() -> list[KnownKey]:
    """Every key, as who runs the shop reads it."""
    return [_described(path.name, path.read_text()) for path in known_key_files()]


def add_known_keys(given: bytes) -> list[str]:
    """Remember the keys in a file (PEM, DER or OpenPGP); whose they are. Raises `Refused`."""
    if b"PRIVATE KEY" in given:
        raise Refused(
            _("This file holds a private key. Give only the public one: nobody needs yours.")
        )
    found = _split(given) if len(given) <= _LARGEST else {}
    if not found:
        raise Refused(_("This file holds no certificate and no public key."))
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if len({path.name for path in known_key_files()} | set(found)) > _MOST:
        raise Refused(_("More than %(n)s keys cannot be known.") % {"n": _MOST})
    for name, text in found.items():
        half = place / f"{name}.half"
        half.write_text(text)
        half.rename(place / name)  # there whole or not at all: it is read at every mail
    return [_described(name, text).owner for name, text in found.items()]


def forget_known_key(name: str) -> KnownKey:
    """Know a key no more; which one it was. Raises `Refused` where there is none of that name."""
    path = next((path for path in known_key_files() if path.name == name), None)
    if path is None:
        raise Refused(_("This key is not known."))
    forgotten = _described(name, path.read_text())
    path.unlink(missing_ok=True)
    return forgotten


def _split(given: bytes) -> dict[str, str]:
    """Each key in a file on its own, by the name that it is kept under."""
    try:
        if KEY_BLOCK.encode() in given or (
            b"-----BEGIN" not in given and not given.startswith(b"0")
        ):
            return {f"{cert.fingerprint[-16:]}.asc": str(cert) for cert in certificates(given)}
        if b"-----BEGIN" in given:
            loaded = x509.load_pem_x509_certificates(given)
        else:
            loaded = [x509.load_der_x509_certificate(given)]
    except (ValueError, RuntimeError):
        return {}
    armoured = [each.public_bytes(Encoding.PEM) for each in loaded]
    return {f"{hashlib.sha256(pem).hexdigest()[:16]}.pem": pem.decode() for pem in armoured}


def _described(name: str, text: str) -> KnownKey:
    if name.endswith(".asc"):
        key = certificates(text.encode())[0]
        return KnownKey(
            name=name,
            kind="PGP",
            fingerprint=key.fingerprint,
            owner=", ".join(map(str, key.user_ids)) or key.fingerprint,
            addresses=addresses_of_pgp(key),
            expires_at=key.expiration,
            is_revoked=key.is_revoked,
        )
    certificate = x509.load_pem_x509_certificate(text.encode())
    return KnownKey(
        name=name,
        kind="S/MIME",
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        owner=certificate.subject.rfc4514_string(),
        addresses=addresses_of(certificate),
        expires_at=certificate.not_valid_after_utc,
        is_authority=names_an_authority(certificate),
    )
