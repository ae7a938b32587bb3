"""The steps of bulk acts: look for the conversations, act on some, undo some.

A step is one short transaction that leaves everything right: killed anywhere, an act goes on
where it was, and no conversation is acted on twice. Between two steps the desk has its turn.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.acts.act import Act, Run
from makegood.acts.linking import links_in
from makegood.acts.portraits import Portrait, portraits
from makegood.acts.vocabulary import act_named
from makegood.bulk.events import BulkEnded, BulkUndone
from makegood.bulk.foreseeing import Foresight, may_act
from makegood.bulk.models import BulkAct, BulkItem
from makegood.bulk.sources import some_of
from makegood.bulk.tidying import throw_away_tried
from makegood.conversations.models import Conversation
from makegood.conversations.standing import hold
from makegood.kit.errors import Refused
from makegood.kit.remembering import forget_answers, remembering
from makegood.ledger.actions import record
from makegood.ledger.gathering import Gathered, gathered

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Conversations that one step acts on."""
LONGEST_STEP = 0.06
"""Seconds after which a step ends: nobody waits longer for the database."""
AT_LEAST = 50
"""But so many are acted on: on a busy machine, beginning and ending a step is what takes long."""
BREATH = 0.25
"""How long the desk has its turn after a step, in lengths of that step."""

State = BulkAct.State
ItemState = BulkItem.State
Doing = Callable[[], None]


def work_on_next() -> int:
    """One step of the bulk act that has waited longest; how many conversations it took in."""
    under_way = BulkAct.objects.filter(state__in=[State.LOOKING, State.RUNNING, State.UNDOING])
    pk = under_way.order_by("worked_at").values_list("pk", flat=True).first()
    if pk is None:
        return throw_away_tried(timezone.now())
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
    with remembering(), gathered() as told:
        for item in _until_late(some):
            number = item.conversation_id
            _try(item, told, _act_on(item, bulk, standing[number], before[number]))
            done.append(item)
    _see_what_became(bulk, done)
    if not some:
        bulk.state = State.DONE
        ended = BulkEnded(bulk=pk, acted=bulk.acted, same=bulk.same, refused=bulk.refused)
        record(ended, about=[bulk], by=bulk.agent)
    _keep(bulk, "acted", "same", "refused")
    return len(done)


def _next(
    bulk: BulkAct, state: BulkItem.State
) -> tuple[list[BulkItem], Mapping[int, Conversation]]:
    """The next rows, and their conversations locked in the order of their numbers."""
    some = list(bulk.items.filter(state=state).order_by("pk")[:AT_ONCE])
    return some, hold({item.conversation_id for item in some} | _named(bulk))


def _until_late(some: Sequence[BulkItem]) -> Iterator[BulkItem]:
    """One after the other, as long as nobody has to wait for us."""
    until = time.monotonic() + LONGEST_STEP
    for count, item in enumerate(some, start=1):
        yield item
        if count >= AT_LEAST and time.monotonic() > until:
            return


def _act_of(bulk: BulkAct) -> tuple[Act, str]:
    return act_named(bulk.verb), str(bulk.act["with"])


def _portraits(bulk: BulkAct, some: Sequence[BulkItem]) -> Mapping[int, Portrait]:
    pks = [item.conversation_id for item in some]
    return portraits(pks, bulk.agent, act_named(bulk.verb).touches)


def _named(bulk: BulkAct) -> set[int]:
    """What the others become part of, or are linked with, is locked with them."""
    if bulk.verb == "link":
        return {number for part in links_in(bulk.act["with"]) for number in part}
    return {int(bulk.act["with"])} if bulk.verb == "join" else set()


def _act_on(item: BulkItem, bulk: BulkAct, conversation: Conversation, now: Portrait) -> Doing:
    act, words = _act_of(bulk)
    item.before, item.state, item.reason = act.touched(words, now), ItemState.ACTED, ""

    def do() -> None:
        may_act(bulk.agent, now)
        act.do(words, Run(conversation=conversation, by=bulk.agent, newest=bulk.newest))

    return do


def _try(item: BulkItem, told: Gathered, do: Doing) -> None:
    """Do it with one; what refuses leaves no trace but its reason."""
    try:
        with told.one():
            do()
    except Refused as refusal:
        forget_answers()
        item.state, item.reason = ItemState.REFUSED, str(refusal)[:250]
    except (OperationalError, InterfaceError):
        raise  # the database is in trouble, not this conversation
    except Exception:
        # One that fails in a way of its own must not hold up the others.
        forget_answers()
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
    _keep_items(done)
    states = [item.state for item in done]
    bulk.acted += states.count(ItemState.ACTED)
    bulk.same += states.count(ItemState.SAME)
    bulk.refused += states.count(ItemState.REFUSED)


def _keep_items(done: Sequence[BulkItem]) -> None:
    """What became of each, in one prepared statement: the ORM's way costs more than the acts."""
    sql = "UPDATE bulk_bulkitem SET state=%s, reason=%s, before=%s, after=%s WHERE id=%s"
    rows = [
        (str(one.state), one.reason, json.dumps(one.before), json.dumps(one.after), one.pk)
        for one in done
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


@transaction.atomic
def _undo_some(pk: int) -> int:
    """Let the next few be as they were before, unless somebody changed them since."""
    bulk = _locked(pk)
    if bulk.state != State.UNDOING:
        return 0
    some, standing = _next(bulk, ItemState.ACTED)
    now = _portraits(bulk, some)
    done: list[BulkItem] = []
    with remembering(), gathered() as told:
        for item in _until_late(some):
            number = item.conversation_id
            _try(item, told, _undo(item, bulk, standing[number], now[number]))
            if item.state == ItemState.REFUSED:
                item.state = ItemState.KEPT
            done.append(item)
    _keep_items(done)
    states = [item.state for item in done]
    bulk.restored += states.count(ItemState.RESTORED)
    bulk.kept += states.count(ItemState.KEPT)
    if not some:
        bulk.state = State.UNDONE
        undone = BulkUndone(bulk=pk, restored=bulk.restored, kept=bulk.kept)
        record(undone, about=[bulk], by=bulk.agent)
    _keep(bulk, "restored", "kept")
    return len(done)


def _undo(item: BulkItem, bulk: BulkAct, conversation: Conversation, now: Portrait) -> Doing:
    act, words = _act_of(bulk)
    item.state, item.reason = ItemState.RESTORED, ""

    def undo() -> None:
        may_act(bulk.agent, now, is_joined_by_us=bulk.verb == "join")
        stands = act.touched(words, now)
        # What is touched today may be more than when it was done.
        if {name: stands.get(name) for name in item.after} != item.after:
            raise Refused(_("Somebody changed it since."))
        if act.back is not None:
            act.back(words, Run(conversation=conversation, by=bulk.agent), item.before)

    return undo
