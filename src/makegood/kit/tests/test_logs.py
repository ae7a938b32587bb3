import json
import logging

from makegood.kit.logs import JsonLines


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
