"""The files themselves are read: database, write-ahead log, contents. Nothing of it is left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from makegood.redaction.tests.on_disk import SECRET

ROOT = Path(__file__).resolve().parents[4]


def run(step: str, data: Path) -> None:
    env = {
        **os.environ,
        "MAKEGOOD_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "makegood.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    env.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "makegood.redaction.tests.on_disk", step],
        env=env, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def files_that_hold(word: bytes, data: Path) -> list[str]:
    """Every file below a folder that holds a word, in small or large letters."""
    return sorted(
        path.relative_to(data).as_posix()
        for path in data.rglob("*")
        if path.is_file() and word.lower() in path.read_bytes().lower()
    )


@pytest.mark.sqlite
def test_no_file_of_the_desk_holds_it_any_more(tmp_path: Path) -> None:
    # The index keeps of a word what the word before does not begin with.
    pieces = [SECRET.encode(), SECRET[1:].lower().encode(), SECRET[3:].lower().encode()]
    run("write", tmp_path)
    before = files_that_hold(pieces[0], tmp_path)
    assert any(name.startswith("makegood.sqlite3") for name in before), "else this proves nothing"
    assert any(name.startswith("files/") for name in before)
    run("redact", tmp_path)
    assert [files_that_hold(piece, tmp_path) for piece in pieces] == [[], [], []]
