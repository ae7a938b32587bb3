"""Logs by allowlist: one JSON object a line, with no bodies, headers, cookies or locals.

A break-in elsewhere began with session cookies in an error log (security.md S4): what is
not named here is not written.
"""

import json
import logging
import threading
import time
import traceback
from collections import Counter
from typing import Any

FIELDS = (
    "agent",
    "arrival",
    "attempts",
    "conversation",
    "delivery",
    "event",
    "follower",
    "inbox",
    "method",
    "milliseconds",
    "path",
    "part",
    "reason",
    "status",
)


class JsonLines(logging.Formatter):
    """Time, level, logger, message, the allowed fields, and where an error came from."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "log": record.name,
            "says": record.getMessage()[:2000],
        }
        for field in FIELDS:
            value = record.__dict__.get(field)
            if isinstance(value, str | int | float):
                line[field] = value
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [f"{frame.name}:{frame.lineno}" for frame in frames[-8:]]
        # A lone surrogate of a foreign name must not fell the line that tells of it.
        return json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


class Sparing(logging.Filter):
    """Of what was asked in vain, the first few of a kind in a minute; then how many were left out.

    Whoever asks a thousand times a second must not fill the disk of who runs the desk. Our own
    lines pass, and whatever failed.
    """

    MOST = 20

    def __init__(self) -> None:
        super().__init__()
        self._minute, self._told, self._left = 0, Counter[str](), 0
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno > logging.WARNING or not record.name.startswith("django."):
            return True
        with self._lock:
            return self._is_told(record)

    def _is_told(self, record: logging.LogRecord) -> bool:
        minute = int(time.time() // 60)
        if minute != self._minute:
            left, self._left = self._left, 0
            self._minute, self._told = minute, Counter()
            if left:
                record.msg = f"{record.msg} ({left} more before it were left out.)"
        kind = f"{record.name} {getattr(record, 'status_code', '')}"
        self._told[kind] += 1
        is_told = self._told[kind] <= self.MOST
        self._left += not is_told
        return is_told
