"""Seals over the ledger: a Merkle root per batch, chained to the one before, signed.

A follower seals after the commit, so that writers never queue behind one another. The leaf
of an event covers everything that does not change: id, kind, facts, actor, both clocks, the
commitment to its personal content, and its subjects. Leaves are kept in the seal, so that a
verifier can name the very row that does not fit.

Hashing follows RFC 6962 (2.1): 0x00 before a leaf, 0x01 before a node, so that no node can
pass for a leaf.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from makegood.kit.secrets import key_for
from makegood.ledger.commitments import canonical
from makegood.ledger.followers import follows
from makegood.ledger.models import Event, Seal

LEAF = struct.Struct(">q32s")


def leaf(event: Event) -> bytes:
    """The 32-byte hash that stands for an event."""
    content = (
        event.pk,
        event.kind,
        event.facts,
        event.by,
        event.at,
        event.recorded_at,
        event.commitment,
    )
    return leaf_of(content, [subject.ref for subject in event.subjects.all()])


def leaf_of(content: tuple[Any, ...], refs: Iterable[str]) -> bytes:
    """The leaf of an event by its parts, in the order of `leaf`."""
    *before, at, recorded_at, commitment = content
    parts = [*before, _moment(at), _moment(recorded_at), commitment, sorted(refs)]
    return hashlib.sha256(b"\x00" + canonical(parts)).digest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaves in order; an odd one out rises unchanged."""
    level = list(leaves) or [hashlib.sha256(b"").digest()]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[index] + level[index + 1]).digest()
            for index in range(0, len(level) - 1, 2)
        ]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def pack(leaves: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(LEAF.pack(number, value) for number, value in leaves)


def unpack(packed: bytes) -> list[tuple[int, bytes]]:
    return list(LEAF.iter_unpack(packed))


def chain_digest(seal: Seal) -> str:
    """What is signed: the seal's own content and the digest of the seal before."""
    content = [seal.previous, seal.root, seal.first, seal.last, _moment(seal.sealed_at)]
    return hashlib.sha256(canonical(content)).hexdigest()


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key_for("ledger-seal"))


def public_key() -> str:
    """The key that checks our seals, in hex; keep a copy of it elsewhere."""
    public = _private_key().public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def is_signed_by(key: str, seal: Seal) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(seal.signature), bytes.fromhex(seal.digest)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


@follows("seal", keeps_order=True)
def seal_events(events: Sequence[Event]) -> None:
    """Close one batch. Runs in the follower's transaction: sealed once, in order."""
    before = Seal.objects.order_by("-pk").first()
    if before is not None:
        # A cursor set back to zero must not seal what is sealed already.
        events = [event for event in events if event.pk > before.last]
    seal_leaves([(event.pk, leaf(event)) for event in events])


def seal_what_waits() -> None:
    """Seal now whatever was recorded and is not sealed yet."""
    last = Seal.objects.order_by("-pk").values_list("last", flat=True).first() or 0
    waiting = Event.objects.filter(pk__gt=last).order_by("pk")
    seal_events(list(waiting.prefetch_related("subjects")))


def seal_leaves(leaves: Sequence[tuple[int, bytes]]) -> None:
    """Chain a signed seal over leaves that come after everything that is sealed."""
    if not leaves:
        return
    before = Seal.objects.order_by("-pk").first()
    seal = Seal(
        first=leaves[0][0],
        last=leaves[-1][0],
        leaves=pack(leaves),
        root=merkle_root([value for _number, value in leaves]).hex(),
        previous=before.digest if before else "",
        sealed_at=timezone.now(),
    )
    seal.digest = chain_digest(seal)
    seal.signature = _private_key().sign(bytes.fromhex(seal.digest)).hex()
    seal.save()
