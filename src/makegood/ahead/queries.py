"""What slips, grouped by cause and carrier; what would be said of it; how often we were first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.http import Http404

from makegood.ahead.amends import Purse
from makegood.ahead.doubts import Against, against
from makegood.ahead.models import AFTERWARDS, Amends, Cause, Prepared, Slip, Switch, Telling
from makegood.ahead.switching import silent_causes, switch_of, switches
from makegood.ahead.wording import LANGUAGES, Said, date_for, filled, language_of
from makegood.customers.queries import handle_at
from makegood.kit.money import Money
from makegood.team.models import Agent

SHOWN = 50
"""Orders of one group on a page, and told at once."""
BACK = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Group:
    cause: str
    carrier: str
    count: int
    is_sent_by_itself: bool = False

    @property
    def name(self) -> str:
        return str(Cause(self.cause).label)

    @property
    def key(self) -> str:
        return f"{self.cause}:{self.carrier}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One order of a group: what would be said, and what speaks against it."""

    slip: Slip
    against: Against
    said: Said
    coupon: Money | None = None
    """What the letter gives besides its words."""
    waits: Prepared | None = None
    """The letter that waits for its coupon, or the last that did not leave."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    group: Group
    rows: Sequence[Row]
    texts: dict[str, str]
    day: date | None
    stake: Sequence[Money] = field(default_factory=tuple)
    amends: str = Amends.NOTHING
    gives: Sequence[Money] = field(default_factory=tuple)
    """All coupons together, in each currency."""


def groups(agent: Agent) -> Sequence[Group]:
    """What waits to be told, the largest group of each cause first."""
    if not agent.is_active:
        raise Http404
    ways = {one.cause: one.way for one in switches()}
    shown = [cause for cause, way in ways.items() if way != Switch.Way.OFF]
    rows = Slip.objects.filter(state=Slip.State.FOUND, cause__in=shown).values("cause", "carrier")
    found = [
        Group(**row, is_sent_by_itself=ways[row["cause"]] == Switch.Way.SEND)
        for row in rows.annotate(count=Count("pk")).order_by("cause", "carrier")
    ]
    rank = list(Cause.values)
    return sorted(found, key=lambda one: (rank.index(one.cause), -one.count, one.carrier))


def group_named(agent: Agent, key: str) -> Group | None:
    return next((one for one in groups(agent) if one.key == key), None)


def slips_of(group: Group, among: Sequence[int] | None = None) -> Sequence[Slip]:
    """The orders of a group, the longest wrong first."""
    rows = Slip.objects.filter(state=Slip.State.FOUND, cause=group.cause, carrier=group.carrier)
    if among is not None:
        rows = rows.filter(pk__in=among)
    return list(rows.select_related("order__shop").order_by("since", "pk")[:SHOWN])


def foreseen(group: Group, now: datetime) -> date | None:
    """The day by which all of a group should be there; None where nothing is known of any."""
    known = [one for slip in slips_of(group) if (one := date_for(slip, now))]
    tomorrow = now.date() + timedelta(days=1)
    return max(tomorrow, *known) if known else None


def proposal(
    group: Group, now: datetime, texts: Mapping[str, str], day: date | None, amends: str = ""
) -> Proposal:
    """What each would read: in the words that somebody has, or those of its cause."""
    rows, spoken, sums, given = list[Row](), set(), Counter[str](), Counter[str]()
    own, purse = switch_of(group.cause), Purse(amends=amends, now=now)
    slips = slips_of(group)
    unsent = Prepared.objects.filter(slip__in=slips).exclude(state=Prepared.State.TOLD)
    waiting = {one.slip_id: one for one in unsent.order_by("pk")}
    standing = {language: texts.get(language) or own.words(language) for language in LANGUAGES}
    for slip in slips:
        handle = handle_at("email", slip.order.email) if slip.order.email else None
        language = language_of(handle.customer if handle else None, slip.order.country)
        spoken.add(language)
        coupon = purse.coupon(slip)
        gives = purse.sentence(coupon, language) if coupon else ""
        said = filled(standing[language], slip, language, day, gives=gives)
        rows.append(
            Row(slip=slip, against=against(slip, now), said=said, coupon=coupon,
                waits=waiting.get(slip.pk))
        )  # fmt: skip
        sums[slip.order.currency] += slip.order.total_minor
        if coupon:
            given[coupon.currency] += coupon.minor
    said_in = {one: standing[one] for one in sorted(spoken)}
    return Proposal(
        group=group, rows=rows, texts=said_in, day=day, stake=_sums(sums), amends=amends,
        gives=_sums(given),
    )  # fmt: skip


def _sums(minors: Mapping[str, int]) -> Sequence[Money]:
    return [Money(minor, currency) for currency, minor in sorted(minors.items())]


@dataclass(frozen=True, kw_only=True)
class First:
    """Of so many orders that slipped within thirty days, so many were told before they asked."""

    told: int
    of: int
    again: int
    """Orders whose customers said nothing, and were written to once more."""
    newest: Sequence[Telling]


def told_first(now: datetime) -> First:
    """Orders that were told, out of those that slipped and did not mend by themselves."""
    since = now - BACK
    letters = Telling.objects.standing().filter(at__gt=since)
    told, again = set[int](), set[int]()
    for order, cause in letters.values_list("order", "cause"):
        (again if cause in AFTERWARDS else told).add(order)
    slipped = Slip.objects.filter(found_at__gt=since).exclude(state=Slip.State.CLOSED)
    slipped = slipped.exclude(cause__in=[*silent_causes(), *AFTERWARDS])
    every = told | set(slipped.values_list("order", flat=True))
    newest = list(letters.select_related("order", "agent").order_by("-at", "-pk")[:20])
    return First(told=len(told), of=len(every), again=len(again), newest=newest)


def slip_for(agent: Agent, pk: int) -> Slip:
    found = Slip.objects.select_related("order__shop").filter(pk=pk).first()
    if found is None or not agent.is_active:
        raise Http404
    return found
