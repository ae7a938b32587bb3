"""What agents have typed for somebody else and not yet sent, with the files they brought."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.beside.models import SideDraft, SideFile, SideMessage, SideThread
from makegood.conversations.drafting import MAX_BYTES, MAX_FILES
from makegood.conversations.models import Conversation
from makegood.conversations.standing import lock_standing
from makegood.files.actions import keep_file
from makegood.files.room import refuse_without_room
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage, one_line
from makegood.team.models import Agent

FIELDS = ("to", "subject", "text", "quoted")


@transaction.atomic
def keep_side_draft(
    conversation: Conversation,
    thread: SideThread | None,
    typed: dict[str, str],
    *,
    client_key: str = "",
    by: Agent,
) -> SideDraft | None:
    """Keep what was typed so far, unless it was sent meanwhile: a late save is no new draft."""
    conversation, client_key = lock_standing(conversation.pk), fit_for_storage(client_key)
    if client_key and SideMessage.objects.filter(client_key=client_key).exists():
        return None
    kept = {name: fit_for_storage(typed.get(name, ""))[:200_000] for name in FIELDS}
    kept["subject"] = kept["subject"][:250]
    draft, _made = SideDraft.objects.update_or_create(
        conversation=conversation,
        thread=thread,
        agent=by,
        defaults={**kept, "saved_at": timezone.now()},
    )
    return draft


@transaction.atomic
def attach_to_side_draft(
    draft: SideDraft, *, name: str, content_type: str, content: bytes
) -> SideFile:
    """Put a file on a draft; it goes out with what is said, or away with the draft."""
    refuse_without_room()
    if len(content) > MAX_BYTES:
        raise Refused(_("A file can be at most %(n)s MB.") % {"n": MAX_BYTES // 1_048_576})
    if draft.files.count() >= MAX_FILES:
        raise Refused(_("That is more than %(n)s files.") % {"n": MAX_FILES})
    return SideFile.objects.create(
        draft=draft,
        file=keep_file(content),
        name=one_line(name.replace("\\", "/").rpartition("/")[2], 255) or _("file"),
        content_type=one_line(content_type, 120) or "application/octet-stream",
    )


def detach_from_side_draft(draft: SideDraft, pk: int) -> None:
    draft.files.filter(pk=pk).delete()


def throw_side_draft_away(draft: SideDraft) -> None:
    draft.delete()
