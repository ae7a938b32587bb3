"""What is done where an order slips: by cause, in which words, in whose name, how often a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.ahead.events import SenderChanged, SwitchChanged
from makegood.ahead.models import Amends, Cause, Sender, Switch
from makegood.ahead.telling import may_tell
from makegood.ahead.wording import LANGUAGES, text_for, unknown_in
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

Way = Switch.Way
MOST_A_DAY = 500


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One cause as it is switched now."""

    cause: str
    way: str = Way.PROPOSE
    texts: Mapping[str, str] = field(default_factory=dict)
    """Own words by language; empty: those that came with it."""
    names_day: bool = False
    amends: str = Amends.NOTHING

    @property
    def name(self) -> str:
        return str(Cause(self.cause).label)

    def words(self, language: str) -> str:
        return self.texts.get(language) or text_for(self.cause, language)

    def told(self) -> dict[str, str]:
        """For the ledger."""
        texts = {f"text_{one}": self.texts.get(one, "") for one in LANGUAGES}
        return {"way": str(self.way), **texts, "amends": str(self.amends),
                "names_day": "yes" if self.names_day else "no"}  # fmt: skip


def switches() -> Sequence[Standing]:
    """Every cause, in the order of `Cause`. One question."""
    there = {row.cause: row for row in Switch.objects.all()}
    return [_standing(cause, there.get(cause)) for cause in Cause.values]


def switch_of(cause: str) -> Standing:
    return _standing(cause, Switch.objects.filter(cause=cause).first())


def silent_causes() -> Sequence[str]:
    """Those of which nothing is said."""
    return list(Switch.objects.filter(way=Way.OFF).values_list("cause", flat=True))


def _standing(cause: str, row: Switch | None) -> Standing:
    if row is None:
        return Standing(cause=cause)
    return Standing(
        cause=cause, way=row.way, texts=row.texts, names_day=row.names_day, amends=row.amends
    )


def sender() -> Sender:
    """Whose name stands under letters that leave by themselves; an unsaved row where none is."""
    return Sender.objects.select_related("agent").filter(pk=1).first() or Sender(pk=1)


def _held() -> Sender:
    """The row behind which everything here happens one after the other."""
    Sender.objects.bulk_create([Sender(pk=1)], ignore_conflicts=True)
    return Sender.objects.select_for_update(of=("self",)).select_related("agent").get(pk=1)


@transaction.atomic
def save_switch(wish: Standing, *, by: Agent) -> None:
    """Say what is done by one cause from now on. What was found before stays for a person."""
    refuse_unless(by, "office.ahead")
    held = _held()
    row = Switch.objects.select_for_update().filter(cause=wish.cause).first()
    _refuse(wish, held)
    own = {one: text for one in LANGUAGES if (text := _own(wish, one))}
    wish = replace(wish, texts=own)
    before = _standing(wish.cause, row)
    if before == wish:
        return
    row = row or Switch(cause=wish.cause)
    if wish.way != before.way:
        row.since = timezone.now() if wish.way == Way.SEND else None
    row.way, row.texts, row.names_day, row.amends = wish.way, own, wish.names_day, wish.amends
    row.save()
    fact = SwitchChanged(cause=wish.cause, before=before.told(), after=wish.told())
    record(fact, about=[by], by=by)


def _own(wish: Standing, language: str) -> str:
    """Words that differ from those that came with it."""
    text = wish.texts.get(language, "").strip()
    return "" if text == text_for(wish.cause, language).strip() else text


def _refuse(wish: Standing, held: Sender) -> None:
    for text in wish.texts.values():
        if name := unknown_in(text):
            raise Refused(_("There is no field %(name)s") % {"name": "{" + name + "}"})
    if wish.way == Way.SEND and held.agent is None:
        raise Refused(_("Say first in whose name letters leave by themselves."))


@transaction.atomic
def save_sender(agent: Agent | None, most: int, *, by: Agent) -> None:
    """Say in whose name letters leave by themselves, and how many a day."""
    refuse_unless(by, "office.ahead")
    held = _held()
    if agent is not None and not may_tell(agent):
        raise Refused(_("Their answers wait for somebody’s yes: choose somebody else."))
    if not 1 <= most <= MOST_A_DAY:
        raise Refused(_("Say a number from 1 to %(most)s.") % {"most": MOST_A_DAY})
    before = _told(held)
    held.agent, held.most = agent, most
    if _told(held) == before:
        return
    held.save()
    record(SenderChanged(before=before, after=_told(held)), about=[by], by=by)


def _told(held: Sender) -> dict[str, str]:
    return {"agent": held.agent.name if held.agent else "", "most": str(held.most)}


@transaction.atomic
def stop_sending(*, by: Agent) -> int:
    """From now on nothing leaves by itself: every cause that did is proposed again."""
    refuse_unless(by, "office.ahead")
    _held()
    rows = list(Switch.objects.select_for_update().filter(way=Way.SEND).order_by("cause"))
    for row in rows:
        before = _standing(row.cause, row).told()
        row.way, row.since = Way.PROPOSE, None
        row.save()
        after = _standing(row.cause, row).told()
        record(SwitchChanged(cause=row.cause, before=before, after=after), about=[by], by=by)
    return len(rows)
