"""A disk that failed is not trusted again: the process ends, and its supervisor starts another.

After a failed write or sync the system may call the same bytes written the next time, though
they are lost. Nothing that was promised depends on this process; whatever was under way is
begun anew by the next one, or by whoever sent it (security.md R15).
"""

import errno
import logging
import os

log = logging.getLogger(__name__)

TRY_AGAIN = 75
"""What mail servers take for "not now" (sysexits.h)."""

_FAILED = 10
"""SQLITE_IOERR; its finer kinds carry it in their lowest byte."""
_FULL = 13
_FULL_ON_POSTGRESQL = "53100"


def is_failure(error: BaseException) -> bool:
    """Whether the disk refused to write or to sync, for another reason than being full."""
    if isinstance(error, OSError):
        return error.errno == errno.EIO
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == _FAILED


def is_full(error: BaseException | None) -> bool:
    """Whether there was no room; it may come back, and the work is done then."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlite_errorcode", 0) == _FULL:
            return True
        if getattr(error, "sqlstate", "") == _FULL_ON_POSTGRESQL:
            return True
        error = error.__cause__
    return False


def end_if_failed(error: BaseException) -> None:
    """End the process where the disk failed; return where it is something else."""
    if is_failure(error):
        log.critical("The disk failed: this process ends, and another begins.", exc_info=error)
        logging.shutdown()
        os._exit(TRY_AGAIN)
