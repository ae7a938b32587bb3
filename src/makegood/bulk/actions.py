from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.acts.act import Kept
from makegood.acts.linking import links_in
from makegood.bulk.events import BulkBegun, BulkStopped, BulkTakenBack, BulkTried
from makegood.bulk.models import BulkAct, BulkItem
from makegood.bulk.sources import check_source
from makegood.bulk.working import foresee, work_off
from makegood.conversations.models import Conversation
from makegood.conversations.queries import newest_message, visible_among
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.team.models import Agent

FEW = 50
"""So many conversations are acted on at once, while the agent waits."""
MOST_CHOSEN = 2000

State = BulkAct.State


def act_on_chosen(numbers: Iterable[int], act: Kept, *, by: Agent) -> BulkAct:
    """Do it with what was chosen by hand: a few at once, more than that after a look."""
    bulk = _choose(numbers, act, by=by)
    if bulk.total <= FEW:
        begin_bulk(bulk, by=by)
        work_off(bulk.pk)
    return BulkAct.objects.get(pk=bulk.pk)


@transaction.atomic
def _choose(numbers: Iterable[int], act: Kept, *, by: Agent) -> BulkAct:
    chosen = visible_among(by, sorted(set(numbers))[:MOST_CHOSEN])
    if act["do"] == "join":
        act, chosen = _into_the_oldest(act, chosen)
    if act["do"] == "link":
        chosen = [pk for pk in chosen if pk not in links_in(act["with"])[0]]
    if not chosen:
        raise Refused(_("Nothing is chosen: choose at least one conversation."))
    bulk = _ask(act, {}, by=by)
    items = list(foresee(bulk, chosen))
    BulkItem.objects.bulk_create(items)
    bulk.state, bulk.total = State.TRIED, len(items)
    bulk.save(update_fields=["state", "total"])
    return bulk


def _into_the_oldest(act: Kept, chosen: list[int]) -> tuple[Kept, list[int]]:
    """All but the oldest become part of it."""
    if len(chosen) < 2:
        raise Refused(_("To join, choose at least two conversations."))
    if len(chosen) > FEW:
        raise Refused(_("That is too much to become one conversation."))
    oldest = Conversation.objects.filter(pk__in=chosen).earliest("opened_at", "pk").pk
    return {**act, "with": str(oldest)}, [pk for pk in chosen if pk != oldest]


@transaction.atomic
def try_on_matching(source: Mapping[str, Any], act: Kept, *, by: Agent) -> BulkAct:
    """Look what it would do with all that match; nothing is done until the agent says so."""
    if act["do"] == "join":
        raise Refused(_("Only what is chosen by hand is joined."))
    check_source(by, source)
    bulk = _ask(act, source, by=by)
    record(BulkTried(bulk=bulk.pk, verb=bulk.verb), about=[bulk], by=by)
    return bulk


def _ask(act: Kept, source: Mapping[str, Any], *, by: Agent) -> BulkAct:
    now = timezone.now()
    return BulkAct.objects.create(
        agent=by,
        act=act,
        source=dict(source),
        asked_at=now,
        worked_at=now,
        newest=newest_message(),
    )


def _lock(bulk: BulkAct) -> BulkAct:
    return BulkAct.objects.select_for_update().get(pk=bulk.pk)


@transaction.atomic
def begin_bulk(bulk: BulkAct, *, by: Agent) -> None:
    """Do what was tried, or go on with what was stopped. Asked twice, it begins once."""
    bulk = _lock(bulk)
    if bulk.state not in (State.TRIED, State.STOPPED):
        return
    if bulk.restored or bulk.kept:
        raise Refused(_("A part of it is undone already: undo the rest, or begin anew."))
    bulk.state = State.RUNNING
    bulk.save(update_fields=["state"])
    record(BulkBegun(bulk=bulk.pk, verb=bulk.verb, count=bulk.total), about=[bulk], by=by)


@transaction.atomic
def stop_bulk(bulk: BulkAct, *, by: Agent) -> None:
    """Stop where it is: what is done stays done until it is undone. Nothing begun is left."""
    bulk = _lock(bulk)
    if bulk.state in (State.LOOKING, State.TRIED):
        bulk.state = State.LEFT
    elif bulk.is_under_way():
        bulk.state = State.STOPPED
    else:
        return
    bulk.save(update_fields=["state"])
    record(BulkStopped(bulk=bulk.pk, acted=bulk.acted), about=[bulk], by=by)


def undo_bulk(bulk: BulkAct, *, by: Agent) -> BulkAct:
    """Let each conversation be as before, unless somebody changed it since; a few at once."""
    _take_back(bulk, by=by)
    if bulk.acted <= FEW:
        work_off(bulk.pk)
    return BulkAct.objects.get(pk=bulk.pk)


@transaction.atomic
def _take_back(bulk: BulkAct, *, by: Agent) -> None:
    bulk = _lock(bulk)
    if bulk.state not in (State.DONE, State.STOPPED):
        return
    if not bulk.acted:
        raise Refused(_("Nothing was changed, so there is nothing to undo."))
    bulk.state = State.UNDOING
    bulk.save(update_fields=["state"])
    record(BulkTakenBack(bulk=bulk.pk, count=bulk.acted), about=[bulk], by=by)
