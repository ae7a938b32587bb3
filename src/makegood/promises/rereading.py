"""Conversations lived through again, event after event: what was owed in each of them when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from makegood.beside.events import SideAnswered
from makegood.conversations import events as facts
from makegood.promises.spells import DID_NOT_ARRIVE, SPOKEN, Matter, Told
from makegood.sending.events import AnswerTakenBack


@dataclass
class Family:
    """Conversations that were joined with each other at some time, or one alone."""

    matters: Mapping[int, Matter]
    asides: dict[int, Matter] = field(default_factory=dict)
    """How a conversation stood before it was joined, or before an answer was said."""

    def live(self, events: Iterable[Told]) -> None:
        for event in events:
            _HAPPENS[event.kind](self, event)
            for pk in sorted(event.about, key=self._is_standing):
                if pk in self.matters:
                    self.matters[pk].reckon(event)

    def _is_standing(self, pk: int) -> tuple[bool, int]:
        """What is joined into another gives away what it owes before that one takes it."""
        return pk not in self.matters or self.matters[pk].status != "joined", pk

    def of(self, event: Told) -> Sequence[Matter]:
        """Those that an event is about and that stand for themselves."""
        found = [self.matters[pk] for pk in event.about if pk in self.matters]
        return [one for one in found if one.status != "joined"]


def _heard(family: Family, event: Told) -> None:
    if event.facts.get("automatic", "") in SPOKEN:
        for one in family.of(event):
            one.hear(int(event.facts["message"]), event.at)


def _replied(family: Family, event: Told) -> None:
    for one in family.of(event):
        number = int(event.facts["message"])
        family.asides[-number] = replace(one)
        one.speak(number, event.at)


def _taken_back(family: Family, event: Told) -> None:
    number = int(event.facts["message"])
    before = family.asides.get(-number)
    for one in family.of(event):
        one.said = [each for each in one.said if each[0] != number]
        one.has_answered = any(not is_incoming for _pk, is_incoming, _at in one.said)
        if before is not None:
            one.status, one.turn, one.turn_since = before.status, before.turn, before.turn_since


def _did_not_arrive(family: Family, event: Told) -> None:
    if event.facts.get("state") in DID_NOT_ARRIVE:
        for one in family.of(event):
            if one.status != "spam":
                one.status, one.turn, one.turn_since = "open", "ours", event.at
            one.bring_back(int(event.facts["message"]))


def _stands(status: str) -> Callable[[Family, Told], None]:
    def stand(family: Family, event: Told) -> None:
        for one in family.of(event):
            one.status = status

    return stand


def _reopened(family: Family, event: Told) -> None:
    for one in family.of(event):
        one.status = "open"
        if event.by.startswith("customer:"):
            one.turn, one.turn_since = "ours", event.at


def _woke(family: Family, event: Told) -> None:
    for one in family.of(event):
        one.status = "open"
        if event.facts.get("because") == "customer":
            one.turn, one.turn_since = "ours", event.at


def _answered_beside(family: Family, event: Told) -> None:
    if event.facts.get("automatic", "") in SPOKEN:
        for one in family.of(event):
            one.come_back(event.at)


def _joined(family: Family, event: Told) -> None:
    joined, stays = _both(family, event)
    if joined is None or stays is None:
        return
    family.asides[int(event.facts["conversation"])] = replace(joined, said=list(joined.said))
    waiting = [one.turn_since for one in (joined, stays) if _waits(one)]
    if waiting:
        stays.turn, stays.turn_since = "ours", min(at for at in waiting if at)
    elif joined.said and (not stays.said or joined.said[-1][2] > stays.said[-1][2]):
        stays.turn, stays.turn_since = joined.turn, joined.turn_since
    stays.said = sorted([*stays.said, *joined.said])
    stays.has_answered = stays.has_answered or joined.has_answered
    stays.status = _together(joined.status, stays.status)
    joined.status = "joined"


def _together(joined: str, stays: str) -> str:
    """Open where either is open; else it rests where either rests."""
    if "open" in (joined, stays):
        return "open"
    return "snoozed" if "snoozed" in (joined, stays) else joined if stays == "spam" else stays


def _waits(one: Matter) -> bool:
    return one.status == "open" and one.turn == "ours" and one.turn_since is not None


def _both(family: Family, event: Told) -> tuple[Matter | None, Matter | None]:
    one, other = int(event.facts["conversation"]), int(event.facts["into"])
    return family.matters.get(one), family.matters.get(other)


def _parted(family: Family, event: Told) -> None:
    parted, standing = _both(family, event)
    before = family.asides.get(int(event.facts["conversation"]))
    if parted is None or standing is None or before is None:
        return
    its_own = {number for number, _incoming, _at in before.said}
    parted.said, parted.turn, parted.turn_since = before.said, before.turn, before.turn_since
    parted.status = str(event.facts.get("status", "open"))
    standing.said = [one for one in standing.said if one[0] not in its_own]
    for one in (parted, standing):
        one.has_answered = any(not is_incoming for _pk, is_incoming, _at in one.said)
    standing.retell()


def _split(family: Family, event: Told) -> None:
    stays, split = _both(family, event)
    if stays is None or split is None:
        return
    first, last = int(event.facts["first"]), int(event.facts["last"])
    split.said = [one for one in stays.said if first <= one[0] <= last]
    stays.said = [one for one in stays.said if not first <= one[0] <= last]
    for one in (split, stays):
        one.has_answered = any(not is_incoming for _pk, is_incoming, _at in one.said)
        one.retell()


_HAPPENS: Mapping[str, Callable[[Family, Told], None]] = {
    facts.MessageReceived.kind: _heard,
    facts.Replied.kind: _replied,
    facts.Resolved.kind: _stands("resolved"),
    facts.Reopened.kind: _reopened,
    facts.Woke.kind: _woke,
    facts.Snoozed.kind: _stands("snoozed"),
    facts.SpamMarked.kind: _stands("spam"),
    facts.SpamUnmarked.kind: _stands("open"),
    facts.MessageDelivery.kind: _did_not_arrive,
    facts.ConversationJoined.kind: _joined,
    facts.ConversationParted.kind: _parted,
    facts.ConversationSplit.kind: _split,
    AnswerTakenBack.kind: _taken_back,
    SideAnswered.kind: _answered_beside,
}


def lived(opened: Mapping[int, datetime], events: Iterable[Told]) -> Mapping[int, Matter]:
    """Each conversation, by its number, after everything that happened to it."""
    family = Family({pk: Matter(opened_at=at, turn_since=at) for pk, at in opened.items()})
    family.live(events)
    return family.matters
