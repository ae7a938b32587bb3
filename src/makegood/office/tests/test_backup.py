"""A backup is taken while the desk works, in processes of their own, and made a desk again."""

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from makegood.kit.errors import Refused
from makegood.office.restoring import Damaged, checked, restore

pytestmark = pytest.mark.sqlite

WRITER = """
import hashlib, itertools, os, sys
import django
django.setup()
from makegood.channels.actions import RawArrival, take_in
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.ledger.actors import System
inbox = connect_inbox(InboxSettings(name="Hello", kind="email"), by=System("test"))
for number in itertools.count():
    raw = os.urandom(200_000 if number % 3 == 0 else 900)
    take_in([RawArrival(inbox_id=inbox.pk, raw=raw, origin="smtp", external_id=str(number))])
    print(number, hashlib.sha256(raw).hexdigest(), flush=True)
"""


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    source = str(Path(__file__).resolve().parents[3])
    return {
        **kept,
        "MAKEGOOD_DATA": str(data),
        "PYTHONPATH": source,
        "DJANGO_SETTINGS_MODULE": "makegood.config.settings",
    }


def makegood(data: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "makegood", *map(str, arguments)]
    return subprocess.run(
        command, env=environment(data), capture_output=True, text=True, check=False
    )


@contextmanager
def writing(data: Path, acknowledged: Path) -> Iterator[None]:
    """Somebody who writes all the time and says what was acknowledged."""
    with acknowledged.open("w") as said:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER], env=environment(data), stdout=said
        )
        try:
            yield
        finally:
            writer.kill()
            writer.wait()


def lines(acknowledged: Path) -> list[list[str]]:
    text = acknowledged.read_text()
    return [line.split() for line in text[: text.rfind("\n") + 1].splitlines()]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk of its own, in files."""
    folder = tmp_path_factory.mktemp("desk")
    assert makegood(folder, "migrate", "-v0").returncode == 0
    return folder


@pytest.fixture(scope="module")
def taken(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[str]]]:
    """A backup taken while somebody writes, and what was acknowledged before it began."""
    folder = tmp_path_factory.mktemp("backup")
    acknowledged = folder / "acknowledged"
    with writing(data, acknowledged):
        until = time.monotonic() + 30
        while len(lines(acknowledged)) < 30 and time.monotonic() < until:
            time.sleep(0.05)
        before = lines(acknowledged)
        done = makegood(data, "backup", folder / "desk.tar")
        assert done.returncode == 0, done.stderr
        assert len(lines(acknowledged)) > len(before), "nobody wrote while it was taken"
    return folder / "desk.tar", before


def test_everything_acknowledged_before_is_in_it(
    taken: tuple[Path, list[list[str]]], tmp_path: Path
) -> None:
    path, before = taken
    done = makegood(tmp_path / "elsewhere", "restore", path, "--data", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "again" / "makegood.sqlite3")) as database:
        rows = dict(
            database.execute(
                "SELECT external_id, COALESCE(sha256, hex(raw)) FROM channels_arrival"
                " LEFT JOIN files_file ON files_file.id = file_id"
            ).fetchall()
        )
    assert len(before) >= 30
    assert {number for number, _ in before} <= set(rows)
    for number, sha256 in before:
        if int(number) % 3 == 0:
            assert rows[number] == sha256
            kept = tmp_path / "again" / "files" / sha256[:2] / sha256[2:4] / sha256
            assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha256
    assert makegood(tmp_path / "again", "ledger", "verify").returncode == 0


def test_the_backup_and_the_restored_desk_are_for_their_owner_alone(
    taken: tuple[Path, Any], tmp_path: Path
) -> None:
    path, _ = taken
    assert path.stat().st_mode & 0o777 == 0o600
    restore(checked(path), tmp_path / "again")
    others = [found for found in (tmp_path / "again").rglob("*") if found.stat().st_mode & 0o077]
    assert others == []


def test_the_keys_that_the_shop_knows_come_along(data: Path, tmp_path: Path) -> None:
    known = data / "known-keys" / "0123456789abcdef.pem"
    known.parent.mkdir(exist_ok=True)
    known.write_text("a certificate")
    assert makegood(data, "backup", tmp_path / "desk.tar").returncode == 0
    restore(checked(tmp_path / "desk.tar"), tmp_path / "again")
    assert (tmp_path / "again" / "known-keys" / known.name).read_text() == "a certificate"


def test_the_root_key_stays_out_unless_asked_for(data: Path, tmp_path: Path) -> None:
    for flag, is_in in ((), False), (("--with-root-key",), True):
        path = tmp_path / f"{is_in}.tar"
        done = makegood(data, "backup", path, *flag)
        assert ("keep a copy of it elsewhere" in done.stdout) is not is_in
        with tarfile.open(path) as tar:
            assert ("root.key" in tar.getnames()) is is_in
    key = (data / "root.key").read_bytes().strip()
    assert key not in (tmp_path / "False.tar").read_bytes()


def test_every_flipped_bit_is_seen(taken: tuple[Path, Any], tmp_path: Path) -> None:
    whole = taken[0].read_bytes()
    copy = tmp_path / "flipped.tar"
    chance = random.Random(7)
    places = [chance.randrange(len(whole)) for _ in range(200)]
    for place in [0, 100, 512, len(whole) - 1, len(whole) - 90, *places]:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        with pytest.raises(Damaged):
            checked(copy)
    copy.write_bytes(whole)
    assert checked(copy).manifest["format"] == 1


def test_a_backup_cut_short_is_seen(taken: tuple[Path, Any], tmp_path: Path) -> None:
    whole = taken[0].read_bytes()
    for length in (0, 1, 511, 512, len(whole) // 2, len(whole) - 1):
        (tmp_path / "short.tar").write_bytes(whole[:length])
        with pytest.raises(Damaged):
            checked(tmp_path / "short.tar")


def test_nothing_is_overwritten(taken: tuple[Path, Any], data: Path, tmp_path: Path) -> None:
    again = makegood(data, "backup", taken[0])
    assert again.returncode == 1
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").write_text("mine")
    with pytest.raises(Refused, match="not empty"):
        restore(checked(taken[0]), tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["something"]


def test_an_archive_cannot_write_beside_its_folder(tmp_path: Path) -> None:
    from makegood.office.backup import TRAILER  # to forge a sum that fits

    path = tmp_path / "evil.tar"
    (tmp_path / "x").write_text("evil")
    with tarfile.open(path, "w") as tar:
        tar.add(tmp_path / "x", arcname="../../evil")
    content = path.read_bytes()
    total = hashlib.sha256(content).hexdigest()
    path.write_bytes(content + TRAILER + total.encode() + b"\n")
    with pytest.raises(Damaged):
        checked(path)


def test_a_missing_file_is_said_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    makegood(data, "migrate", "-v0")
    with closing(sqlite3.connect(data / "makegood.sqlite3")) as database:
        database.execute(
            "INSERT INTO files_file (sha256, size, created_at) VALUES (?, 1, '2026-03-02')",
            ["0" * 64],
        )
        database.commit()
    done = makegood(data, "backup", tmp_path / "desk.tar")
    assert done.returncode == 1
    assert "0000" in done.stderr
    manifest = checked(tmp_path / "desk.tar").manifest
    assert manifest["missing"] == ["0" * 64]
