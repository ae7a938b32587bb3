from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from makegood.channels.actions import note_inbox_trouble
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.secrets import seal
from makegood.ledger.followers import catch_up, follower_names
from makegood.ledger.models import Event
from makegood.office import condition
from makegood.office.database_safety import (
    PostgresqlFacts,
    SqliteFacts,
    filesystem_of,
    judge_postgresql,
    judge_sqlite,
)
from makegood.office.doctor import findings
from makegood.team.models import Agent


@pytest.fixture
def healthy(mailbox: Inbox, settings: Any) -> Inbox:
    """A desk where all is well: every follower has read on."""
    settings.DISK_RESERVE_BYTES = 0
    for name in follower_names():
        catch_up(name)
    return mailbox


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["checks"]


def test_a_process_that_answers_is_alive(client: Client) -> None:
    assert client.get("/health/live").json() == {"ok": True}


def test_a_healthy_desk_is_ready(client: Client, healthy: Inbox) -> None:
    status, checks = ready(client)
    assert status == 200, checks
    assert set(checks) == {
        "database", "disk", "intake", "sending", "followers", "fetching", "signals",
    }  # fmt: skip


def test_a_full_disk_is_said(client: Client, healthy: Inbox, settings: Any) -> None:
    settings.DISK_RESERVE_BYTES = 1 << 62
    status, checks = ready(client)
    assert (status, checks["disk"]) == (503, {"ok": False, "says": "nearly full"})


def test_what_waits_too_long_is_said(client: Client, healthy: Inbox) -> None:
    ago = timezone.now() - timedelta(minutes=6)
    Arrival.objects.create(
        inbox=healthy, external_id="1", origin="smtp", raw=b"x", size=1, arrived_at=ago
    )
    status, checks = ready(client)
    assert (status, checks["intake"]["ok"]) == (503, False)
    Inbox.objects.update(state=Inbox.State.PAUSED)
    assert ready(client)[0] == 200, "what is paused may wait"


def test_an_answer_that_does_not_leave_is_said(
    client: Client, healthy: Inbox, lamp: Any, nora: Agent
) -> None:
    reply_to(lamp, Reply(text="On its way."), by=nora)
    Delivery.objects.update(send_after=timezone.now() - timedelta(minutes=16))
    assert ready(client)[1]["sending"]["ok"] is False
    Delivery.objects.update(send_after=timezone.now() + timedelta(days=1))
    assert ready(client)[1]["sending"]["ok"] is True


def test_a_reader_that_stopped_is_said(client: Client, healthy: Inbox, monkeypatch: Any) -> None:
    monkeypatch.setattr(condition, "FOLLOWING_WITHIN", timedelta(0))
    note_inbox_trouble(healthy, "BYE")
    assert Event.objects.exists()
    status, checks = ready(client)
    assert (status, checks["followers"]["ok"]) == (503, False)


def test_a_mailbox_that_does_not_answer_is_said(client: Client, healthy: Inbox) -> None:
    Inbox.objects.update(settings={"imap": {"host": "imap.lantern.example"}})
    assert ready(client)[1]["fetching"] == {"ok": False, "says": "1 late"}
    Inbox.objects.update(fetched_at=timezone.now())
    assert ready(client)[1]["fetching"]["ok"] is True


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_asking_takes_the_lock_and_writes_nothing(
    client: Client, settings: Any, monkeypatch: Any
) -> None:
    settings.DISK_RESERVE_BYTES = 0
    monkeypatch.setattr(condition, "lock_of_sqlite", condition.LastLook())
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA data_version").fetchone()
        assert client.get("/health/ready").status_code == 200
        assert cursor.execute("PRAGMA data_version").fetchone() == before
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20000,)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_however_many_ask_writers_are_disturbed_once_in_a_while(client: Client) -> None:
    look = condition.LastLook()
    statements: list[str] = []

    def listen(execute: Any, sql: str, *more: Any) -> Any:
        statements.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(listen):
        assert [look() for _ask in range(50)] == [""] * 50
    assert statements.count("BEGIN IMMEDIATE") == 1


def test_health_tells_strangers_no_secrets(client: Client, healthy: Inbox) -> None:
    note_inbox_trouble(healthy, "NO invalid password hunter2")
    said = client.get("/health/ready").text
    assert healthy.address not in said
    assert "hunter2" not in said


SAFE = (3, 51, 3)


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (SqliteFacts(version=SAFE), 0),
        (SqliteFacts(version=(3, 53, 4)), 0),
        (SqliteFacts(version=(3, 50, 7)), 0),
        (SqliteFacts(version=(3, 50, 6)), 1),
        (SqliteFacts(version=(3, 44, 6)), 0),
        (SqliteFacts(version=(3, 40, 1)), 1),
        (SqliteFacts(version=(3, 40, 1), journal="delete"), 1),
        (SqliteFacts(version=SAFE, journal="off"), 1),
        (SqliteFacts(version=SAFE, synchronous=1), 1),
        (SqliteFacts(version=SAFE, synchronous=0), 1),
        (SqliteFacts(version=SAFE, has_foreign_keys=False), 1),
        (SqliteFacts(version=SAFE, is_trusting=True), 1),
        (SqliteFacts(version=SAFE, erases=False), 1),
        (SqliteFacts(version=SAFE, filesystem="nfs4"), 1),
        (SqliteFacts(version=SAFE, filesystem="cifs", synchronous=1), 2),
    ],
)
def test_sqlite_is_judged_by_what_it_does(facts: SqliteFacts, wrong: int) -> None:
    assert len(judge_sqlite(facts)) == wrong


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (PostgresqlFacts(version=150004), 0),
        (PostgresqlFacts(version=140012), 1),
        (PostgresqlFacts(version=150004, fsync="off"), 1),
        (PostgresqlFacts(version=150004, full_page_writes="off"), 1),
        (PostgresqlFacts(version=150004, synchronous_commit="off"), 1),
        (PostgresqlFacts(version=150004, synchronous_commit="local"), 0),
    ],
)
def test_postgresql_is_judged_by_what_it_does(facts: PostgresqlFacts, wrong: int) -> None:
    assert len(judge_postgresql(facts)) == wrong


def test_the_nearest_mount_counts(tmp_path: Any) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n"
    assert filesystem_of(tmp_path / "data", mounts) == "nfs4"
    assert filesystem_of(tmp_path.parent, mounts) == "ext4"


def about(subject: str) -> list[str]:
    return [found.says for found in findings() if found.about == subject]


@pytest.mark.sqlite
def test_the_doctor_is_content_with_a_healthy_desk(
    healthy: Inbox, settings: Any, tmp_path: Any
) -> None:
    settings.URL = "https://desk.lantern.example"
    settings.DATA = settings.FILES_ROOT = tmp_path
    tmp_path.chmod(0o700)
    wrong = [found for found in findings() if found.is_wrong]
    assert [found for found in wrong if found.about != "translations"] == []


def test_the_doctor_names_files_that_others_can_read(
    healthy: Inbox, settings: Any, tmp_path: Any
) -> None:
    settings.DATA = tmp_path
    tmp_path.chmod(0o755)
    assert any(str(tmp_path) in says for says in about("files"))


def test_the_doctor_knows_a_root_key_that_does_not_fit(healthy: Inbox) -> None:
    Inbox.objects.update(sealed=seal("inbox", "somewhere else", "{}"))
    assert about("root key") == ["The root key does not open the password of Hello."]


def test_the_doctor_sees_replies_led_to_colleagues(healthy: Inbox, nora: Agent) -> None:
    Inbox.objects.update(settings={"smtp": {}, "reply_domain": "lantern.example"})
    assert any("reply domain lantern.example" in says for says in about("inbox"))


def test_the_doctor_reads_out_what_a_server_said(healthy: Inbox) -> None:
    note_inbox_trouble(healthy, "NO [AUTHENTICATIONFAILED]")
    assert about("inbox") == ["Hello: NO [AUTHENTICATIONFAILED]"]


def test_the_doctor_minds_links_that_lead_nowhere(healthy: Inbox, settings: Any) -> None:
    assert "which only this machine can open" in about("address")[0]
    settings.URL = "http://desk.lantern.example"
    assert "in the clear" in about("address")[0]


def test_the_doctors_word_is_the_commands_end(
    healthy: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    note_inbox_trouble(healthy, "NO [AUTHENTICATIONFAILED]")
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")
    assert ended.value.code == 1
    assert "Office → Inboxes → Hello → Servers." in capsys.readouterr().out


def test_the_owner_reads_the_same(as_olga: Client, healthy: Inbox) -> None:
    note_inbox_trouble(healthy, "NO [AUTHENTICATIONFAILED]")
    assert "Hello: NO [AUTHENTICATIONFAILED]" in as_olga.get("/office/health/").text
