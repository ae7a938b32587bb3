"""Above somebody's authority: others are asked, and one of them says yes or no, once."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.authority.actions import take
from makegood.authority.queries import who_may
from makegood.channels.queries import agents_who_see
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.makegoods.actions import Matter, Wish, approve, decline, put_down
from makegood.makegoods.events import ApprovalWanted
from makegood.makegoods.holding import hold_shop, locked
from makegood.makegoods.mailing import mail
from makegood.makegoods.models import Approval, Makegood
from makegood.makegoods.refunding import refuse_what_grew
from makegood.makegoods.replacing import refuse_unless_may_give, right_for
from makegood.makegoods.telling import HOUSE, about, digits
from makegood.makegoods.waiting import is_answered, promise_an_answer
from makegood.team.models import Agent

Answer = Approval.Answer
State = Makegood.State
ANSWERED_WITHIN = timedelta(hours=2)
AGAIN, NO_LONGER = timedelta(days=1), timedelta(days=14)
"""How often those who were asked are asked once more, and until when."""


@transaction.atomic
def ask(matter: Matter, wish: Wish, *, by: Agent) -> Makegood:
    """Write down what somebody wants to give, and ask whoever may give as much."""
    hold_shop(matter.order)
    known = Makegood.objects.filter(client_key=wish.client_key).first()
    if known is not None:
        return known
    if not wish.why.strip():
        raise Refused(_("Tell whoever decides in a few words why."))
    makegood = put_down(matter, wish, by=by)
    able = able_to_answer(makegood)
    if not able:
        raise Refused(_("Nobody here may give as much for this."))
    first = [one for one in able if one.role != Agent.Role.OWNER] or able
    now = timezone.now()
    approval = Approval.objects.create(
        makegood=makegood, asked_at=now, due_at=now + ANSWERED_WITHIN,
        asked=[one.pk for one in first],
    )  # fmt: skip
    promise_an_answer(approval, by=by)
    _tell(approval, first, by=by)
    return makegood


def able_to_answer(makegood: Makegood) -> Sequence[Agent]:
    """Everybody who may give as much, sees the conversation, and does not ask themselves."""
    right = right_for(makegood.remedy, makegood.lines)
    rich = who_may(makegood.at_stake, makegood.case)
    able = [one for one in rich if one.pk != makegood.agent_id and one.may(right)]
    if makegood.conversation is None:
        return able
    seers = {one.pk for one in agents_who_see(makegood.conversation.inbox)}
    return [one for one in able if one.pk in seers or one.sees_everything()]


def _tell(
    approval: Approval, agents: Sequence[Agent], *, by: Actor, is_again: bool = False
) -> None:
    makegood = approval.makegood
    fact = ApprovalWanted(
        makegood=makegood.pk, approval=approval.pk, amount=digits(makegood.face),
        agents=[one.pk for one in agents], is_again=is_again,
    )  # fmt: skip
    refs = [*about(makegood), approval.ref, *(one.ref for one in agents)]
    record(fact, about=refs, by=by)
    mail(approval, agents)


@transaction.atomic
def answer(approval: Approval, *, is_yes: bool, words: str = "", by: Agent) -> Approval:
    """Say yes or no; whoever is first decides. A yes takes the money from who says it."""
    hold_shop(approval.makegood.order)
    makegood = locked(approval.makegood)
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    approval.makegood = makegood
    refuse_to_answer(approval, by)
    said = words.strip()[:500]
    if not is_yes and not said:
        raise Refused(_("Say why not, so that whoever asked can tell the customer."))
    approval.answer = Answer.YES if is_yes else Answer.NO
    approval.answered_at, approval.answered_by, approval.words = timezone.now(), by, said
    approval.save()
    if is_yes:
        refuse_unless_may_give(by, makegood.remedy, makegood.lines)
        refuse_what_grew(makegood)
        take(
            by, makegood.at_stake, ref=makegood.ref, case=makegood.case, budget=makegood.budget,
            by=by,
        )  # fmt: skip
        approve(makegood, by=by, words=said)
    else:
        decline(makegood, words=said, by=by)
    is_answered(approval, by=by)
    return approval


def refuse_to_answer(approval: Approval, agent: Agent) -> None:
    if approval.answered_at is not None:
        raise Refused(_("Somebody answered this already."))
    if approval.makegood.state != State.OFFERED:
        raise Refused(_("This is not needed any more."))
    if agent.pk == approval.makegood.agent_id:
        raise Refused(_("Nobody approves what they ask for themselves."))


@transaction.atomic
def escalate(approval: Approval) -> bool:
    """Nobody answered in time: everybody who may is asked, the owners too; again each day."""
    approval = (
        Approval.objects.select_for_update(of=("self",))
        .select_related("makegood__conversation__inbox", "makegood__order", "makegood__agent")
        .get(pk=approval.pk)
    )
    now = timezone.now()
    is_due = approval.due_at <= now < approval.asked_at + NO_LONGER
    if approval.answered_at is not None or not is_due:
        return False
    able = able_to_answer(approval.makegood)
    approval.escalated_at, approval.due_at = now, now + AGAIN
    approval.asked = sorted({*approval.asked, *(one.pk for one in able)})
    approval.save(update_fields=["escalated_at", "due_at", "asked"])
    _tell(approval, able, by=HOUSE, is_again=True)
    return True
