from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Fact, kind="promise.made"):
    """Something was promised: by a policy, or by an agent in words of their own."""

    says = _("{by} promised until {due}: {promised} {words}")
    plain = ("promised", "due", "clock")
    personal = ("words",)

    promise: int
    promised: str
    """The kind: `first_answer`."""
    due: str
    clock: str = ""
    seconds: int | None = None
    version: int | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class PromiseWarned(Fact, kind="promise.warned"):
    """A promise is at risk: so much of its time has gone."""

    says = _("A promise is at risk: {promised}, due {due}")
    plain = ("promised", "due")

    promise: int
    promised: str
    due: str


@dataclass(frozen=True, kw_only=True)
class PromiseForeseen(Fact, kind="promise.foreseen"):
    """As the queue moves now, a promise will not be reached in time: why it is at risk already."""

    says = _("At this pace the {promised} comes about {expected}, and is due {due}")
    plain = ("promised", "due", "expected")

    promise: int
    promised: str
    due: str
    expected: str


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Fact, kind="promise.broken"):
    """A promise's time passed, and it was not kept."""

    says = _("A promise was broken: {promised}, due {due}")
    plain = ("promised", "due")

    promise: int
    promised: str
    due: str


@dataclass(frozen=True, kw_only=True)
class PromiseKept(Fact, kind="promise.kept"):
    """A promise was kept; `late_by` says by how many seconds it was late."""

    says = _("{by} kept a promise: {promised}")
    plain = ("promised",)

    promise: int
    promised: str
    late_by: int = 0


@dataclass(frozen=True, kw_only=True)
class PromiseWithdrawn(Fact, kind="promise.withdrawn"):
    """Nothing has to be done about a promise any more, and why."""

    says = _("A promise fell away: {promised} ({reason})")
    plain = ("promised",)
    personal = ("reason",)

    promise: int
    promised: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PromiseReopened(Fact, kind="promise.reopened"):
    """What settled a promise was taken back: it stands again, as it was."""

    says = _("A promise stands again: {promised}, due {due}")
    plain = ("promised", "due")

    promise: int
    promised: str
    due: str


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(Fact, kind="promise.moved"):
    """A promise is due at another time, and why."""

    says = _("A promise moved from {before} to {after}: {reason}")
    plain = ("before", "after")
    personal = ("reason",)

    promise: int
    before: str
    after: str
    reason: str
    recount: int | None = None


@dataclass(frozen=True, kw_only=True)
class PromiseRested(Fact, kind="promise.rested"):
    """The clock of a promise rests: the customer is awaited."""

    says = _("The clock of a promise rests: {promised}")
    plain = ("promised",)

    promise: int
    promised: str


@dataclass(frozen=True, kw_only=True)
class PromiseResumed(Fact, kind="promise.resumed"):
    """The clock of a promise runs again."""

    says = _("The clock of a promise runs again: {promised}, due {due}")
    plain = ("promised", "due")

    promise: int
    promised: str
    due: str


@dataclass(frozen=True, kw_only=True)
class PromiseEscalated(Fact, kind="promise.escalated"):
    """A step was taken because a promise is at risk or broken."""

    says = _("A promise at risk called for: {step} ({whom})")
    plain = ("step", "whom", "promised")

    promise: int
    promised: str
    step: str
    """`notify`, `raise`, `reassign`, `call`."""
    whom: str
    """`owner`, `team`, `leads`, or `agent:5`."""
    agents: list[int] = field(default_factory=list)
    """Whom it told or called."""


@dataclass(frozen=True, kw_only=True)
class PromiseCalledOn(Fact, kind="promise.called_on"):
    """Whom a step names is not there: the next who is was called."""

    says = _("{missing} not on shift or away: {names} called about a promise instead")
    personal = ("missing", "names")

    promise: int
    missing: str
    names: str


@dataclass(frozen=True, kw_only=True)
class PromiseHanded(Fact, kind="promise.handed"):
    """A personal promise rides on somebody else's day now."""

    says = _("{by} handed a promise from {before} to {after}")
    personal = ("before", "after")

    promise: int
    before: str
    after: str
    agent: int | None


@dataclass(frozen=True, kw_only=True)
class PromiseExplained(Fact, kind="promise.explained"):
    """Somebody said why a promise broke: a cause of the shop's list, and words of their own."""

    says = _("{by} said why a promise broke: {cause} {words}")
    plain = ("promised", "cause")
    personal = ("words",)

    promise: int
    promised: str
    cause: str
    number: int
    """Of the cause."""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class CauseChanged(Fact, kind="cause.changed"):
    """A cause of broken promises was added, renamed, or switched; what it was stands beside."""

    says = _("{by} changed the cause “{name}”: {what}")
    plain = ("name", "what", "before", "after")

    cause: int
    name: str
    what: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Fact, kind="policy.changed"):
    """A policy was drafted, published, switched or moved; what it said before stands beside."""

    says = _("{by} changed the policy “{name}”: {what}")
    plain = ("name", "what", "before", "after")

    policy: int
    name: str
    what: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RecountEnded(Fact, kind="recount.ended"):
    """All promises counted by changed opening hours were counted anew."""

    says = _("Opening hours “{name}” changed: {moved} of {looked_at} promises moved")
    plain = ("name",)

    recount: int
    name: str
    looked_at: int
    moved: int
