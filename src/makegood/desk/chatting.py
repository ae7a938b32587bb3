"""A chat as its page shows it: whether its visitor is here, what they read, where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language

from makegood.channels.registry import LIVE
from makegood.chat.attending import (
    Nearness,
    Read,
    is_proven,
    is_typing,
    nearness,
    read_in,
    visitor_in,
)
from makegood.chat.models import Visitor
from makegood.conversations.models import Conversation


@dataclass(frozen=True, kw_only=True)
class Chatting:
    """Whoever sits at the other end, and how far they have read."""

    visitor: Visitor
    near: Nearness
    is_typing: bool
    is_proven: bool
    read: Read | None = None

    @property
    def mail(self) -> str:
        """Where they can be reached once they are gone; empty where they did not say."""
        return self.visitor.mail.address if self.visitor.mail else ""

    @property
    def answers(self) -> Sequence[tuple[str, str]]:
        """What they answered before the chat, by the question as it was asked."""
        asked = self.visitor.inbox.settings.get("chat") or {}
        labels = _labels(asked.get("questions") if isinstance(asked, Mapping) else None)
        return [(labels.get(key, key), said) for key, said in self.visitor.answers.items() if said]

    @property
    def page(self) -> str:
        """The address of the page that they are on, as far as it is one that a browser opens."""
        url = self.visitor.page_url
        return url if url.lower().startswith(("https://", "http://")) else ""


def _labels(questions: object) -> Mapping[str, str]:
    """The words of each question, in the agent's language where it was written in it."""
    asked = questions if isinstance(questions, list) else []
    known = [one for one in asked if isinstance(one, dict)]
    return {str(one.get("key")): _words(one.get("labels")) or str(one.get("key")) for one in known}


def _words(labels: object) -> str:
    said = labels if isinstance(labels, dict) else {}
    ours = said.get((get_language() or "")[:2])
    return str(ours or next(filter(None, said.values()), ""))


def chatting_in(conversation: Conversation) -> Chatting | None:
    """Who chats in a conversation; None where nobody does, and then nothing is asked."""
    if conversation.inbox.kind not in LIVE:
        return None
    visitor = visitor_in(conversation)
    if visitor is None:
        return None
    now = timezone.now()
    return Chatting(
        visitor=visitor,
        near=nearness(visitor, now),
        is_typing=is_typing(visitor, now),
        is_proven=is_proven(visitor),
        read=read_in(conversation),
    )
