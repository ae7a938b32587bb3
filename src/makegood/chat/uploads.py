"""Files that a visitor sends ahead of their message; what is not used is let go."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.chat.models import Upload, Visitor
from makegood.files.actions import keep_file
from makegood.files.leaving import let_go
from makegood.files.room import refuse_without_room
from makegood.kit.errors import Refused
from makegood.kit.ids import digest, new_token
from makegood.kit.text import one_line

UNUSED_LASTS = timedelta(hours=1)
MOST_WAITING = 10
AT_ONCE = 100


@transaction.atomic
def keep_upload(visitor: Visitor, *, name: str, content_type: str, content: bytes) -> str:
    """Keep a file for a message to come; returns the word by which that names it."""
    refuse_without_room()
    limits = visitor.inbox.limits
    if len(content) > limits.attachment_bytes:
        raise Refused(_("This file is larger than we can take."))
    if visitor.uploads.count() >= MOST_WAITING:
        raise Refused(_("Send what you have added first, then add more."))
    token = new_token()
    Upload.objects.create(
        visitor=visitor,
        token_hash=digest(token),
        file=keep_file(content),
        name=one_line(name.replace("\\", "/").rpartition("/")[2], 255) or "file",
        content_type=one_line(content_type, 120) or "application/octet-stream",
        at=timezone.now(),
    )
    return token


def take_uploads(visitor: Visitor, tokens: Sequence[str]) -> list[dict[str, str]]:
    """The files that these words name, as a message carries them. Raises `Refused`."""
    limits = visitor.inbox.limits
    found = visitor.uploads.filter(token_hash__in=[digest(one) for one in tokens])
    uploads = list(found.select_related("file").order_by("pk"))
    if len(uploads) != len(set(tokens)):
        raise Refused(_("A file did not arrive: add it once more."))
    if len(uploads) > limits.attachments or _size(uploads) > limits.attachment_bytes:
        raise Refused(_("These attachments are more than this channel can carry."))
    content = [
        {"sha256": one.file.sha256, "name": one.name, "content_type": one.content_type}
        for one in uploads
    ]
    Upload.objects.filter(pk__in=[one.pk for one in uploads]).delete()
    return content


def _size(uploads: Sequence[Upload]) -> int:
    return sum(one.file.size for one in uploads)


@transaction.atomic
def let_unused_go() -> int:
    """Give up what was sent ahead of a message that never came; how much."""
    old = Upload.objects.filter(at__lt=timezone.now() - UNUSED_LASTS).order_by("pk")
    rows = list(old.values_list("pk", "file")[:AT_ONCE])
    Upload.objects.filter(pk__in=[pk for pk, _file in rows]).delete()
    let_go({file for _pk, file in rows})
    return len(rows)
