"""What the disk did decides what the process does: wait where it is full, end where it failed."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError

from makegood.kit.disk import TRY_AGAIN, is_failure, is_full

SOURCE = Path(__file__).resolve().parents[3]


class SQLiteError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("error", "failed", "full"),
    [
        (OSError(errno.EIO, "I/O error"), True, False),
        (OSError(errno.ENOSPC, "no space"), False, True),
        (OSError(errno.EACCES, "no"), False, False),
        (SQLiteError(1034), True, False),
        (SQLiteError(10), True, False),
        (SQLiteError(13), False, True),
        (SQLiteError(5), False, False),
    ],
)
def test_a_failed_disk_a_full_one_and_other_troubles_are_told_apart(
    error: Exception, failed: bool, full: bool
) -> None:
    assert (is_failure(error), is_full(error)) == (failed, full)


def test_what_django_made_of_it_is_seen_through() -> None:
    error = DatabaseError("database or disk is full")
    error.__cause__ = SQLiteError(13)
    assert is_full(error)


def test_a_process_whose_disk_failed_ends_and_says_try_again() -> None:
    code = (
        "import errno; from makegood.kit.disk import end_if_failed;"
        "end_if_failed(OSError(errno.ENOSPC, 'full')); print('went on', flush=True);"
        "end_if_failed(OSError(errno.EIO, 'failed')); print('never')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (TRY_AGAIN, "went on\n")
