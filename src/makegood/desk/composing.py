"""What the composer knows beside the words: the customer's language, and how a letter will look."""

from dataclasses import dataclass

from django.utils.translation import get_language
from markupsafe import Markup

from makegood.conversations.addressing import sending_inbox
from makegood.conversations.models import Attachment, Conversation, Draft
from makegood.conversations.signing import signed
from makegood.conversations.writing import letter, on_page
from makegood.desk.person_forms import LANGUAGES
from makegood.desk.story import address_of
from makegood.kit.direction import direction_of_language
from makegood.kit.errors import Refused
from makegood.kit.markdown import written
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """In which language somebody is written to, and which way its words run."""

    code: str
    name: str
    direction: str
    """`auto` where the words themselves are asked: only a script from the right is sure."""


def tongue_of(conversation: Conversation) -> Tongue | None:
    """The customer's language; None where nobody knows it."""
    code = conversation.customer.language
    if not code:
        return None
    is_from_right = direction_of_language(code) == "rtl"
    return Tongue(
        code=code,
        name=str(dict(LANGUAGES).get(code, code)),
        direction="rtl" if is_from_right else "auto",
    )


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A text as whoever it is for will read it."""

    words: Markup
    signature: Markup | str = ""
    text: str = ""
    language: str = ""
    direction: str = "auto"


def preview_of(
    conversation: Conversation, text: str, draft: Draft | None, *, purpose: str, by: Agent
) -> Preview:
    """How an answer will look with its signature; or a note, which has none."""
    files: list[Attachment] = list(draft.attachments.all()) if draft else []
    if purpose == Draft.Purpose.NOTE:
        return Preview(words=_shown(text, files), language=get_language() or "")
    said, signature = text, ""
    try:
        sender = sending_inbox(conversation)
        if not sender.limits.live:
            parts = signed(text, by, sender)
            said, signature = parts.text, parts.signature
    except Refused:
        pass  # nothing can leave from here; how it would look can still be said
    language = conversation.customer.language
    return Preview(
        words=_shown(said, files),
        signature=_shown(signature, ()) if signature else "",
        text=letter(said, signature=signature, language=language).text,
        language=language,
        direction=written(said).direction or direction_of_language(language),
    )


def _shown(text: str, files: "list[Attachment] | tuple[()]") -> Markup:
    return on_page(written(text).html, files, address_of)
