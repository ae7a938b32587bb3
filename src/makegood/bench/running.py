"""Which benches there are, on which desk each runs, and what is flat."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from makegood.bench.benches import (
    asking,
    bulk,
    chatting,
    desk_work,
    feel,
    flooding,
    footprint,
    intake,
    leading,
    mailbox,
    moments,
    pages,
    parsing,
    placing,
    promising,
    ruling,
    shopping,
    taking_in,
    waits,
)
from makegood.bench.desks import Desk, desk_of
from makegood.bench.figures import Figure, figure

Bench = Callable[[int], Iterator[Figure]]
BENCHES: dict[str, Bench] = {
    "inbox": pages.inbox,
    "conversation": pages.conversation,
    "search": pages.search,
    "views": asking.views,
    "intake": intake.intake,
    "taking_in": taking_in.taking_in,
    "mailbox": mailbox.mailbox,
    "parse": parsing.parse,
    "reply": moments.reply,
    "live": moments.live,
    "bulk": bulk.bulk,
    "chat": chatting.chatting,
    "feel": feel.feel,
    "flood": flooding.flooding,
    "palette": desk_work.palette,
    "presence": desk_work.presence,
    "redaction": desk_work.redaction,
    "rolls": desk_work.rolls,
    "routing": placing.placing,
    "waits": waits.waits,
    "promises": promising.promises,
    "rules": ruling.rules,
    "shop": shopping.shop,
    "lead": leading.lead,
    "footprint": footprint.footprint,
}
FLAT = {
    "inbox": ("inbox.first_page", "inbox.flat"),
    "conversation": ("conversation.page", "conversation.flat"),
    "views": ("views.page", "views.flat"),
    "palette": ("palette.letters", "palette.flat"),
    "redaction": ("redaction.median_ms", "redaction.flat"),
    "lead": ("lead.page", "lead.flat"),
}
"""What must not grow with the desk, and the name of the figure that says so."""
OF_THEIR_OWN = (
    "chat", "flood", "footprint", "intake", "mailbox", "parse", "promises", "routing", "shop",
)  # fmt: skip
"""Benches that fill their desk or need an empty one."""


@dataclass(frozen=True)
class Size:
    """How large the desks are, and how often each thing is measured."""

    large: int
    small: int
    rounds: int


FULL = Size(large=500_000, small=5_000, rounds=100)
QUICK = Size(large=1_500, small=400, rounds=20)


def run(name: str, size: Size, root: Path) -> Iterator[Figure]:
    """One bench, in processes of its own, on desks of its own size."""
    if name in OF_THEIR_OWN:
        with TemporaryDirectory(prefix="makegood-bench-", dir=root) as folder:
            yield from _inside(name, desk_of(Path(folder), 50), size.rounds)
        return
    large = _inside(name, desk_of(root, size.large), size.rounds)
    yield from large
    if name in FLAT:
        measured, told = FLAT[name]
        small = _inside(name, desk_of(root, size.small), size.rounds)
        yield _flat(told, _named(measured, large), _named(measured, small))


def _flat(name: str, large: Figure, small: Figure) -> Figure:
    """How much dearer the large desk is, each against the bare limit of its own run."""
    if large.ratio is None or small.ratio is None:
        raise ValueError(name)
    return figure(name, large.ratio, "× bare", small.ratio, large.n)


def _named(name: str, figures: list[Figure]) -> Figure:
    return next(one for one in figures if one.name == name)


def _inside(name: str, desk: Desk, rounds: int) -> list[Figure]:
    told = desk.run("bench", name, "--inside", str(rounds))
    return [Figure(**json.loads(line)) for line in told.splitlines() if line.startswith("{")]
