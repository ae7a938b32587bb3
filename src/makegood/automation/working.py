"""What is due, one conversation at a time: rules in their order, each once for each cause.

One transaction holds what is due, the runs that it makes, their acts and their events: killed
anywhere, all of it is there or none. The same conversation is never worked on by two.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import override

from makegood.automation.asking import question_of
from makegood.automation.breaking import break_rule
from makegood.automation.depths import DEEPEST, MOST_IN_A_CHAIN
from makegood.automation.doing import end_the_circle, run_rule
from makegood.automation.hearing import is_by_machine, rules_on, switch
from makegood.automation.models import Due, Rule, Run
from makegood.automation.ringing import ring
from makegood.automation.triggers import STATES
from makegood.conversations.models import Conversation
from makegood.conversations.standing import lock_standing
from makegood.ledger.models import Follower

log = logging.getLogger(__name__)

AT_ONCE = 20
A_MOMENT = timedelta(seconds=1)
MOST_ATTEMPTS = 5


def work_on_rules() -> int:
    """Ring what has lasted long enough, then do some of what is due."""
    now = timezone.now()
    did = ring(now)
    for _number in range(AT_ONCE):
        if not work_on_next(now):
            break
        did += 1
    return did


def work_on_next(now: datetime) -> bool:
    """Ask all rules about what has been due for longest; False where nothing is due."""
    if not _due(now).exists():
        return False
    chosen: list[int] = []
    try:
        with transaction.atomic():
            locked = _due(now).select_for_update(of=("self",), skip_locked=True)
            chosen += locked.values_list("pk", flat=True)[:1]
            for pk in chosen:
                _work_on(Due.objects.select_related("rule").get(pk=pk), now)
    except (OperationalError, InterfaceError):
        raise  # the database is in trouble, not this conversation
    except Exception:
        # One that fails in a way of its own must not hold up those behind it.
        log.exception("Rules failed on a conversation.", extra={"part": chosen})
        _put_off(chosen, now)
    return bool(chosen)


def _due(now: datetime) -> "QuerySet[Due]":
    """What is due, the oldest first, unless something older of its conversation is not done yet."""
    older = Due.objects.filter(conversation=OuterRef("conversation"), pk__lt=OuterRef("pk"))
    return Due.objects.filter(~Exists(older), not_before__lte=now).order_by("not_before", "pk")


def _work_on(due: Due, now: datetime) -> None:
    rules = [] if switch().is_off else _concerned(due)
    if not _is_findable(due, rules):
        Due.objects.filter(pk=due.pk).update(not_before=now + A_MOMENT)
        return
    conversation = lock_standing(due.conversation_id, "inbox__mail_inbox", "customer", "team")
    for rule in rules:
        with override(rule.keeper.language or None):
            if _meets(rule, conversation, due, now) and rule.version and rule.version.stops_here:
                break
    due.delete()


def _concerned(due: Due) -> Sequence[Rule]:
    """The rules that hear of this, in their order."""
    if due.rule_id is not None:
        return [rule for rule in rules_on() if rule.pk == due.rule_id]
    return [
        rule
        for rule in rules_on()
        if rule.version and rule.version.trigger == due.kind and due.event > rule.on_after
    ]


def _is_findable(due: Due, rules: Sequence[Rule]) -> bool:
    """Whether words that were just said can be found: the index is a follower of its own."""
    asked = [question_of(rule) for rule in rules]
    if not any(one.asks_for_words for one in asked):
        return True
    position = Follower.objects.filter(name="search").values_list("position", flat=True).first()
    return (position or 0) >= due.event


def _meets(rule: Rule, conversation: Conversation, due: Due, now: datetime) -> bool:
    """Whether the rule holds here; where it does, it acts, once for this cause."""
    version = rule.version
    if version is None:
        return False
    if not version.hears_machines and is_by_machine(due, conversation):
        return False
    if version.state and not _lasts_still(version.state, conversation, due):
        return False
    question = question_of(rule)
    if question.trouble:
        break_rule(rule, question.trouble)
        return False
    if not question.holds_of(conversation, now) or _ran_already(rule, conversation, due):
        return False
    if due.depth >= DEEPEST or _is_endless(conversation, due):
        end_the_circle(rule, conversation, due)
    else:
        run_rule(rule, conversation, due)
    return True


def _lasts_still(state: str, conversation: Conversation, due: Due) -> bool:
    since = STATES[state].since(conversation)
    return since is not None and due.cause == f"{state}:{since.isoformat()}"


def _is_endless(conversation: Conversation, due: Due) -> bool:
    """Whether so much has followed already that it would never be done."""
    chain = Run.objects.filter(conversation=conversation, root=due.root)
    return chain.count() >= MOST_IN_A_CHAIN


def _ran_already(rule: Rule, conversation: Conversation, due: Due) -> bool:
    known = Run.objects.filter(rule=rule, conversation=conversation, cause=due.cause)
    return known.exists()


def _put_off(pks: Sequence[int], now: datetime) -> None:
    """Try again later; what fails again and again is given up, and the log says what it was."""
    for due in Due.objects.filter(pk__in=pks):
        if due.attempts + 1 >= MOST_ATTEMPTS:
            due.delete()
            continue
        later = now + timedelta(seconds=30 * 2**due.attempts)
        Due.objects.filter(pk=due.pk).update(attempts=due.attempts + 1, not_before=later)
