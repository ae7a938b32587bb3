"""Why a promise is due when it is: the whole derivation, as sentences and as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise as Words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makegood.calendars.hours import Span
from makegood.promises.choosing import hours_by_calendar
from makegood.promises.clocks import ran, stretches
from makegood.promises.deriving import said_of
from makegood.promises.models import DEADLINES, Promise, Rest
from makegood.promises.standing import Standing

MOST_STRETCHES = 40


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A due time taken apart. Times are in UTC; sentences speak by the promise's own clock."""

    promise: Promise
    sentences: Sequence[str]
    stretches: Sequence[Span]
    """When its clock ran, from its beginning until it was due."""
    rests: Sequence[Span]
    zone: ZoneInfo

    def as_json(self) -> dict[str, Any]:
        """The same as data: every number that the sentences speak of."""
        one = self.promise
        version = one.version
        return {
            "promise": one.pk,
            "conversation": one.conversation_id,
            "order": one.order_id,
            "part": one.part,
            "kind": one.kind,
            "words": one.words,
            "kept_by_writing": one.is_kept_by_writing,
            "state": one.state,
            "made_by": one.made_by,
            "made_at": _iso(one.made_at),
            "since": _iso(one.since),
            "policy": version.policy.name if version else None,
            "version": version.number if version else None,
            "condition": version.condition if version else None,
            "clock": one.clock,
            "calendar": one.calendar.name if one.calendar else None,
            "zone": self.zone.key,
            "seconds": one.seconds,
            "counted": [_span(span) for span in self.stretches],
            "rests": [_span(span) for span in self.rests],
            "rests_since": _iso(one.rests_since),
            "bound_at": _iso(one.bound_at),
            "warn_at": _iso(one.warn_at),
            "due_at": _iso(one.due_at),
            "broken_at": _iso(one.broken_at),
            "cause": str(one.cause) if one.cause else None,
            "cause_words": one.cause_words,
            "settled_at": _iso(one.settled_at),
            "settled_by": one.settled_by,
            "reason": one.reason,
            "sentences": list(self.sentences),
        }


def explain(promise: Promise, now: datetime, zone: ZoneInfo | None = None) -> Explanation:
    """Derive a due time anew from what is kept of it; `zone` is whose clock the words speak by."""
    hours = hours_by_calendar([promise]).get(promise.calendar_id or 0)
    rests = list(promise.rests.all())
    count = Standing(promise, hours, rests).count()
    zone = zone or (hours.zone if hours else ZoneInfo("UTC"))
    counted = stretches(count, promise.due_at) if promise.seconds is not None else []
    rested = [_rested(one, now) for one in rests]
    speaker = _Speaker(promise, zone)
    sentences = [
        *(speaker.why() if promise.is_of_an_order else [speaker.made(), *speaker.stock()]),
        *speaker.clock(counted),
        *(speaker.rest(one) for one in rested),
        *speaker.bound(),
        speaker.due(),
        *speaker.ended(ran(count, now) if promise.seconds is not None else None),
    ]
    return Explanation(
        promise=promise, sentences=sentences, stretches=counted, rests=rested, zone=zone
    )


class _Speaker:
    """Says the parts of one derivation."""

    def __init__(self, promise: Promise, zone: ZoneInfo) -> None:
        self.promise, self.zone = promise, zone

    def moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        day = formats.date_format(local, _("D j M"))
        return f"{day}, {formats.time_format(local.time(), 'G:i')}"

    def why(self) -> list[str]:
        """As the app says it that made it; else by its kind, and from when."""
        one = self.promise
        said = said_of(one, self.zone) if one.is_of_an_order else []
        words = _("%(kind)s: promised of the order %(order)s on %(since)s.")
        told = {"kind": one.get_kind_display(), "order": one.order}
        return said or [words % {**told, "since": self.moment(one.since)}]

    def made(self) -> str:
        one, version = self.promise, self.promise.version
        told = {"since": self.moment(one.since), "kind": one.get_kind_display()}
        if one.kind in DEADLINES:
            return self._deadline()
        if version is None:
            who = one.owner.name if one.owner else _("The team")
            words = _("%(who)s promised on %(since)s: “%(words)s”.")
            return words % {**told, "who": who, "words": one.words}
        words = _(
            "The policy “%(policy)s”, version %(version)s, promises the %(kind)s within %(length)s."
        )
        length = in_words(timedelta(seconds=one.seconds or 0))
        return words % {
            **told,
            "policy": version.policy.name,
            "version": version.number,
            "length": length,
        }

    def stock(self) -> list[str]:
        """Of what waits for a thing: whether an answer keeps it already."""
        one = self.promise
        if one.kind != Promise.Kind.BACK_IN_STOCK or one.settled_at is not None:
            return []
        if one.is_kept_by_writing:
            return [_("It is there again: the next answer keeps it.")]
        return [_("It is not there yet, and no answer keeps it before; the next one after does.")]

    def _deadline(self) -> str:
        """A moment was set: no hours of ours are counted."""
        one = self.promise
        if one.kind == Promise.Kind.APPROVAL:
            return one.words if one.words.endswith(".") else f"{one.words}."
        words = _("%(words)s. They set the time; from %(warn)s on it is at risk, in any hours.")
        return words % {"words": one.words, "warn": self.moment(one.warn_at)}

    def clock(self, counted: Sequence[Span]) -> list[str]:
        one = self.promise
        if one.seconds is None:
            return []
        said = [self._by_which_hours()]
        for span in counted[:MOST_STRETCHES]:
            words = _("Counted from %(from)s to %(to)s: %(length)s.")
            told = {"from": self.moment(span.begins_at), "to": self.moment(span.ends_at)}
            said.append(words % {**told, "length": in_words(span.length)})
        return said

    def _by_which_hours(self) -> str:
        one = self.promise
        told = {"since": self.moment(one.since)}
        if one.clock == Promise.Clock.ALWAYS:
            return _("Its clock began on %(since)s and runs around the clock.") % told
        if one.calendar is None:
            words = _(
                "Its clock began on %(since)s; no opening hours are set, so every hour counts."
            )
            return words % told
        words = _("Its clock began on %(since)s and counts the opening hours “%(name)s”.")
        return words % {**told, "name": one.calendar.name}

    def rest(self, span: Span) -> str:
        words = _("It rested from %(from)s to %(to)s, while the customer was awaited.")
        return words % {"from": self.moment(span.begins_at), "to": self.moment(span.ends_at)}

    def bound(self) -> list[str]:
        at = self.promise.bound_at
        words = _("What was joined into this was due on %(at)s: no later than that.")
        return [words % {"at": self.moment(at)}] if at else []

    def due(self) -> str:
        if self.promise.rests_since is not None:
            return _("It rests now; what is left runs on when the customer writes.")
        return _("So it is due on %(due)s.") % {"due": self.moment(self.promise.due_at)}

    def ended(self, gone: timedelta | None) -> list[str]:
        one, said = self.promise, list[str]()
        if one.broken_at is not None:
            said.append(_("It was broken on %(at)s.") % {"at": self.moment(one.broken_at)})
            said += _why_it_broke(one)
        if one.settled_at is None:
            if gone and one.rests_since is None and one.broken_at is None:
                said.append(_("%(length)s of it have gone.") % {"length": in_words(gone)})
            return said
        told = {"at": self.moment(one.settled_at), "reason": reason_in_words(one.reason)}
        if one.state == Promise.State.KEPT:
            said.append(_("It was kept on %(at)s.") % told)
        elif one.state == Promise.State.LATE:
            late = in_words(one.settled_at - one.due_at)
            said.append(_("It was kept on %(at)s, %(late)s late.") % {**told, "late": late})
        else:
            said.append(_("It fell away on %(at)s: %(reason)s.") % told)
        return said


REASONS: Mapping[str, Words] = {
    "resolved": gettext_lazy("the matter was resolved without an answer"),
    "spam": gettext_lazy("it was spam"),
    "joined": gettext_lazy("its conversation was joined into another, which goes on"),
    "split": gettext_lazy("what it was about was split off"),
    "answered": gettext_lazy("nobody waits any more"),
    "unsaid": gettext_lazy("the answer that said it was taken back before it left"),
    "undone": gettext_lazy("what promised it was undone"),
    "cancelled": gettext_lazy("the order was cancelled"),
    "otherwise": gettext_lazy("the order stands otherwise than when it was promised"),
    "forgotten": gettext_lazy("the customer was forgotten"),
}
"""Words of ours for why nothing had to be done any more; every other reason an agent wrote."""


def _why_it_broke(promise: Promise) -> list[str]:
    """A cause of the shop's list, what somebody said besides, or that nobody said yet."""
    cause, words = promise.cause, promise.cause_words
    if cause is None:
        return [_("Nobody said yet why.")] if promise.asks_since else []
    told = {"cause": cause, "words": words}
    if words:
        return [_("Why it broke: %(cause)s, “%(words)s”.") % told]
    return [_("Why it broke: %(cause)s.") % told]


def reason_in_words(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def in_words(length: timedelta) -> str:
    """`2 h 30 min`, `3 min`, `45 s`; a working day is not a day, so hours are not folded."""
    seconds = max(0, round(length.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [ngettext("%(n)s h", "%(n)s h", hours) % {"n": hours}] if hours else []
    parts += [_("%(n)s min") % {"n": minutes}] if minutes else []
    return " ".join(parts) or _("%(n)s s") % {"n": seconds}


def _rested(rest: Rest, now: datetime) -> Span:
    return Span(rest.begins_at, rest.ends_at or max(now, rest.begins_at))


def _span(span: Span) -> dict[str, str | int]:
    return {
        "from": span.begins_at.astimezone(UTC).isoformat(),
        "to": span.ends_at.astimezone(UTC).isoformat(),
        "seconds": round(span.length.total_seconds()),
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
