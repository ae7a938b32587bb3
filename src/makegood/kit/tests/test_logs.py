import json
import logging

from time_machine import TimeMachineFixture

from makegood.kit.logs import JsonLines, Sparing


def told(**extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"msg": "It \udcff fell.", "name": "x", **extra})
    line = JsonLines().format(record)
    line.encode()
    found: dict[str, object] = json.loads(line)
    return found


def test_only_what_is_allowed_is_written() -> None:
    assert told(reason="full", password="hunter2", cookie="abc") == told(reason="full")
    assert told(reason="full")["reason"] == "full"


def test_foreign_bytes_do_not_fell_the_line() -> None:
    assert told()["says"] == "It \udcff fell."


def test_what_is_asked_in_vain_fills_no_disk(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2026-11-02 09:00:00+00:00", tick=False)
    sparing = Sparing()

    def record(level: int = logging.WARNING, status: int = 404) -> logging.LogRecord:
        said = {"msg": "Not Found: /x/", "name": "django.request", "levelno": level}
        return logging.makeLogRecord({**said, "status_code": status})

    assert sum(sparing.filter(record()) for _time in range(1_000)) == Sparing.MOST
    assert sparing.filter(record(status=403)), "another kind is told"
    assert sparing.filter(record(level=logging.ERROR)), "and what failed, always"
    time_machine.move_to("2026-11-02 09:01:00+00:00", tick=False)
    again = record()
    assert sparing.filter(again)
    assert f"{1_000 - Sparing.MOST} more" in again.getMessage()
