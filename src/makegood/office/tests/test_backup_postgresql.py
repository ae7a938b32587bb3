import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.office.backup import back_up
from makegood.office.restoring import checked, restore

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_dump_becomes_a_desk_again(tmp_path: Path) -> None:
    inbox = connect_inbox(InboxSettings(name="Hello", kind="email"), by=System("test"))
    path, missing = back_up(tmp_path)
    assert missing == []
    backup = checked(path)
    assert backup.manifest["database"] == "database.dump"
    with pytest.raises(Refused, match="empty PostgreSQL"):
        restore(backup, tmp_path / "again")

    place: dict[str, Any] = connection.settings_dict
    name = f"{place['NAME']}_again"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    url = f"postgres://{place['USER']}@{place['HOST']}:{place['PORT']}/{name}"
    source = str(Path(__file__).resolve().parents[3])
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "MAKEGOOD_DATA": str(tmp_path / "elsewhere"),
        "PYTHONPATH": source,
    }

    def makegood(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "makegood", *arguments],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    try:
        done = makegood("restore", str(path), "--data", str(tmp_path / "again"))
        assert done.returncode == 0, done.stderr
        code = "from makegood.channels.models import Inbox; print(Inbox.objects.get().public_id)"
        assert inbox.public_id in makegood("shell", "-c", code).stdout
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
