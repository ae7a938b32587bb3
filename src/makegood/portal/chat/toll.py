"""What a visitor's call costs, and from whose purse it is paid (security.md T45, T91, D22).

Where a network or the whole chat runs short, a browser is asked for work first; only what
exceeds every measure is refused. A single visitor meets work, then the end of their budget.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction

from makegood.channels.models import Inbox
from makegood.chat.models import Visitor
from makegood.portal.budgets import BUDGETS, Charge, Exhausted, take
from makegood.portal.chat.refusing import TooFast, WorkWanted
from makegood.portal.chat.work import bits_for, new_seed, whose_work, work_done


def for_a_word(inbox: Inbox, visitor: Visitor | None, network: str) -> Sequence[Charge]:
    """One message."""
    common = [
        Charge("chat-words-of-a-network", f"{inbox.pk} {network}"),
        Charge("chat-words", str(inbox.pk)),
    ]
    if visitor is None:
        return [*common, *_for_coming(inbox, network)]
    who = str(visitor.pk)
    own = ("chat-words-a-minute", "chat-words-an-hour", "chat-words-a-day")
    return [*common, *[Charge(name, who) for name in own]]


def for_a_file(inbox: Inbox, visitor: Visitor | None, network: str, size: int) -> Sequence[Charge]:
    """One file, by its bytes."""
    common = [
        Charge("chat-files-of-a-network", network),
        Charge("chat-bytes-of-a-network", network, size),
        Charge("bytes", amount=size),
    ]
    if visitor is None:
        return [*common, *_for_coming(inbox, network)]
    who = str(visitor.pk)
    return [*common, Charge("chat-files", who), Charge("chat-bytes", who, size)]


def _for_coming(inbox: Inbox, network: str) -> Sequence[Charge]:
    """A browser that was never heard before."""
    return [
        Charge("chat-visitors-of-a-network", network),
        Charge("chat-visitors", str(inbox.pk)),
    ]


def pay(charges: Sequence[Charge], inbox: Inbox, secret: str, work: str = "") -> None:
    """Take what something costs, for work where that is needed. Raises `TooFast`, `WorkWanted`."""
    whose = whose_work(inbox.public_id, secret)
    try:
        with transaction.atomic():
            pressure = _pressure(take(charges))
            if pressure is not None:
                _use(whose, work, bits_for(pressure))
    except Exhausted as short:
        raise TooFast(short.wait) from short


def _pressure(spent: Mapping[str, int]) -> float | None:
    """How near the nearest budget is to its end, from 0 to 1; None where all is at ease."""
    found = []
    for name, amount in spent.items():
        budget = BUDGETS[name]
        if budget.free is not None and amount > budget.free:
            found.append((amount - budget.free - 1) / max(1, budget.limit - budget.free))
    return max(found, default=None)


def _use(whose: str, given: str, bits: int) -> None:
    """Work counts once. Raises `WorkWanted` where there is none that counts."""
    done = work_done(whose, given, bits=bits)
    if done is not None:
        try:
            take([Charge("once", done.seed, until=done.until)])
        except Exhausted:
            done = None
    if done is None:
        raise WorkWanted(new_seed(whose, bits), bits)
