"""What promises should say: worked out slowly, from snapshots and a clock of minutes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
FAR = timedelta(days=60)


@dataclass(frozen=True)
class Snapshot:
    """How one conversation stood after a step."""

    status: str
    waits_since: datetime | None
    """Whoever wrote last is the customer: since when that is so."""
    is_ours: bool
    has_words: bool
    opened_at: datetime


@dataclass
class Expected:
    """One promise as it should be."""

    kind: str
    since: datetime
    seconds: int
    due_at: datetime
    state: str = "open"
    settled_at: datetime | None = None
    rests: list[list[datetime | None]] = field(default_factory=list)
    bound_at: datetime | None = None

    @property
    def rests_now(self) -> bool:
        return bool(self.rests) and self.rests[-1][1] is None


@dataclass
class Oracle:
    """Follows a history. `is_open` says of a minute whether somebody is there."""

    is_open: Callable[[datetime], bool]
    targets: Mapping[str, int]
    rests_while_awaited: bool
    told: dict[str, list[Expected]] = field(default_factory=dict)

    # ── The slow clock ───────────────────────────────────────────────────────

    def due(self, one: Expected) -> datetime:
        at, left = one.since, one.seconds // 60
        while left:
            rests = any(begin <= at < (end or begin) for begin, end in one.rests)  # type: ignore[operator]
            if self.is_open(at) and not rests:
                left -= 1
            at += MINUTE
            if at - one.since > FAR:
                raise AssertionError("These hours never open.")
        return min(at, one.bound_at) if one.bound_at else at

    def recount(self, at: datetime) -> None:
        for one in self._all():
            self._break(one, at)
            if one.state == "open":
                one.due_at = self.due(one)

    # ── One step of a history ────────────────────────────────────────────────

    def step(
        self,
        at: datetime,
        verb: str,
        before: Mapping[str, Snapshot],
        after: Mapping[str, Snapshot],
        target: str,
        has_answered: Mapping[str, bool],
    ) -> None:
        bounds: dict[str, datetime] = {}
        is_moving = verb in ("join", "part")
        names = sorted(after, key=lambda name: after[name].status != "joined")
        for name in names:
            touched = name == target or (is_moving and name in (target, other(target)))
            if not touched or name not in after:
                continue
            mine = self.told.setdefault(name, [])
            for one in mine:
                self._break(one, at)
            self._answer(name, at, verb, after[name], bounds, has_answered[name])
            self._resolution(name, at, verb, after[name], bounds)

    def _answer(
        self,
        name: str,
        at: datetime,
        verb: str,
        now: Snapshot,
        bounds: dict[str, datetime],
        has_answered: bool,
    ) -> None:
        is_there = now.status in ("open", "snoozed") and now.has_words
        since = now.waits_since if is_there and now.is_ours else None
        mine = self.told[name]
        standing = next((one for one in mine if _is_answer(one) and one.settled_at is None), None)
        if standing and verb == "answer":
            self._keep(standing, at)
            standing = None
        if standing and since is None:
            self._drop(standing, at, bounds if verb in ("join", "part") else None)
        elif standing and since and since != standing.since and verb in ("join", "part"):
            standing.since, standing.bound_at = (
                since,
                bounds.get("answer") if verb == "join" else None,
            )
            standing.state = "open"
            standing.due_at = self.due(standing)
            self._break(standing, at)
        elif standing is None and since is not None:
            earlier = [one for one in mine if _is_answer(one) and one.since == since]
            if earlier:
                self._again(earlier[-1], at)
            else:
                kind = "next_answer" if has_answered else "first_answer"
                bound = bounds.get("answer") if verb in ("join", "part") else None
                self._make(name, kind, since, at, bound)

    def _resolution(
        self, name: str, at: datetime, verb: str, now: Snapshot, bounds: dict[str, datetime]
    ) -> None:
        is_there = now.status in ("open", "snoozed") and now.has_words
        mine = [one for one in self.told[name] if one.kind == "resolution"]
        standing = next((one for one in mine if one.settled_at is None), None)
        if standing and not is_there:
            if verb == "resolve":
                self._end_rest(standing, at)
                self._keep(standing, at)
            else:
                self._end_rest(standing, at)
                self._drop(standing, at, bounds if verb in ("join", "part") else None)
            return
        if standing is None and is_there:
            if not mine:
                bound = bounds.get("resolution") if verb in ("join", "part") else None
                standing = self._make(name, "resolution", now.opened_at, at, bound)
            elif mine[-1].state in ("kept", "kept_late") and verb == "write":
                standing = self._make(name, "resolution", at, at, None)
            else:
                standing = mine[-1]
                self._again(standing, at)
        elif standing and verb in ("join", "part"):
            standing.bound_at = bounds.get("resolution") if verb == "join" else None
            standing.state = "open"
            standing.due_at = self.due(standing)
            self._break(standing, at)
        if standing and is_there and self.rests_while_awaited:
            if not now.is_ours and not standing.rests_now and standing.state == "open":
                standing.rests.append([at, None])
            elif now.is_ours and standing.rests_now:
                self._end_rest(standing, at)

    # ── What happens to one ──────────────────────────────────────────────────

    def _make(
        self, name: str, kind: str, since: datetime, at: datetime, bound: datetime | None
    ) -> Expected:
        one = Expected(kind, since, self.targets[kind], since, bound_at=bound)
        one.due_at = self.due(one)
        self.told[name].append(one)
        self._break(one, at)
        return one

    def _break(self, one: Expected, at: datetime) -> None:
        if one.state == "open" and not one.rests_now and one.due_at < at:
            one.state = "broken"

    def _keep(self, one: Expected, at: datetime) -> None:
        one.state = "kept_late" if at > one.due_at else "kept"
        one.settled_at = at

    def _drop(self, one: Expected, at: datetime, bounds: dict[str, datetime] | None) -> None:
        if one.state == "open":
            one.state = "withdrawn"
        one.settled_at = at
        if bounds is not None:
            word = "answer" if _is_answer(one) else one.kind
            bounds[word] = min(one.due_at, bounds.get(word, one.due_at))

    def _again(self, one: Expected, at: datetime) -> None:
        one.state = "broken" if one.state in ("broken", "kept_late") else "open"
        one.settled_at = None
        if one.state == "open":
            one.due_at = self.due(one)
        self._break(one, at)

    def _end_rest(self, one: Expected, at: datetime) -> None:
        if one.rests_now:
            one.rests[-1][1] = at
            if one.state == "open":
                one.due_at = self.due(one)

    def _all(self) -> list[Expected]:
        return [one for mine in self.told.values() for one in mine if one.settled_at is None]


def other(name: str) -> str:
    return "b" if name == "a" else "a"


def _is_answer(one: Expected) -> bool:
    return one.kind in ("first_answer", "next_answer")
