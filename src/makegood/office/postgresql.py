"""PostgreSQL's own programs for copying a whole database out and in."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused


def dump(target: Path) -> None:
    """One consistent snapshot, in pg_dump's own format."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}")


def load(source: Path) -> None:
    """Fill an empty database; all of it or nothing."""
    _run("pg_restore", "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error", source)


def is_empty() -> bool:
    return not connection.introspection.table_names()


def _run(program: str, *arguments: str | Path) -> None:
    place: dict[str, Any] = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(place["HOST"]),
        "PGPORT": str(place["PORT"] or 5432),
        "PGUSER": str(place["USER"]),
        "PGPASSWORD": str(place["PASSWORD"]),
    }
    command = [_find(program), *map(str, arguments)]
    command += ["--dbname", str(place["NAME"])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(done.stderr.strip()[:2000])


def _find(program: str) -> str:
    found = shutil.which(program)
    if found:
        return found
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if not newest:
        raise Refused(_("%(program)s is not installed.") % {"program": program})
    return str(newest[-1])
