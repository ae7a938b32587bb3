"""The timeline as it is read: days, what was said, and what happened in between, folded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from makegood.channels.interface import Trust
from makegood.chat.models import Rating
from makegood.conversations.disguises import in_words
from makegood.conversations.models import Attachment, Conversation, Message, Note
from makegood.conversations.queries import Entry, timeline_of
from makegood.conversations.writing import beside, is_written_here, on_page
from makegood.desk.frames import has_outside_pictures
from makegood.kit.markdown import written
from makegood.ledger.facts import sentence
from makegood.ledger.models import Event
from makegood.redaction.models import Redaction
from makegood.redaction.queries import redactions_of
from makegood.redaction.spotting import Spotted, spotted_in

Words = str | Promise
NEWEST_OURS = 20


@dataclass(frozen=True)
class Sign:
    """A state: its colour's name, its shape, its word. Never the colour alone."""

    state: str
    icon: str
    word: Words


TRUST = {
    Trust.VERIFIED: Sign("", "shield-check", _("verified")),
    Trust.SAME: Sign("", "history", _("same as before")),
    Trust.UNVERIFIED: Sign("", "shield-question-mark", _("unverified")),
    Trust.SUSPICIOUS: Sign("broken", "shield-alert", _("suspicious")),
}

DELIVERY = {
    "queued": Sign("", "clock", _("waiting to leave")),
    "sending": Sign("", "send", _("leaving")),
    "sent": Sign("", "check", _("sent")),
    "delivered": Sign("", "check-check", _("delivered")),
    "cancelled": Sign("", "x", _("taken back")),
}

TROUBLE = {
    "failed": _("Not delivered."),
    "bounced": _("It came back."),
    "in doubt": _("We do not know whether this arrived."),
}

AUTOMATIC = {
    "auto-reply": _("written by a machine"),
    "bounce": _("a delivery report"),
    "list": _("from a mailing list"),
    "receipt": _("a read receipt"),
}

ICONS = {
    "conversation.assigned": "hand",
    "conversation.unassigned": "hand",
    "conversation.tagged": "tag",
    "conversation.priority_changed": "flag",
    "conversation.mood_said": "smile",
    "conversation.resolved": "circle-check",
    "conversation.reopened": "rotate-ccw",
    "conversation.snoozed": "alarm-clock",
    "conversation.woke": "alarm-clock",
    "conversation.spam_marked": "ban",
    "conversation.spam_unmarked": "ban",
    "spam.sender_marked": "ban",
    "spam.sender_cleared": "ban",
    "conversation.joined": "merge",
    "conversation.parted": "merge",
    "conversation.linked": "link",
    "conversation.unlinked": "link",
    "order.attached": "package",
    "order.detached": "package",
    "order.code_sent": "key-round",
    "order.code_wrong": "triangle-alert",
    "order.proven": "circle-check",
    "conversation.split": "corner-down-right",
    "conversation.admitted": "user-plus",
    "conversation.forward_opened": "corner-down-right",
    "message.report_doubted": "shield-question-mark",
    "chat.went_on": "send",
    "chat.taken_in": "corner-down-right",
    "chat.invitation_answered": "message-square",
    "chat.rated": "smile",
    "chat.rated_in_words": "smile",
    "conversation.sent_anyway": "circle-alert",
    "side.begun": "external-link",
    "side.forwarded": "external-link",
    "side.wrote": "external-link",
    "side.answered": "reply",
    "side.done": "circle-check",
    "side.reopened": "rotate-ccw",
    "side.undelivered": "triangle-alert",
    "side.sent_anyway": "circle-alert",
    "message.redacted": "eye",
    "message.taken_back": "rotate-ccw",
    "answer.scheduled": "clock",
    "answer.shared": "users",
    "answer.asked": "shield-question-mark",
    "answer.edited": "pencil",
    "answer.approved": "circle-check",
    "answer.returned": "reply",
    "answer.withdrawn": "rotate-ccw",
    "answer.stopped": "circle-alert",
    "automatic.queued": "send",
    "automatic.refused": "x",
    "rule.ran": "refresh-cw",
    "rule.circled": "circle-alert",
}


PRIORITIES = {one.name.lower(): one.label for one in Conversation.Priority}

RATINGS = dict(Rating.Choice.choices)

BECAUSE = {
    "time": _("its time has come"),
    "customer": _("the customer wrote"),
    "another": _("#%(number)s was settled"),
}
UNTIL = {"customer": _("the customer writes"), "another": _("#%(number)s is settled")}

RULES = {
    "acknowledgement": _("that the mail came in"),
    "confirmation": _("whether it was they who wrote"),
}
RULE = _("what a rule says")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One quiet line: something happened."""

    at: datetime
    words: str
    icon: str
    href: str = ""
    """Where what happened can be read."""
    gone: int = 0
    """The message that was taken back, where that is what happened."""
    run: int = 0
    """What a rule did, to be unfolded: which, why, and what became of it."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One piece of the story; `kind` says which of its fields counts."""

    kind: str
    at: datetime
    message: Message | None = None
    note: Note | None = None
    told: Sequence[Told] = ()
    files: Sequence[Attachment] = ()
    words: Markup | None = None
    """What was written here, with its formatting; None where plain text is all there is."""
    trust: Sign | None = None
    delivery: Sign | None = None
    trouble: Words = ""
    automatic: Words = ""
    oddities: Sequence[str] = ()
    folded: Words = ""
    """What a machine's answer says in a line: it is unfolded by a click."""
    spotted: Sequence[Spotted] = ()
    """Numbers of cards and accounts in what a customer wrote."""
    removed: Sequence[Redaction] = ()
    frame_height: int = 0
    fetches_pictures: bool = False


@dataclass(frozen=True, kw_only=True)
class Marks:
    """How far a page has told the story: what has a higher number is news."""

    message: int = 0
    note: int = 0
    event: int = 0

    def is_passed_by(self, entry: Entry) -> bool:
        return bool(
            (entry.message and entry.message.pk > self.message)
            or (entry.note and entry.note.pk > self.note)
            or (entry.event and entry.event.pk > self.event)
        )


@dataclass(frozen=True, kw_only=True)
class Story:
    """What a page shows of a conversation, and how far that goes."""

    parts: Sequence[Part] = ()
    ours: Sequence[Part] = ()
    """Our newest messages on the page already: what became of them may have changed."""
    marks: Marks = field(default_factory=Marks)
    is_cut: bool = False
    """Something was removed since: what the page shows stands there no more."""
    moved_by: frozenset[str] = frozenset()
    """Who moved words into this conversation or out of it since: they lie anywhere in the story."""
    first: int = 0
    """The number of the oldest message told; 0 where the story is told from its beginning."""


def story_of(
    conversation: Conversation, *, since: Marks | None = None, before: int | None = None
) -> Story:
    """The newest part of a conversation; after `since` only what is new."""
    entries = timeline_of(conversation, before=before)
    messages = [entry.message.pk for entry in entries if entry.message]
    marks = Marks(
        message=max(messages, default=0),
        note=max((entry.note.pk for entry in entries if entry.note), default=0),
        event=max((entry.event.pk for entry in entries if entry.event), default=0),
    )
    begins = any(entry.event and entry.event.kind == "conversation.opened" for entry in entries)
    fresh = [entry for entry in entries if since is None or since.is_passed_by(entry)]
    removed = _removed(entries)
    told = [one for one in entries if since and not since.is_passed_by(one) and _is_ours(one)]
    return Story(
        parts=_with_marks(_parts(fresh, with_days=since is None), removed),
        ours=_with_marks(map(_said, told[-NEWEST_OURS:]), removed),
        is_cut=since is not None and any(map(_is_cut, fresh)),
        moved_by=frozenset(filter(None, map(_moved_by, fresh))) if since else frozenset(),
        marks=marks,
        first=0 if begins else min(messages, default=0),
    )


def _is_cut(entry: Entry) -> bool:
    return entry.event is not None and entry.event.kind == "message.redacted"


MOVED = {"conversation.joined", "conversation.parted", "conversation.split"}


def _moved_by(entry: Entry) -> str:
    return entry.event.by if entry.event is not None and entry.event.kind in MOVED else ""


def _removed(entries: Iterable[Entry]) -> dict[str, list[Redaction]]:
    """What was removed from messages and notes; asked for only where the story tells of it."""
    entries = list(entries)
    if not any(map(_is_cut, entries)):
        return {}
    return redactions_of(one.ref for entry in entries if (one := entry.message or entry.note))


def _with_marks(parts: Iterable[Part], removed: dict[str, list[Redaction]]) -> Sequence[Part]:
    if not removed:
        return list(parts)
    refs = ((part, (part.message or part.note)) for part in parts)
    return [replace(part, removed=removed.get(one.ref, ())) if one else part for part, one in refs]


def _is_ours(entry: Entry) -> bool:
    return entry.message is not None and not entry.message.is_incoming()


def _parts(entries: Iterable[Entry], *, with_days: bool) -> Iterator[Part]:
    for _date, of_day in groupby(entries, key=lambda entry: timezone.localdate(entry.at)):
        told = list(of_day)
        if with_days:
            yield Part(kind="day", at=told[0].at)
        for is_quiet, group in groupby(told, key=lambda entry: entry.event is not None):
            run = list(group)
            yield from _quiet(run) if is_quiet else map(_said, run)


def _quiet(run: Iterable[Entry]) -> Iterator[Part]:
    """A run of events. That the story began, its first message says by itself."""
    events = [e.event for e in run if e.event and e.event.kind != "conversation.opened"]
    if events:
        yield Part(kind="told", at=events[0].at, told=[_told(event) for event in events])


def _told(event: Event) -> Told:
    fields = _readable({"because": "time", **event.told()})
    words = sentence(event.kind, fields)
    if event.kind == "conversation.assigned" and event.by == f"agent:{fields['agent']}":
        words = gettext("%(name)s took this") % {"name": fields.get("by", "")}
    icon = ICONS.get(event.kind, "circle-dot")
    gone = event.facts["message"] if event.kind == "message.taken_back" else 0
    run = event.facts["run"] if event.kind.startswith("rule.") else 0
    return Told(at=event.at, words=words, icon=icon, href=_place_of(event), gone=gone, run=run)


def _place_of(event: Event) -> str:
    """What was said beside is read in its own thread."""
    is_beside = event.kind.startswith("side.")
    return reverse("desk:side", args=[event.facts["thread"]]) if is_beside else ""


def _readable(fields: dict[str, Any]) -> dict[str, Any]:
    """A moment in a fact is written for machines; here a person reads it."""
    for name in ("before", "after"):
        if fields.get(name) in PRIORITIES:
            fields[name] = PRIORITIES[fields[name]]
    for name, meant in (("because", BECAUSE), ("until", UNTIL)):
        told = str(fields.get(name, ""))
        number = told.removeprefix("conversation:")
        if told in meant or number != told:
            fields[name] = meant.get(told) or meant["another"] % {"number": number}
    if "rating" in fields:
        fields["rating"] = RATINGS.get(fields["rating"], fields["rating"])
    if "rule" in fields:
        fields["rule"] = RULES.get(fields["rule"], RULE)
    until = parse_datetime(str(fields.get("until", "")))
    if until is not None:
        words = formats.date_format(timezone.localtime(until), "D, j M, H:i")
        fields["until"] = words
    return fields


def _said(entry: Entry) -> Part:
    if entry.message is None:
        return _noted(entry.at, entry.note)
    message = entry.message
    files, is_ours = message.attachments.all(), is_written_here(message)
    return Part(
        kind="message",
        at=entry.at,
        message=message,
        files=beside(message.text if is_ours else "", files),
        words=on_page(message.html, files, address_of) if is_ours else None,
        trust=TRUST.get(Trust(message.trust)) if message.trust else None,
        delivery=DELIVERY.get(message.delivery_state),
        trouble=TROUBLE.get(message.delivery_state, ""),
        automatic=AUTOMATIC.get(message.automatic, ""),
        oddities=in_words(message.oddities or ()),
        folded=_folded(message),
        spotted=spotted_in(message.text) if message.is_incoming() else (),
        frame_height=_guessed_height(message) if message.html and not is_ours else 0,
        fetches_pictures=has_outside_pictures(message),
    )


def _noted(at: datetime, note: Note | None) -> Part:
    if note is None:
        return Part(kind="note", at=at)
    files = note.attachments.all()
    words = on_page(written(note.text).html, files, address_of)
    return Part(kind="note", at=at, note=note, files=beside(note.text, files), words=words)


def address_of(file: Attachment) -> str:
    """Where a file of a conversation lies for agents."""
    return reverse("desk:attachment", args=[file.pk])


def _folded(message: Message) -> Words:
    """An answer by machine in one line; nothing for people, and for what asks to be looked at."""
    told = message.told
    if message.automatic != "auto-reply" or told.get("link") or told.get("by_itself"):
        return ""
    if told.get("back_on"):
        return gettext("Automatic reply: back on %(day)s") % {"day": told["back_on"]}
    if told.get("away_until"):
        return gettext("Automatic reply: away until %(day)s") % {"day": told["away_until"]}
    away = told.get("machine") == "out-of-office"
    return gettext("Automatic reply: out of office") if away else gettext("Automatic reply")


def _guessed_height(message: Message) -> int:
    """The frame cannot say how tall it is: lines of eighty letters, and room for pictures."""
    lines = sum(1 + len(line) // 80 for line in f"{message.text}\n{message.quoted}".split("\n"))
    return min(640, max(160, 22 * lines + 180 * message.html.count("<img")))
