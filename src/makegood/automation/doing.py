"""A rule on a conversation: its acts in order, until one is refused; and the trace of it."""

import logging
from collections.abc import Iterator, Mapping

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.acts.act import Run as Doing
from makegood.acts.vocabulary import act_named
from makegood.automation.breaking import break_rule, what_is_wrong
from makegood.automation.events import RuleCircled, RuleRan
from makegood.automation.hands import hand_of
from makegood.automation.models import Due, Hand, Rule, Run
from makegood.conversations.models import Conversation
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.causes import because_of

log = logging.getLogger(__name__)

State = Run.State
Step = dict[str, str]


def run_rule(rule: Rule, conversation: Conversation, due: Due) -> Run:
    """Do its acts because of this, and keep what became of each. Where all is so, nothing is."""
    run, hand = _begin(rule, conversation, due), hand_of(rule)
    with because_of(run.ref):
        if not _has_something_to_do(run, conversation, hand):
            run.state = State.SAME
        else:
            fact = RuleRan(rule=rule.pk, run=run.pk, title=rule.name, cause=due.kind)
            record(fact, about=[conversation, rule], by=hand)
            run.steps = list(_acts(run, hand))
            states = [step["became"] for step in run.steps]
            run.state = State.REFUSED if State.REFUSED in states else State.DONE
    run.save(update_fields=["state", "steps"])
    if run.state == State.REFUSED and (wrong := what_is_wrong(run.version)):
        break_rule(rule, wrong)
    return run


def end_the_circle(rule: Rule, conversation: Conversation, due: Due) -> Run:
    """Rules set each other off again and again: this one is not asked, and says so."""
    run = _begin(rule, conversation, due)
    run.state = State.CIRCLE
    run.save(update_fields=["state"])
    rule.trouble = _("The rules went in a circle on #%(number)s.") % {"number": conversation.pk}
    rule.trouble_at = run.at
    rule.save(update_fields=["trouble", "trouble_at"])
    fact = RuleCircled(rule=rule.pk, run=run.pk, title=rule.name)
    record(fact, about=[conversation, rule, run], by=hand_of(rule))
    return run


def _begin(rule: Rule, conversation: Conversation, due: Due) -> Run:
    assert rule.version is not None
    return Run.objects.create(
        rule=rule,
        version=rule.version,
        conversation=conversation,
        cause=due.cause,
        event=due.event,
        root=due.root,
        depth=due.depth + 1,
        at=timezone.now(),
    )


def _doing(run: Run, conversation: Conversation, hand: Hand, number: int) -> Doing:
    cause = f"{run.cause}.{number}"
    return Doing(conversation=conversation, by=hand, rule=run.rule.ref, cause=cause)


def _has_something_to_do(run: Run, conversation: Conversation, hand: Hand) -> bool:
    """What is so already is not done again; what would be refused is tried, to be told."""
    for number, kept in enumerate(run.version.acts, 1):
        try:
            if act_named(kept["do"]).say(kept["with"], _doing(run, conversation, hand, number)):
                return True
        except Refused:
            return True
    return False


def _acts(run: Run, hand: Hand) -> Iterator[Step]:
    """One after the other. What comes behind a refusal is not done."""
    for number, kept in enumerate(run.version.acts, 1):
        step = _act(number, kept, run, hand)
        yield step
        if step["became"] == State.REFUSED:
            return


def _act(number: int, kept: Mapping[str, str], run: Run, hand: Hand) -> Step:
    step = {**kept, "says": "", "became": str(State.DONE), "why": ""}
    try:
        with transaction.atomic():
            fresh = lock_standing(run.conversation_id, "inbox__mail_inbox", "customer")
            step |= _do(kept, _doing(run, fresh, hand, number))
    except Refused as refused:
        step |= {"became": str(State.REFUSED), "why": str(refused)[:250]}
    except (OperationalError, InterfaceError):
        raise  # the database is in trouble, not this act
    except Exception:
        # An act that fails in a way of its own ends this run, and no other.
        log.exception("A rule's act failed.", extra={"part": run.pk})
        why = _("Something went wrong here; the log says what.")
        step |= {"became": str(State.REFUSED), "why": why}
    return step


def _do(kept: Mapping[str, str], doing: Doing) -> Step:
    act, words = act_named(kept["do"]), kept["with"]
    if not act.is_for_rules:
        raise Refused(_("A rule cannot do this: %(act)s.") % {"act": act.label})
    says = act.say(words, doing)
    if not says:
        return {"became": str(State.SAME)}
    if act.by_rule is None:
        act.do(words, doing)
    elif why := act.by_rule(words, doing):
        return {"says": says, "became": str(State.REFUSED), "why": why[:250]}
    return {"says": says}
