"""Logs by allowlist: one JSON object a line, with no bodies, headers, cookies or locals.

A break-in elsewhere began with session cookies in an error log (security.md S4): what is
not named here is not written.
"""

import json
import logging
import traceback
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
