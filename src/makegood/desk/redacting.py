"""What the page that removes words shows: the thing, what may be chosen, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.beside.queries import side_message_for
from makegood.conversations.models import Attachment, Conversation
from makegood.conversations.queries import message_for, note_for
from makegood.redaction.actions import Wish
from makegood.redaction.models import Redaction
from makegood.redaction.removing import Stands
from makegood.team.models import Agent

PLACES: dict[str, str | Promise] = {
    "conversation": _("subjects and previews"),
    "message": _("messages"),
    "note": _("notes"),
    "draft": _("drafts"),
    "sidemessage": _("messages beside"),
    "arrival": _("mails as they came: each goes as a whole, but for who wrote when"),
    "delivery": _("mails as they left"),
    "event": _("events: their proof stays"),
    "file": _("files of plain text: each goes as a whole"),
}
LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What words are chosen from."""

    ref: str
    texts: Sequence[str]
    files: Sequence[Attachment] = ()


class RedactForm(forms.Form):
    """What is to go, and why."""

    words = forms.CharField(label=_("What is to go"), max_length=LONGEST, strip=True)
    reason = forms.CharField(label=_("Why"), max_length=200, strip=True)

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(words=data["words"], reason=data["reason"], what=Redaction.What.PASSAGE)


def thing_to_redact(agent: Agent, conversation: Conversation, ref: str) -> Thing:
    """A message, a note or something said beside, where it stands in this conversation; or 404."""
    noun, _colon, number = ref.partition(":")
    if not ref:
        return Thing(ref="", texts=[conversation.subject])
    if not number.isdecimal() or len(number) > 15:
        raise Http404
    thing = _read(agent, noun, int(number))
    if thing is None or thing[0] != conversation.pk:
        raise Http404
    return Thing(ref=ref, texts=[text for text in thing[1] if text], files=thing[2])


def _read(
    agent: Agent, noun: str, pk: int
) -> tuple[int, Sequence[str], Sequence[Attachment]] | None:
    if noun == "message":
        message = message_for(agent, pk)
        texts = [message.subject, message.text, message.quoted]
        return message.conversation_id, texts, list(message.attachments.select_related("file"))
    if noun == "note":
        note = note_for(agent, pk)
        files = list(note.attachments.select_related("file"))
        return note.conversation_id, [note.text], files
    if noun == "sidemessage":
        side = side_message_for(agent, pk)
        return side.thread.conversation_id, [side.subject, side.text, side.quoted], []
    return None


def in_words(stands: Stands) -> list[dict[str, Any]]:
    """Where something stands, most telling first; places without a name of their own as others."""
    told = [
        {"place": words, "n": stands.counts[name]}
        for name, words in PLACES.items()
        if name in stands.counts
    ]
    others = sum(n for name, n in stands.counts.items() if name not in PLACES)
    return [*told, {"place": _("other places"), "n": others}] if others else told
