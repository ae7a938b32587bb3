"""The facts of promises, recorded in the transaction of their change."""

from collections.abc import Sequence
from datetime import datetime

from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, Named, System
from makegood.ledger.models import Event
from makegood.promises.events import (
    PromiseBroken,
    PromiseCalledOn,
    PromiseEscalated,
    PromiseKept,
    PromiseMade,
    PromiseMoved,
    PromiseReopened,
    PromiseRested,
    PromiseResumed,
    PromiseWarned,
    PromiseWithdrawn,
)
from makegood.promises.models import Policy, Promise, Recount

CLOCK = System("promises")


def about_of(promise: Promise) -> list[str]:
    """What a fact of it is about: its conversation, its order, and on whose day it rides."""
    refs = [promise.ref]
    refs += [f"conversation:{promise.conversation_id}"] if promise.conversation_id else []
    refs += [f"order:{promise.order_id}"] if promise.order_id else []
    return [*refs, f"agent:{promise.owner_id}"] if promise.owner_id else refs


def made(promise: Promise, by: Policy | Actor) -> None:
    fact = PromiseMade(
        promise=promise.pk,
        promised=promise.kind,
        due=promise.due_at.isoformat(),
        clock=promise.clock,
        seconds=promise.seconds,
        version=promise.version_id,
        words=promise.words,
    )
    record(fact, about=about_of(promise), by=Named(by.ref, by.name), at=promise.made_at)


def warned(promise: Promise, at: datetime) -> None:
    fact = PromiseWarned(promise=promise.pk, promised=promise.kind, due=promise.due_at.isoformat())
    record(fact, about=about_of(promise), by=CLOCK, at=at)


def broken(promise: Promise) -> None:
    fact = PromiseBroken(promise=promise.pk, promised=promise.kind, due=promise.due_at.isoformat())
    record(fact, about=about_of(promise), by=CLOCK, at=promise.broken_at)


def kept(promise: Promise, event: Event, late_by: int) -> None:
    keeps(promise, by=event.actor, late_by=late_by)


def keeps(promise: Promise, *, by: Actor, late_by: int) -> None:
    fact = PromiseKept(promise=promise.pk, promised=promise.kind, late_by=late_by)
    record(fact, about=about_of(promise), by=by, at=promise.settled_at)


def withdrawn(promise: Promise, at: datetime, by: Actor = CLOCK) -> None:
    fact = PromiseWithdrawn(promise=promise.pk, promised=promise.kind, reason=promise.reason)
    record(fact, about=about_of(promise), by=by, at=at)


def reopened(promise: Promise, at: datetime) -> None:
    fact = PromiseReopened(
        promise=promise.pk, promised=promise.kind, due=promise.due_at.isoformat()
    )
    record(fact, about=about_of(promise), by=CLOCK, at=at)


def moved(promise: Promise, before: datetime, reason: str, event: Event) -> None:
    moves(promise, before, reason, by=CLOCK, at=event.at)


def moves(
    promise: Promise,
    before: datetime,
    reason: str,
    *,
    by: Actor,
    at: datetime | None = None,
    recount: Recount | None = None,
) -> None:
    fact = PromiseMoved(
        promise=promise.pk,
        before=before.isoformat(),
        after=promise.due_at.isoformat(),
        reason=reason,
        recount=recount.pk if recount else None,
    )
    about = about_of(promise) + ([recount.ref] if recount else [])
    record(fact, about=about, by=by, at=at)


def rested(promise: Promise, at: datetime) -> None:
    fact = PromiseRested(promise=promise.pk, promised=promise.kind)
    record(fact, about=about_of(promise), by=CLOCK, at=at)


def resumed(promise: Promise, at: datetime) -> None:
    fact = PromiseResumed(promise=promise.pk, promised=promise.kind, due=promise.due_at.isoformat())
    record(fact, about=about_of(promise), by=CLOCK, at=at)


def escalated(
    promise: Promise, step: str, whom: str, at: datetime, agents: Sequence[int] = ()
) -> None:
    fact = PromiseEscalated(
        promise=promise.pk, promised=promise.kind, step=step, whom=whom, agents=list(agents)
    )
    record(fact, about=about_of(promise), by=CLOCK, at=at)


def called_on(promise: Promise, missing: str, names: str, at: datetime) -> None:
    fact = PromiseCalledOn(promise=promise.pk, missing=missing, names=names)
    record(fact, about=about_of(promise), by=CLOCK, at=at)
