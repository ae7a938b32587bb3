"""What a draft would have done to the last month, in small steps in the background.

A step reads some conversations and what happened in them, and adds to the counts; killed
anywhere, a preview goes on where it was. Conditions are asked of conversations as they stand now.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.calendars.hours import Hours, Span
from makegood.calendars.queries import hours_in
from makegood.conversations.judging import which_hold
from makegood.conversations.models import Conversation
from makegood.conversations.standing import joined_into
from makegood.kit.errors import Refused
from makegood.kit.records import ref_id
from makegood.kit.remembering import remembering
from makegood.ledger.models import Event, EventSubject
from makegood.promises.choosing import calendar_for, versions_in_force
from makegood.promises.clocks import Count, due_of
from makegood.promises.models import Policy, PolicyVersion, Preview, Promise
from makegood.promises.policies import PROMISED, draft_of
from makegood.promises.rereading import lived
from makegood.promises.spells import HEARD, Spell, Told
from makegood.team.models import Agent

LOOKS_BACK = timedelta(days=30)
AT_ONCE = 200
EVENTS_AT_ONCE = 900
BREATH = 0.5
"""How long the desk has its turn after a step, in lengths of that step."""
OUTCOMES = ("kept", "broken", "open", "fell")
WAYS = ("draft", "force", "real")
_COPIED = ("condition", "targets", "rests_while_awaited", "warn_share", "steps")
Chain = Sequence[PolicyVersion]


@transaction.atomic
def ask_for_preview(policy: Policy, *, by: Agent) -> Preview:
    """Begin to look at what a draft would have done; what was asked before it is forgotten."""
    draft = draft_of(policy)
    if draft is None:
        raise Refused(_("There is no draft to look at: change something first."))
    now = timezone.now()
    Preview.objects.filter(policy=policy).delete()
    return Preview.objects.create(
        policy=policy,
        version=draft,
        drafted={name: getattr(draft, name) for name in _COPIED},
        asked_by=by,
        asked_at=now,
        begins_at=now - LOOKS_BACK,
    )


def preview_numbered(pk: int) -> Preview:
    return get_object_or_404(Preview.objects.select_related("policy", "version"), pk=pk)


def preview_next() -> int:
    """One step of the preview that was asked first; how many conversations were looked at."""
    pks = Preview.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True)
    pk = pks.first()
    if pk is None:
        return 0
    begun = time.monotonic()
    did = step(pk)
    time.sleep((time.monotonic() - begun) * BREATH)
    return max(did, 1)


def preview_whole(pk: int) -> Preview:
    """Every step now."""
    while step(pk):
        pass
    return preview_numbered(pk)


def step(pk: int) -> int:
    """The next conversations. Reads without a lock; writes only where nobody was faster."""
    begun, preview = time.monotonic(), Preview.objects.select_related("version").get(pk=pk)
    if preview.ended_at is not None:
        return 0
    if not preview.looked_at:
        preview.total = _in_the_window(preview).count()
    rows = list(_in_the_window(preview).filter(pk__gt=preview.position).order_by("pk")[:AT_ONCE])
    with remembering():
        counts = Tally(preview.counts)
        if rows:
            _count(preview, rows, counts)
    told = {
        "position": rows[-1].pk if rows else preview.position,
        "total": preview.total,
        "looked_at": preview.looked_at + len(rows),
        "counts": counts.as_json(),
        "ended_at": None if rows else timezone.now(),
        "seconds": F("seconds") + (time.monotonic() - begun),
    }
    free = Preview.objects.filter(pk=pk, position=preview.position, ended_at=None)
    return len(rows) if free.update(**told) else 0


def _in_the_window(preview: Preview) -> Any:
    return Conversation.objects.filter(
        last_at__gte=preview.begins_at, opened_at__lte=preview.asked_at, joined_into=None
    )


@dataclass
class Tally:
    """Counts by team, kind and way: the draft's, those of what is in force, what really was."""

    counts: dict[str, Any] = field(default_factory=dict)

    def add(self, conversation: Conversation, kind: str, way: str, outcome: str) -> None:
        team = self.counts.setdefault(str(conversation.team_id or 0), {})
        ways = team.setdefault(kind, {one: dict.fromkeys(OUTCOMES, 0) for one in WAYS})
        ways[way][outcome] += 1

    def as_json(self) -> dict[str, Any]:
        return self.counts


def _count(preview: Preview, roots: Sequence[Conversation], counts: Tally) -> None:
    """Live through these again, and put what is in force and the draft to each spell."""
    parts = joined_into(*(one.pk for one in roots))
    rows = {one.pk: one for one in (*roots, *Conversation.objects.filter(pk__in=parts))}
    now, begins_at = preview.asked_at, preview.begins_at
    matters = lived({pk: one.opened_at for pk, one in rows.items()}, _events(list(rows), now))
    chains = {"force": versions_in_force(), "draft": with_draft(preview)}
    questions = {one.condition for chain in chains.values() for one in chain}
    held = which_hold(sorted(questions), list(rows), now)
    for pk, matter in matters.items():
        hours = _hours_for(rows[pk])
        for spell in matter.spells:
            if begins_at <= spell.since <= now:
                found = {way: _first(chain, spell.kind, pk, held) for way, chain in chains.items()}
                for way, outcome in _outcomes(spell, found, hours, now):
                    counts.add(rows[pk], spell.kind, way, outcome)
    _count_what_was(preview, rows, counts)


def _first(chain: Chain, kind: str, pk: int, held: Mapping[str, Any]) -> PolicyVersion | None:
    return next((one for one in chain if kind in one.targets and pk in held[one.condition]), None)


def _outcomes(
    spell: Spell,
    found: Mapping[str, PolicyVersion | None],
    hours: Hours | None,
    now: datetime,
) -> Iterator[tuple[str, str]]:
    """What each way comes to; two that promise the same are reckoned once."""
    known: dict[Any, str] = {}
    for way, version in found.items():
        if version is not None:
            target = version.targets[spell.kind]
            key = (target["seconds"], target["clock"], version.rests_while_awaited)
            if key not in known:
                known[key] = outcome_of(spell, version, hours, now)
            yield way, known[key]


def outcome_of(spell: Spell, version: PolicyVersion, hours: Hours | None, now: datetime) -> str:
    """What would have become of it: kept, broken (though perhaps done later), open, or nothing."""
    target, rests = version.targets[spell.kind], list[Span]()
    is_counted = target["clock"] == Promise.Clock.HOURS
    length = timedelta(seconds=int(target["seconds"]))

    def due() -> datetime:
        counted = hours if is_counted else None
        return due_of(Count(since=spell.since, length=length, hours=counted, rests=tuple(rests)))

    due_at = due()
    for begins_at, ends_at in spell.rests if version.rests_while_awaited else ():
        if due_at < begins_at:
            break
        if ends_at is None:
            return "open"
        if begins_at < ends_at:
            rests.append(Span(begins_at, ends_at))
            due_at = due()
    if due_at < (spell.ended_at or now):
        return "broken"
    if spell.ended_at is None:
        return "open"
    return "kept" if spell.was_done else "fell"


def with_draft(preview: Preview) -> Chain:
    """What would be asked in which order if the draft were in force."""
    policy = preview.policy
    draft = PolicyVersion(policy=policy, number=preview.version.number, **preview.drafted)
    others = [one for one in versions_in_force() if one.policy_id != policy.pk]
    return sorted([*others, draft], key=lambda one: (one.policy.position, one.policy_id))


def _hours_for(conversation: Conversation) -> Hours | None:
    calendar = calendar_for(conversation)
    return hours_in(calendar) if calendar else None


def _events(numbers: Sequence[int], until: datetime) -> Iterable[Told]:
    """Everything that moved a clock in these, in the order in which it was written down."""
    refs = [f"conversation:{pk}" for pk in numbers]
    about: dict[int, list[int]] = defaultdict(list)
    # Asked in two steps: joined, SQLite walks every event of these kinds there is.
    for pk, ref in EventSubject.objects.filter(ref__in=refs).values_list("event_id", "ref"):
        about[pk].append(ref_id(ref))
    pks, heard = sorted(about), {one.kind for one in HEARD}
    for start in range(0, len(pks), EVENTS_AT_ONCE):
        some = Event.objects.filter(pk__in=pks[start : start + EVENTS_AT_ONCE]).order_by("pk")
        for pk, kind, facts, by, at in some.values_list("pk", "kind", "facts", "by", "at"):
            if kind in heard and at <= until:
                yield Told(kind=kind, facts=facts, by=by, at=at, about=about[pk])


def _count_what_was(preview: Preview, rows: Mapping[int, Conversation], counts: Tally) -> None:
    made = Promise.objects.filter(
        conversation__in=rows, kind__in=PROMISED, since__gte=preview.begins_at,
        since__lte=preview.asked_at,
    )  # fmt: skip
    for pk, kind, state, broken_at in made.values_list(
        "conversation", "kind", "state", "broken_at"
    ):
        counts.add(rows[pk], kind, "real", _what_was(state, broken_at))


def _what_was(state: str, broken_at: datetime | None) -> str:
    if broken_at is not None:
        return "broken"
    if state == Promise.State.KEPT:
        return "kept"
    return "open" if state == Promise.State.OPEN else "fell"
