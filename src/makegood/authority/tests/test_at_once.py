"""Eight who take at once take no more than one after another would: on both databases."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from makegood.authority.tests.racing import EACH, TRIES, WORKERS, Outcome, race
from tests.moulds import pour

LIMIT = 25_00


def _in_a_file(folder: Path, *words: str) -> Outcome:
    """The same race on a desk of its own in a file, as SQLite stands in use."""
    pour(folder / "makegood.sqlite3")
    environment = {**os.environ, "MAKEGOOD_DATA": str(folder), "MAKEGOOD_TEST_DATA": str(folder)}
    environment |= {"DJANGO_SETTINGS_MODULE": "makegood.config.settings"}
    environment.pop("DATABASE_URL", None)
    for command in (["makegood", "migrate", "-v0"], ["makegood.authority.tests.racing", *words]):
        done = subprocess.run(
            [sys.executable, "-m", *command], env=environment, capture_output=True, text=True,
            timeout=400, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def _is_exact(found: Outcome) -> None:
    assert found.taken + found.refused + found.gave_back == WORKERS * TRIES
    assert found.sum == found.taken * EACH
    assert found.sum <= LIMIT


@pytest.mark.sqlite
@pytest.mark.django_db
def test_no_more_is_taken_at_once_in_a_file(tmp_path: Path) -> None:
    found = _in_a_file(tmp_path)
    _is_exact(found)
    assert found.taken >= 1


@pytest.mark.sqlite
@pytest.mark.django_db
def test_careless_ones_in_a_file_would_be_seen(tmp_path: Path) -> None:
    assert _in_a_file(tmp_path, "careless").sum > LIMIT


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_more_is_taken_at_once() -> None:
    found = race(is_careful=True)
    _is_exact(found)
    assert found.taken >= 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_careless_ones_would_be_seen() -> None:
    assert race(is_careful=False).sum > LIMIT
