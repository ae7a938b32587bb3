"""Histories of two conversations: lived by the real actions, and beside them by the oracle."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import time_machine
from django.db import transaction
from hypothesis import strategies as st

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.calendars.models import Calendar
from makegood.channels.models import Inbox
from makegood.conversations.actions import reopen_conversation, resolve_conversation
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.unwanted import mark_as_spam, mark_as_wanted
from makegood.kit.errors import Refused
from makegood.promises.models import Policy, PolicyVersion, Promise
from makegood.promises.recounting import count_next
from makegood.promises.tests.oracle import Oracle, Snapshot
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.promised import again, written

BEGINS = [datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 23, 9, tzinfo=UTC),
          datetime(2026, 10, 19, 9, tzinfo=UTC)]  # fmt: skip
"""Before the clocks change in America, in Europe forward, and back."""
ZONES = ["Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns",
         "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago",
         "Asia/Kathmandu", "Pacific/Auckland"]  # fmt: skip
DAY, NIGHT, BOTH = ((540, 1020),), ((1320, 1800),), ((480, 720), (780, 1080))
WEEKS = {
    "days": (DAY,) * 5 + ((),) * 2,
    "nights": (NIGHT,) * 7,
    "split": (BOTH, (), BOTH, DAY, BOTH, DAY, ()),
    "always": (((0, 1440),),) * 7,
}
GAPS = [1, 7, 30, 61, 240, 900, 3100]
VERBS = [
    "write", "write", "answer", "answer", "resolve", "reopen", "spam", "unspam", "join", "part",
    "tick", "jump", "hours",
]  # fmt: skip
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    gap: int
    verb: str
    name: str
    week: str


@dataclass(frozen=True)
class History:
    begins: datetime
    zone: str
    week: str
    clock: str
    rests: bool
    targets: tuple[int, int, int]
    steps: tuple[Step, ...]


def histories() -> st.SearchStrategy[History]:
    steps = st.builds(
        Step,
        gap=st.sampled_from(GAPS),
        verb=st.sampled_from(VERBS),
        name=st.sampled_from("ab"),
        week=st.sampled_from(sorted(WEEKS)),
    )
    return st.builds(
        History,
        begins=st.sampled_from(BEGINS),
        zone=st.sampled_from(ZONES),
        week=st.sampled_from(sorted(WEEKS)),
        clock=st.sampled_from(["hours", "hours", "always"]),
        rests=st.booleans(),
        targets=st.tuples(*[st.sampled_from([5, 60, 120, 600])] * 3),
        steps=st.lists(steps, min_size=2, max_size=int(os.environ.get("STEPS", "12"))).map(tuple),
    )


@cache
def _is_open(zone: str, week: str, quarter: datetime) -> bool:
    wall = quarter.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    shifts, before = WEEKS[week][wall.weekday()], WEEKS[week][wall.weekday() - 1]
    return any(begin <= minute < end for begin, end in shifts) or any(
        begin <= minute + 1440 < end for begin, end in before
    )


def _clock(zone: str, week: str) -> Callable[[datetime], bool]:
    def is_open(at: datetime) -> bool:
        return _is_open(zone, week, at.replace(minute=at.minute // 15 * 15))

    return is_open


class Life:
    """One history lived: every step by the real action, and told to the oracle."""

    def __init__(self, history: History, form: Inbox, nora: Agent) -> None:
        self.history, self.form, self.nora, self.at = history, form, nora, history.begins
        self.calendar: Calendar | None = None
        names = ("first_answer", "next_answer", "resolution")
        seconds = dict(zip(names, (60 * n for n in history.targets), strict=True))
        self.oracle = Oracle(lambda _at: True, seconds, history.rests)
        self._set_hours(history.week)
        self._publish(seconds)
        self.rows: dict[str, int] = {}
        for name, email in (("a", "ida@example.com"), ("b", "karim@example.com")):
            self.rows[name] = written(form, f"About {name}", self.at, email=email).pk
            self._tell("write", name, {})
            self.at += MINUTE

    def live(self) -> None:
        for step in self.history.steps:
            self.at += step.gap * MINUTE
            if step.verb == "tick":
                tick(self.at)
            elif step.verb == "jump":
                tick(self.at + timedelta(days=3))
            elif step.verb == "hours":
                self._change_hours(step.week)
            else:
                self._act(step)
        self.at += timedelta(days=99)  # all is over by then, but what rests
        while tick(self.at):
            pass
        for name in self.rows:
            for one in self.oracle.told.get(name, []):
                self.oracle._break(one, self.at)

    def said(self) -> dict[str, list[tuple[object, ...]]]:
        """What the rows say."""
        found: dict[str, list[tuple[object, ...]]] = {}
        for name, pk in self.rows.items():
            rows = Promise.objects.filter(conversation=pk).order_by("pk")
            found[name] = _in_order(
                (one.kind, one.since, one.state, one.settled_at, _due(one.rests_since, one.due_at))
                for one in rows
            )
        return found

    def expected(self) -> dict[str, list[tuple[object, ...]]]:
        return {
            name: _in_order(
                (one.kind, one.since, one.state, one.settled_at,
                 _due(one.rests_now or None, one.due_at))
                for one in self.oracle.told.get(name, [])
            )
            for name in self.rows
        }  # fmt: skip

    def _act(self, step: Step) -> None:
        before, standing = self._snapshots(), self._standing(step.name)
        row = Conversation.objects.get(pk=self.rows[step.name])
        verb = step.verb
        try:
            with transaction.atomic(), time_machine.travel(self.at, tick=False):
                self._do(verb, row, step.name)
        except Refused:
            return
        if verb in ("join", "part"):
            target = step.name
        else:
            target = standing
        after = self._snapshots()
        if verb not in ("write", "answer") and before == after:
            return  # it was so already
        self._tell(verb, target, before)

    def _do(self, verb: str, row: Conversation, name: str) -> None:
        if verb == "write":
            again(row, "And?", self.at)
        elif verb == "answer":
            reply_to(row, Reply(text="Soon."), by=self.nora)
        elif verb == "join":
            into = Conversation.objects.get(pk=self.rows["b" if name == "a" else "a"])
            join_conversation(row, into=into, by=self.nora)
        else:
            acts = {
                "resolve": resolve_conversation,
                "reopen": reopen_conversation,
                "spam": mark_as_spam,
                "unspam": mark_as_wanted,
                "part": part_conversation,
            }
            acts[verb](row, by=self.nora)

    def _tell(self, verb: str, target: str, before: Mapping[str, Snapshot]) -> None:
        answered = {
            name: Message.objects.filter(
                conversation=pk, direction="outgoing", agent__isnull=False
            ).exists()
            for name, pk in self.rows.items()
        }
        self.oracle.step(self.at, verb, before, self._snapshots(), target, answered)

    def _snapshots(self) -> dict[str, Snapshot]:
        return {
            name: Snapshot(
                status=row.status,
                waits_since=row.turn_since,
                is_ours=row.turn == "ours",
                has_words=bool(row.last_incoming),
                opened_at=row.opened_at,
            )
            for name, pk in self.rows.items()
            for row in [Conversation.objects.get(pk=pk)]
        }

    def _standing(self, name: str) -> str:
        pk = Conversation.objects.get(pk=self.rows[name]).joined_into_id or self.rows[name]
        return next(one for one, number in self.rows.items() if number == pk)

    def _publish(self, seconds: Mapping[str, int]) -> None:
        policy = Policy.objects.create(name=f"Of {self.form.pk}", position=-1)
        PolicyVersion.objects.create(
            policy=policy,
            number=1,
            targets={
                kind: {"seconds": n, "clock": self.history.clock} for kind, n in seconds.items()
            },
            rests_while_awaited=self.history.rests,
            published_at=self.at - timedelta(days=1),
        )

    def _set_hours(self, week: str) -> None:
        shifts = [tuple(Shift(*one) for one in day) for day in WEEKS[week]]
        wish = Wish(name="Office", zone=self.history.zone, week=shifts, is_standard=True)
        with time_machine.travel(self.at, tick=False):
            self.calendar = save_calendar(self.calendar, wish, by=self.nora)
        if self.history.clock == "hours":
            self.oracle.is_open = _clock(self.history.zone, week)

    def _change_hours(self, week: str) -> None:
        self._set_hours(week)
        with time_machine.travel(self.at, tick=False):
            while count_next():
                pass
        self.oracle.recount(self.at)


def _in_order(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Two may differ in nothing but a moment that one of them lacks, and such have no order."""
    return sorted(rows, key=repr)


def _due(rests: object, due_at: datetime) -> datetime | None:
    """What rests is due at no time."""
    return None if rests else due_at
