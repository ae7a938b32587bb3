"""Signatures over a whole mail (S/MIME, RFC 8551): whether they hold, and whose they are.

Runs in the bounded child, on the certificates that it is told. Only a signature over all of the
mail counts: one over a part of it says nothing of the words beside that part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from .mime import Mail
from .vouching import addresses_of, is_for_mail, may_vouch
from .wrapped import signed_content

_MOST_SIGNERS = 4
_MOST_CERTIFICATES = 20
_MOST_STEPS = 5
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""What is older can be forged."""
_OPAQUE = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_DETACHED = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_WRECKED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


class State(StrEnum):
    """What a signature is worth."""

    HOLDS = "holds"
    UNKNOWN = "unknown key"
    OTHER = "other sender"
    EXPIRED = "expired key"
    BROKEN = "broken"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Signature:
    """A verdict on a signature, the address that its certificate names, and the way of signing."""

    state: State
    by: str = ""
    kind: str = "S/MIME"


class _Wrong(Exception):
    """The signature does not fit."""


class _Unchecked(Exception):
    """Nobody can tell: no certificate came along, or the way of signing is too old."""


def signature_of(
    mail: Mail, sender: str, keys: Sequence[str], at: datetime | None = None
) -> Signature | None:
    """What the signature over the whole of a mail is worth; None where there is none."""
    try:
        found = _signed(mail)
        if found is None:
            return None
        signed, content = found
        known = _loaded(keys)
        signer = _signer(signed, content, known)
    except (_Wrong, InvalidSignature):
        return Signature(State.BROKEN)
    except (*_WRECKED, _Unchecked, UnsupportedAlgorithm):
        return Signature(State.UNCHECKED)
    moment = at or datetime.now(UTC)
    named = addresses_of(signer)
    by = sender if sender in named else next(iter(named), "")
    if not _is_known(signer, _certificates(signed), known, moment):
        return Signature(State.UNKNOWN, by)
    if not signer.not_valid_before_utc <= moment <= signer.not_valid_after_utc:
        return Signature(State.EXPIRED, by)
    return Signature(State.HOLDS if sender and sender in named else State.OTHER, by)


def _signed(mail: Mail) -> tuple[Any, bytes] | None:
    """The envelope of the signature, and the bytes that it is over."""
    root = mail.root
    if root.kind in _OPAQUE:
        envelope = mail.body(root)
        info = cms.ContentInfo.load(envelope)
        if info["content_type"].native != "signed_data":
            return None
        content = bytes(info["content"]["encap_content_info"]["content"].native)
        # A second content may stand where only one of two readers looks: the words shown count.
        if signed_content(envelope) != content:
            raise _Wrong
        return info["content"], content
    if root.kind != "multipart/signed" or len(root.children) != 2:
        return None
    inner, outer = root.children
    if outer.kind not in _DETACHED:
        return None
    content = mail.raw[inner.begin : inner.end].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return cms.ContentInfo.load(mail.body(outer))["content"], content


def _signer(signed: Any, content: bytes, known: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate by which the first signature holds. Raises where none does."""
    certificates = [*_certificates(signed), *known]
    for info in list(signed["signer_infos"])[:_MOST_SIGNERS]:
        certificate = _named_by(info["sid"], certificates)
        if certificate is not None:
            _check(info, certificate, content)
            return certificate
    raise _Unchecked


def _certificates(signed: Any) -> list[x509.Certificate]:
    found = []
    for each in list(signed["certificates"] or ())[:_MOST_CERTIFICATES]:
        if each.name == "certificate":
            found.append(x509.load_der_x509_certificate(each.chosen.dump()))
    return found


def _named_by(sid: Any, certificates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    for certificate in certificates:
        if sid.name == "issuer_and_serial_number":
            same = certificate.serial_number == sid.chosen["serial_number"].native
            if same and certificate.issuer.public_bytes() == sid.chosen["issuer"].dump():
                return certificate
        elif _key_id(certificate) == sid.chosen.native:
            return certificate
    return None


def _key_id(certificate: x509.Certificate) -> bytes:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return b""
    return found.value.digest


def _check(info: Any, certificate: x509.Certificate, content: bytes) -> None:
    """That this signature is over this content. Raises where it is not."""
    name = info["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        raise _Unchecked
    kind = _HASHES[name]
    attributes = info["signed_attrs"]
    if len(attributes):
        digest = hashes.Hash(kind)
        digest.update(content)
        told = [a["values"].native for a in attributes if a["type"].native == "message_digest"]
        if told != [[digest.finalize()]]:
            raise _Wrong
        content = attributes.untag().dump(force=True)
    signature, key = info["signature"].native, certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        is_pss = info["signature_algorithm"]["algorithm"].native == "rsassa_pss"
        pss = padding.PSS(padding.MGF1(kind), padding.PSS.AUTO)
        key.verify(signature, content, pss if is_pss else padding.PKCS1v15(), kind)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, content, ec.ECDSA(kind))
    elif isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, content)
    else:
        raise _Unchecked


def _loaded(keys: Sequence[str]) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for key in keys:
        if "-----BEGIN CERTIFICATE-----" not in key:
            continue  # of another way of signing
        found += x509.load_pem_x509_certificates(key.encode())
    return found


def _is_known(
    signer: x509.Certificate,
    sent: Sequence[x509.Certificate],
    known: Sequence[x509.Certificate],
    at: datetime,
) -> bool:
    """Whether we know this certificate, or the one that stands behind it."""
    path = [signer]
    for _step in range(_MOST_STEPS):
        if path[-1] in known:
            return True
        if not is_for_mail(signer):
            return False
        if any(_stands_behind(each, path, at) for each in known):
            return True
        between = [c for c in sent if c not in path and _stands_behind(c, path, at)]
        if not between:
            return False
        path.append(between[0])
    return False


def _stands_behind(one: x509.Certificate, path: Sequence[x509.Certificate], at: datetime) -> bool:
    """Whether an authority issued the last of these, and may vouch for all of them."""
    lasts = one.not_valid_before_utc <= at <= one.not_valid_after_utc
    try:
        return lasts and _issued(path[-1], one) and may_vouch(one, path)
    except ValueError:
        return False


def _issued(one: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
