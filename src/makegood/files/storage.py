"""Bytes on disk: named by their SHA-256, mode 0600, and on stable storage before we say so.

No name that anybody gave ever reaches the file system (security.md T41, T42).
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from makegood.kit.disk import end_if_failed

_DURABLE: set[Path] = set()
"""Folders that this process has synced: whoever made one may have died before that."""


def root() -> Path:
    return Path(settings.FILES_ROOT)


def path_of(sha256: str) -> Path:
    if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
        raise ValueError("Not a SHA-256.")
    return root() / sha256[:2] / sha256[2:4] / sha256


def store(content: bytes) -> str:
    """Keep the bytes and return their SHA-256; when this returns they survive a power cut."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    try:
        _make_folders(path.parent)
        if path.exists():
            _sync_folder(path.parent)  # who wrote it may not have come as far yet
        else:
            _write(path, content)
    except OSError as error:
        end_if_failed(error)
        raise
    return sha256


def _write(path: Path, content: bytes) -> None:
    work = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(work, path)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            work.unlink()
        raise
    _sync_folder(path.parent)


def _make_folders(folder: Path) -> None:
    if folder in _DURABLE and folder.is_dir():
        return
    if folder == root():
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)
    _DURABLE.add(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def load(sha256: str) -> bytes:
    return path_of(sha256).read_bytes()


def has(sha256: str) -> bool:
    return path_of(sha256).exists()


def remove(sha256: str) -> None:
    """Take the bytes off the disk. Only `leaving.py` may: it knows that nobody needs them."""
    path = path_of(sha256)
    if path.exists():
        path.unlink()
        _sync_folder(path.parent)
