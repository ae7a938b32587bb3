"""The steps of bulk acts: look for the conversations, act on some, undo some.

A step is one short transaction that leaves everything right: killed anywhere, an act goes on
where it was, and no conversation is acted on twice. Between two steps the desk has its turn.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.acts.act import Act, Run
from makegood.acts.portraits import Portrait, portraits
from makegood.acts.vocabulary import act_named
from makegood.bulk.events import BulkEnded, BulkUndone
from makegood.bulk.foreseeing import Foresight, may_act
from makegood.bulk.models import BulkAct, BulkItem
from makegood.bulk.sources import some_of
from makegood.conversations.models import Conversation
from makegood.kit.errors import Refused
from makegood.ledger.actions import record

log = logging.getLogger(__name__)

AT_ONCE = 25
"""Conversations that one step acts on."""
LONGEST_STEP = 0.06
"""Seconds after which a step ends, wherever it is: nobody waits longer for the database."""
BREATH = 0.25
"""How long the desk has its turn after a step, in lengths of that step."""

State = BulkAct.State
ItemState = BulkItem.State


def work_on_next() -> int:
    """One step of the bulk act that has waited longest; how many conversations it took in."""
    under_way = BulkAct.objects.filter(state__in=[State.LOOKING, State.RUNNING, State.UNDOING])
    pk = under_way.order_by("worked_at").values_list("pk", flat=True).first()
    if pk is None:
        return 0
    begun = time.monotonic()
    did = step(pk)
    time.sleep((time.monotonic() - begun) * BREATH)
    return max(did, 1)  # the last step may have nothing to do but say so


def work_off(pk: int) -> None:
    """Every step of one act, now; for a few conversations."""
    while step(pk):
        pass


def step(pk: int) -> int:
    """One step of this act, if it is under way still; how many conversations it took in."""
    found = BulkAct.objects.select_related("agent").get(pk=pk)
    with override(found.agent.language or None):
        if found.state == State.LOOKING:
            return _look(found)
        if found.state == State.RUNNING:
            return _act_on_some(pk)
        return _undo_some(pk) if found.state == State.UNDOING else 0


def _look(bulk: BulkAct) -> int:
    """Take in the next conversations that match, each with what would become of it."""
    numbers, after = some_of(bulk.agent, bulk.source, bulk.looked_to, bulk.asked_at)
    items = list(foresee(bulk, numbers))
    with transaction.atomic():
        mine = _locked(bulk.pk)
        if (mine.state, mine.looked_to) != (State.LOOKING, bulk.looked_to):
            return 0  # somebody else was faster, or it was left
        BulkItem.objects.bulk_create(items, ignore_conflicts=True)
        mine.total, mine.looked_to = mine.items.count(), after
        if not after:
            mine.state = State.TRIED
        _keep(mine, "total", "looked_to")
    return max(1, len(numbers)) if after else 0


def foresee(bulk: BulkAct, numbers: Sequence[int]) -> Iterator[BulkItem]:
    """A row for each conversation, with what would become of it if it were acted on now."""
    foresight = Foresight(bulk.agent, bulk.act)
    found = portraits(numbers, bulk.agent, foresight.act.touches)
    for number in numbers:
        if number in found:
            state, reason = foresight.of(found[number])
            yield BulkItem(bulk=bulk, conversation_id=number, foreseen=state, reason=reason)


def _locked(pk: int) -> BulkAct:
    return BulkAct.objects.select_for_update(of=("self",)).select_related("agent").get(pk=pk)


def _keep(bulk: BulkAct, *fields: str) -> None:
    bulk.worked_at = timezone.now()
    bulk.save(update_fields=["state", "worked_at", *fields])


@transaction.atomic
def _act_on_some(pk: int) -> int:
    """Act on the next few: the ordinary action on each, its refusal kept beside it."""
    bulk = _locked(pk)
    if bulk.state != State.RUNNING:
        return 0
    some, standing = _next(bulk, ItemState.WAITING)
    before = _portraits(bulk, some)
    done: list[BulkItem] = []
    until = time.monotonic() + LONGEST_STEP
    for item in some:
        _act_on(item, bulk, standing[item.conversation_id], before[item.conversation_id])
        done.append(item)
        if time.monotonic() > until:
            break
    _see_what_became(bulk, done)
    if not some:
        bulk.state = State.DONE
        told = BulkEnded(bulk=pk, acted=bulk.acted, same=bulk.same, refused=bulk.refused)
        record(told, about=[bulk], by=bulk.agent)
    _keep(bulk, "acted", "same", "refused")
    return len(done)


def _next(bulk: BulkAct, state: BulkItem.State) -> tuple[list[BulkItem], dict[int, Conversation]]:
    """The next rows, and their conversations locked in the order of their numbers."""
    some = list(bulk.items.filter(state=state).order_by("pk")[:AT_ONCE])
    wanted = {item.conversation_id for item in some} | _joined_into(bulk)
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("inbox", "team")
    return some, {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}


def _act_of(bulk: BulkAct) -> tuple[Act, str]:
    return act_named(bulk.verb), str(bulk.act["with"])


def _portraits(bulk: BulkAct, some: Sequence[BulkItem]) -> Mapping[int, Portrait]:
    pks = [item.conversation_id for item in some]
    return portraits(pks, bulk.agent, act_named(bulk.verb).touches)


def _joined_into(bulk: BulkAct) -> set[int]:
    """What the others become part of is locked with them."""
    return {int(bulk.act["with"])} if bulk.verb == "join" else set()


def _act_on(item: BulkItem, bulk: BulkAct, conversation: Conversation, now: Portrait) -> None:
    act, words = _act_of(bulk)
    item.before, item.state, item.reason = act.touched(words, now), ItemState.ACTED, ""
    try:
        with transaction.atomic():
            may_act(bulk.agent, now)
            act.do(words, Run(conversation=conversation, by=bulk.agent))
    except Refused as refusal:
        item.state, item.reason = ItemState.REFUSED, str(refusal)[:250]
    except (OperationalError, InterfaceError):
        raise  # the database is in trouble, not this conversation
    except Exception:
        # One that fails in a way of its own must not hold up the others.
        log.exception("A bulk act failed on a conversation.", extra={"part": item.conversation_id})
        item.state = ItemState.REFUSED
        item.reason = _("Something went wrong here; the log says what.")


def _see_what_became(bulk: BulkAct, done: list[BulkItem]) -> None:
    """How they stand now: what an undo has to find again."""
    act, words = _act_of(bulk)
    acted = [item for item in done if item.state == ItemState.ACTED]
    after = _portraits(bulk, acted)
    for item in acted:
        item.after = act.touched(words, after[item.conversation_id])
        if item.after == item.before:
            item.state = ItemState.SAME
    BulkItem.objects.bulk_update(done, ["state", "reason", "before", "after"])
    states = [item.state for item in done]
    bulk.acted += states.count(ItemState.ACTED)
    bulk.same += states.count(ItemState.SAME)
    bulk.refused += states.count(ItemState.REFUSED)


@transaction.atomic
def _undo_some(pk: int) -> int:
    """Let the next few be as they were before, unless somebody changed them since."""
    bulk = _locked(pk)
    if bulk.state != State.UNDOING:
        return 0
    some, standing = _next(bulk, ItemState.ACTED)
    now = _portraits(bulk, some)
    done: list[BulkItem] = []
    until = time.monotonic() + LONGEST_STEP
    for item in some:
        _undo(item, bulk, standing[item.conversation_id], now[item.conversation_id])
        done.append(item)
        if time.monotonic() > until:
            break
    BulkItem.objects.bulk_update(done, ["state", "reason"])
    bulk.restored += sum(item.state == ItemState.RESTORED for item in done)
    bulk.kept += sum(item.state == ItemState.KEPT for item in done)
    if not some:
        bulk.state = State.UNDONE
        told = BulkUndone(bulk=pk, restored=bulk.restored, kept=bulk.kept)
        record(told, about=[bulk], by=bulk.agent)
    _keep(bulk, "restored", "kept")
    return len(done)


def _undo(item: BulkItem, bulk: BulkAct, conversation: Conversation, now: Portrait) -> None:
    act, words = _act_of(bulk)
    item.state, item.reason = ItemState.RESTORED, ""
    try:
        with transaction.atomic():
            may_act(bulk.agent, now, is_joined_by_us=bulk.verb == "join")
            stands = act.touched(words, now)
            # What is touched today may be more than when it was done.
            if {name: stands.get(name) for name in item.after} != item.after:
                raise Refused(_("Somebody changed it since."))
            if act.back is not None:
                act.back(words, Run(conversation=conversation, by=bulk.agent), item.before)
    except Refused as refusal:
        item.state, item.reason = ItemState.KEPT, str(refusal)[:250]
