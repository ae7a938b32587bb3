"""Why promises break: the shop's short list of causes, and what somebody says of one promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.kit.text import one_line, plain_name
from makegood.ledger.actions import record
from makegood.promises import telling
from makegood.promises.events import CauseChanged, PromiseExplained
from makegood.promises.models import Cause, Promise
from makegood.promises.standing import break_if_due
from makegood.team.models import Agent

MOST_CAUSES = 40
SAID = ("cause", "cause_words", "asks_since")


@transaction.atomic
def say_why(promise: Promise, *, cause: Cause, words: str, by: Agent) -> Promise:
    """Say why a promise broke. Said otherwise later, the later word stands; the ledger has both."""
    if promise.conversation_id is not None:
        lock_standing(promise.conversation_id)
    promise = Promise.objects.select_for_update(of=("self",)).get(pk=promise.pk)
    words = one_line(words, 250)
    if break_if_due(promise, timezone.now()):
        telling.broken(promise)
    if promise.broken_at is None:
        raise Refused(_("This promise was not broken: nothing asks why."))
    if cause.known == Cause.Known.OTHER and not words:
        raise Refused(_("Say in a few words what it was."))
    if (promise.cause_id, promise.cause_words) == (cause.pk, words):
        return promise
    promise.cause, promise.cause_words, promise.asks_since = cause, words, None
    promise.save(update_fields=[*SAID, "state", "broken_at"])
    fact = PromiseExplained(
        promise=promise.pk,
        promised=promise.kind,
        cause=str(cause),
        number=cause.pk,
        words=words,
    )
    record(fact, about=telling.about_of(promise), by=by)
    return promise


@transaction.atomic
def save_cause(cause: Cause | None, name: str, *, by: Agent) -> Cause:
    """Add a cause, or call one otherwise: what was said by it is called so, too."""
    name = plain_name(name, 80)
    if not name:
        raise Refused(_("Say what it is called."))
    _refuse_the_same(name, cause)
    if cause is None:
        if Cause.objects.filter(is_on=True).count() >= MOST_CAUSES:
            raise Refused(_("That is a long list already: switch one off first."))
        cause = Cause.objects.create(name=name)
        _tell(cause, "added", {}, {"name": name}, by)
        return cause
    cause = Cause.objects.select_for_update().get(pk=cause.pk)
    before = str(cause)
    if before != name:
        cause.name = name
        cause.save(update_fields=["name"])
        _tell(cause, "renamed", {"name": before}, {"name": name}, by)
    return cause


@transaction.atomic
def switch_cause(cause: Cause, *, is_on: bool, by: Agent) -> None:
    """Offer it no more, or again. What was said by it stays said."""
    cause = Cause.objects.select_for_update().get(pk=cause.pk)
    if cause.is_on == is_on:
        return
    cause.is_on = is_on
    cause.save(update_fields=["is_on"])
    words = {True: "on", False: "off"}
    what = "switched on" if is_on else "switched off"
    _tell(cause, what, {"is": words[not is_on]}, {"is": words[is_on]}, by)


def _refuse_the_same(name: str, cause: Cause | None) -> None:
    others = Cause.objects.exclude(pk=cause.pk) if cause else Cause.objects.all()
    if any(str(one).casefold() == name.casefold() for one in others):
        raise Refused(_("There is a cause of that name already."))


def _tell(
    cause: Cause, what: str, before: dict[str, str], after: dict[str, str], by: Agent
) -> None:
    fact = CauseChanged(cause=cause.pk, name=str(cause), what=what, before=before, after=after)
    record(fact, about=[cause.ref], by=by)


def every_cause() -> QuerySet[Cause]:
    """Those that are offered first."""
    return Cause.objects.order_by("-is_on", "pk")


def causes_to_choose() -> Sequence[Cause]:
    """Those that are offered."""
    return list(Cause.objects.filter(is_on=True))


def cause_numbered(pk: int) -> Cause:
    return get_object_or_404(Cause, pk=pk)


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many promises broke by one cause."""

    cause: Cause
    number: int


def counted_by_cause(promises: QuerySet[Promise], since: datetime) -> Sequence[Share]:
    """Why those of them broke that broke since then, most first."""
    said = promises.filter(cause__isnull=False, broken_at__gte=since).values_list("cause")
    causes = {one.pk: one for one in Cause.objects.all()}
    rows = said.order_by().annotate(number=Count("pk"))
    found = [Share(cause=causes[pk], number=number) for pk, number in rows]
    return sorted(found, key=lambda one: (-one.number, one.cause.pk))
