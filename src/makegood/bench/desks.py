"""The desks that are measured: made once by `makegood sample`, kept for the next time."""

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATABASE = "MAKEGOOD_TEST_BENCH_DATABASE"
FINISHED = "finished"
"""A file that says that a desk was made to its end."""


@dataclass(frozen=True)
class Desk:
    """A data folder with so many conversations in it."""

    folder: Path
    conversations: int

    def environment(self) -> dict[str, str]:
        """What a command needs to work on this desk.

        It is SQLite, wherever we live ourselves, unless an empty database is named to measure in.
        """
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        named = os.environ.get(DATABASE)
        return {
            **kept,
            **({"DATABASE_URL": named} if named else {}),
            "MAKEGOOD_DATA": str(self.folder),
            "MAKEGOOD_URL": "http://127.0.0.1:8000",
            "MAKEGOOD_SMTP_LISTEN": "",
            "MAKEGOOD_LOG_LEVEL": "ERROR",
        }

    def run(self, *arguments: str) -> str:
        """One command of the product on this desk; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "makegood", *arguments],
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout


@cache
def desk_of(root: Path, conversations: int) -> Desk:
    """The desk of this size, made where there is none yet."""
    desk = Desk(root / f"desk-{conversations}", conversations)
    mark = desk.folder / FINISHED
    desk.folder.mkdir(parents=True, exist_ok=True)
    desk.run("migrate", "-v0")
    if not mark.exists():
        desk.run("sample", "--conversations", str(conversations))
        mark.touch()
    return desk
