"""How personal content is bound to its event without being in it (security.md D12)."""

import hashlib
import json
import secrets
from typing import Any

SALT_BYTES = 16
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no blanks: the same bytes from SQLite and PostgreSQL."""
    return _encode(content).encode()


def commit(salt: bytes, content: dict[str, Any]) -> str:
    return hashlib.sha256(salt + canonical(content)).hexdigest()
