"""What agents have typed and not yet said, kept as typed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makegood.conversations.models import Attachment, Conversation, Draft, Message, Note
from makegood.conversations.standing import lock_standing
from makegood.files.actions import keep_file
from makegood.files.room import refuse_without_room
from makegood.files.serving import SHOWN_INLINE, sniffed_type
from makegood.kit.errors import Refused
from makegood.kit.ids import new_token
from makegood.kit.text import fit_for_storage, one_line
from makegood.team.models import Agent

SAID_OTHERWISE = _(
    "This was said already, in other words than these. Look at the conversation, then send again."
)
MAX_FILES = 20
MAX_BYTES = 25 * 1024 * 1024
LONGEST_TYPED = 5_000_000
"""More than a request can bring: what is typed is never cut."""


@transaction.atomic
def save_draft(conversation: Conversation, text: str, *, purpose: str, by: Agent) -> Draft:
    """Keep what was typed so far; an empty draft without files is no draft."""
    draft, _made = Draft.objects.update_or_create(
        conversation=conversation,
        agent=by,
        purpose=purpose,
        defaults={"text": fit_for_storage(text)[:LONGEST_TYPED], "saved_at": timezone.now()},
    )
    return draft


@transaction.atomic
def keep_typed(
    conversation: Conversation, text: str, *, purpose: str, client_key: str, by: Agent
) -> bool:
    """Keep what is being typed, unless it was said meanwhile: a late save is no new draft."""
    # Whoever is saying it at this moment holds the conversation: wait, then look.
    conversation = lock_standing(conversation.pk)
    if was_said(purpose, client_key):
        return False
    save_draft(conversation, text, purpose=purpose, by=by)
    return True


def was_said(purpose: str, client_key: str) -> bool:
    """Whether what was typed under this word went out, or was noted, already."""
    return said_under(purpose, client_key) is not None


def said_under(purpose: str, client_key: str) -> str | None:
    """The words that went out, or were noted, under this word of the page's."""
    noun = Message if purpose == Draft.Purpose.REPLY else Note
    said = noun.objects.filter(client_key=client_key).values_list("text", flat=True)
    return said.first() if client_key else None


@transaction.atomic
def attach_to_draft(
    draft: Draft, *, name: str, content_type: str, content: bytes, placed: bool = False
) -> Attachment:
    """Put a file on a draft; it goes out with what is said, or away with the draft.

    One that is `placed` is a picture that may stand in the text: it gets a name for that.
    """
    refuse_without_room()
    if len(content) > MAX_BYTES:
        raise Refused(gettext("A file can be at most %(n)s MB.") % {"n": MAX_BYTES // 1_048_576})
    if draft.attachments.count() >= MAX_FILES:
        raise Refused(gettext("That is more than %(n)s files.") % {"n": MAX_FILES})
    is_picture = placed and sniffed_type(content[:16]) in SHOWN_INLINE
    return Attachment.objects.create(
        draft=draft,
        file=keep_file(content),
        name=one_line(name.replace("\\", "/").rpartition("/")[2], 255) or gettext("file"),
        content_type=one_line(content_type, 120) or "application/octet-stream",
        cid=new_token()[:12] if is_picture else "",
    )


def detach_from_draft(draft: Draft, pk: int) -> None:
    draft.attachments.filter(pk=pk).delete()


def throw_draft_away(draft: Draft) -> None:
    draft.delete()


@transaction.atomic
def put_draft_aside(conversation: Conversation, text: str, *, by: Agent) -> Draft:
    """Hold what was typed as it is, with its files: it is decided elsewhere whether it is said."""
    draft = save_draft(conversation, text, purpose=Draft.Purpose.REPLY, by=by)
    draft.purpose = Draft.Purpose.HELD
    draft.save(update_fields=["purpose"])
    return draft


@transaction.atomic
def give_draft_back(draft: Draft, conversation: Conversation) -> Draft:
    """Let what was put aside be the writer's draft again; below it stands what they typed since."""
    drafts = Draft.objects.select_for_update().filter(conversation=conversation, agent=draft.agent)
    since = drafts.filter(purpose=Draft.Purpose.REPLY).first()
    if since is not None:
        if since.text.strip() != draft.text.strip():
            draft.text = "\n\n".join(filter(None, [draft.text.rstrip(), since.text]))
        since.attachments.update(draft=draft)
        since.delete()
    draft.purpose, draft.conversation = Draft.Purpose.REPLY, conversation
    draft.saved_at = timezone.now()
    draft.save()
    return draft
