"""What the design page shows: made-up rows and messages, in the templates that show real ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from makegood.channels.interface import Trust
from makegood.conversations.listing import Row
from makegood.conversations.models import Conversation, Message, Note
from makegood.desk.rows import written
from makegood.desk.story import DELIVERY, TRUST, Part, Told
from makegood.kit.html import paragraphs
from makegood.team.models import Agent

TOKENS: Sequence[str] = (
    "sunken", "surface", "raised", "hover", "chosen", "hairline", "edge", "ink", "ink-soft",
    "ink-faint", "accent", "accent-soft", "kept", "kept-soft", "at-risk", "at-risk-soft", "broken",
    "broken-soft", "note", "note-edge",
)  # fmt: skip
ICONS = (
    "inbox",
    "clock",
    "reply",
    "lock",
    "hand",
    "tag",
    "alarm-clock",
    "check",
    "send",
    "command",
)
THEMES = (("light", _("Light")), ("dark", _("Dark")))
SIDES = (("ltr", _("From the left")), ("rtl", _("From the right")))


class Sample(forms.Form):
    """A field of each kind, one of them wrong."""

    name = forms.CharField(label=_("Name"), help_text=_("Customers read it."), max_length=80)
    address = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=(("one", _("One of a few")), ("other", _("Another"))),
        widget=forms.Select(attrs={"class": "input"}),
    )
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 3}))
    agrees = forms.BooleanField(label=_("A box to tick"), required=False)


def shown(theme: str, side: str) -> dict[str, Any]:
    """All that the page needs: every component in every state."""
    now = timezone.now()
    wrong = Sample({"name": "Ida Berg", "address": "ida@", "kind": "one", "text": "Hello"})
    return {
        "tokens": TOKENS,
        "icons": ICONS,
        "rows": written(_rows(now), "#"),
        "parts": list(_parts(now)),
        "conversation": Conversation(pk=1),
        "filled": Sample({"name": "Ida Berg", "address": "ida@example.com", "kind": "other"}),
        "wrong": wrong,
        "now": now,
        "somebody": "Ida Berg",
        "style_theme": theme if theme in dict(THEMES) else "light",
        "side": side if side in dict(SIDES) else "ltr",
        "themes": THEMES,
        "sides": SIDES,
    }


def _rows(now: datetime) -> list[Row]:
    usual: dict[str, Any] = {
        "status": "open", "turn": "ours", "snoozed_until": None, "assignee_id": None,
        "assignee": "", "channel": "email", "inbox": "Hello", "has_attachment": False,
        "is_unread": False, "is_undelivered": False, "tags": (), "last_at": now,
        "colours": ("", "", ""),
        "priority": Conversation.Priority.NORMAL, "mood": "neutral",
    }  # fmt: skip
    said = "I ordered the brass lamp three weeks ago, and nothing came."
    states: Sequence[dict[str, Any]] = (
        {
            "is_unread": True,
            "customer": "Ida Berg",
            "tags": ("late", "vip", "brass"),
            "colours": ("red", "", ""),
            "priority": Conversation.Priority.URGENT,
        },
        {"turn": "theirs", "customer": "Karim Adl", "assignee_id": 1, "assignee": "Nora"},
        {"customer": "ليلى حداد", "subject": "هل تشحنون إلى بيروت؟", "preview": "مرحباً"},
        {"customer": "Bo", "snoozed_until": now + timedelta(days=1), "turn": "theirs"},
        {"customer": "Wilhelmina-Antoinette Freifrau von der Lampenschirmmanufaktur"},
        {
            "customer": "Grace",
            "mood": "unhappy",
            "is_undelivered": True,
            "has_attachment": True,
            "channel": "web",
        },
    )
    return [
        Row(**{
            "pk": number, "subject": "Where is my lamp?", "preview": said,
            "turn_since": now - timedelta(hours=number), **usual, **state,
        })
        for number, state in enumerate(states, 1)
    ]  # fmt: skip


def _parts(now: datetime) -> Sequence[Part]:
    theirs = Message(
        pk=1, direction="incoming", author_name="Ida Berg", at=now, trust_reason="DKIM passed.",
        text="Hello,\n\nstill nothing here. Where is my lamp?", quoted="On Tuesday you wrote:",
    )  # fmt: skip
    ours = Message(pk=2, direction="outgoing", author_name="Nora", at=now, text="It left today.")
    lost = Message(
        pk=3, direction="outgoing", author_name="Nora", at=now, text="And here is the number.",
        delivery_trouble="550 5.1.1 no such person here",
    )  # fmt: skip
    note = Note(pk=1, agent=Agent(name="Tomas"), at=now, text="She waits for the third time.")
    told = [Told(at=now, words=str(_("Nora took it")), icon="hand")]
    return [
        Part(kind="day", at=now),
        Part(kind="message", at=now, message=theirs, trust=TRUST[Trust.UNVERIFIED]),
        Part(kind="told", at=now, told=told),
        Part(kind="message", at=now, message=ours, delivery=DELIVERY["delivered"]),
        Part(kind="message", at=now, message=lost, trouble=_("This did not get there.")),
        Part(kind="note", at=now, note=note, words=paragraphs(note.text)),
    ]
