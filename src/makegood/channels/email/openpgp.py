"""Signatures by OpenPGP over a whole mail (RFC 9580, 3156): whether they hold, and whose they are.

Runs in the bounded child, on the keys that it is told. The arithmetic and its policy (which ways
of signing are too old to mean anything) are Sequoia's.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .addresses import addresses, canonical
from .mime import Mail
from .signatures import Signature, State

if TYPE_CHECKING:
    from pysequoia import Cert, Sig

KEY_BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
_BEGIN_SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
_BEGIN_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"
_END_SIGNATURE = b"-----END PGP SIGNATURE-----"
_DETACHED = ("application/pgp-signature", "application/x-pgp-signature")
_LONGEST_SIGNATURE = 50_000


def pgp_signature_of(
    mail: Mail, sender: str, keys: Sequence[str], at: datetime | None = None
) -> Signature | None:
    """What the signature over the whole of a mail is worth; None where there is none."""
    found = _signed(mail)
    if found is None:
        return None
    armour, content = found
    try:
        from pysequoia import Sig  # nine megabytes: only a reader that meets such a mail has them

        signature = Sig.from_bytes(armour)
        known = [cert for key in keys if KEY_BLOCK in key for cert in certificates(key.encode())]
        return _judged(signature, content, known, sender, at or datetime.now(UTC))
    except (RuntimeError, ValueError, OverflowError):
        return Signature(State.UNCHECKED, kind="PGP")


def certificates(given: bytes) -> list["Cert"]:
    """The public keys in a file, armoured or not. Raises `RuntimeError` where it holds none."""
    from pysequoia import Cert  # large: see above

    return Cert.split_bytes(given)


def addresses_of(cert: "Cert") -> list[str]:
    """The addresses that a key is for."""
    named = [one.address for name in cert.user_ids for one in addresses(str(name).encode())]
    return list(dict.fromkeys(filter(None, map(canonical, named))))


def _signed(mail: Mail) -> tuple[bytes, bytes] | None:
    """The signature, and what it is over: of a part (RFC 3156), or of a text signed in clear."""
    root = mail.root
    if root.kind == "multipart/signed" and len(root.children) == 2:
        inner, outer = root.children
        if outer.kind not in _DETACHED:
            return None
        content = mail.raw[inner.begin : inner.end].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return mail.body(outer)[:_LONGEST_SIGNATURE], content
    return _signed_in_clear(mail.body(root)) if root.kind == "text/plain" else None


def _signed_in_clear(body: bytes) -> tuple[bytes, bytes] | None:
    """A text in a frame, where nothing stands outside the frame (RFC 9580, section 7)."""
    text = body.strip().replace(b"\r\n", b"\n")
    is_whole = text.startswith(_BEGIN_SIGNED) and text.endswith(_END_SIGNATURE)
    if not is_whole or text.count(_BEGIN_SIGNED) > 1 or text.count(_BEGIN_SIGNATURE) != 1:
        return None
    head, blank, rest = text.partition(b"\n\n")
    said, _mark, armour = rest.partition(b"\n" + _BEGIN_SIGNATURE)
    if not blank or not _is_head(head):
        return None
    # The end of each line is not signed, nor the dash before a line that begins with one.
    lines = [line.removeprefix(b"- ").rstrip(b" \t\r") for line in said.split(b"\n")]
    return (_BEGIN_SIGNATURE + armour)[:_LONGEST_SIGNATURE], b"\r\n".join(lines)


def _is_head(head: bytes) -> bool:
    """Only `Hash:` may stand above the words: other lines would be shown to nobody."""
    return all(line.startswith((b"Hash:", _BEGIN_SIGNED)) for line in head.split(b"\n"))


def _judged(
    signature: "Sig", content: bytes, known: Sequence["Cert"], sender: str, at: datetime
) -> Signature:
    from pysequoia import verify  # large: see above
    from pysequoia.packet import HashAlgorithm  # large: see above

    signer = next((cert for cert in known if _made_by(signature, cert)), None)
    if signer is None:
        # Without the key nobody can tell whether the words are the same.
        return Signature(State.UNKNOWN, kind="PGP")
    named = addresses_of(signer)
    by = sender if sender in named else next(iter(named), "")
    if signature.hash_algorithm in (HashAlgorithm.MD5, HashAlgorithm.SHA1):
        return Signature(State.UNCHECKED, by, "PGP")
    is_over = signer.is_revoked or (signer.expiration is not None and signer.expiration < at)
    try:
        verify(bytes=content, store=lambda _ids: [signer], signature=signature)
    except RuntimeError:
        return Signature(State.EXPIRED if signer.is_revoked else State.BROKEN, by, "PGP")
    if is_over:
        return Signature(State.EXPIRED, by, "PGP")
    return Signature(State.HOLDS if sender and sender in named else State.OTHER, by, "PGP")


def _made_by(signature: "Sig", cert: "Cert") -> bool:
    return any(one in _issuers(signature) for one in _keys_of(cert))


def _issuers(signature: "Sig") -> set[str]:
    named = (signature.issuer_fingerprint, signature.issuer_key_id)
    return {one.lower() for one in named if one}


def _keys_of(cert: "Cert") -> Iterator[str]:
    """The fingerprint and the short number of a key and of those that hang on it."""
    from pysequoia.packet import PacketPile  # large: see above

    for packet in PacketPile.from_bytes(bytes(cert)):
        for name in (packet.fingerprint, packet.key_id):
            if name:
                yield name.lower()
