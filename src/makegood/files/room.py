"""Room on the disk: below a reserve, what comes from outside stays outside (security.md R14).

The reserve is for what is here already: mails that were acknowledged are still taken in,
agents still answer, and the answers still leave.
"""

import shutil

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from makegood.kit.errors import Refused

SHARE = 20
"""On a small disk, one part of so many is kept free instead of the usual reserve."""


class NoRoom(Refused):
    """Too little room is left on the disk; nothing was kept."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            _("There is no room on the server just now, and nothing was kept. Please try later.")
        )


def reserve(total: int) -> int:
    """How many bytes stay free on a disk of this size."""
    if settings.DISK_RESERVE_BYTES is not None:
        return int(settings.DISK_RESERVE_BYTES)
    return min(total // SHARE, settings.DISK_RESERVE_AT_MOST)


def has_room() -> bool:
    """Whether something more from outside may be kept."""
    disk = shutil.disk_usage(settings.DATA)
    return disk.free > reserve(disk.total)


def refuse_without_room() -> None:
    """Raises `NoRoom`, before anything is written."""
    if not has_room():
        raise NoRoom
