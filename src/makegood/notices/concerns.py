"""Whom the facts of a conversation concern."""

from django.db.models import Q
from django.utils import timezone

from makegood.channels.models import Delivery
from makegood.channels.queries import agents_who_see
from makegood.channels.registry import LIVE
from makegood.conversations.events import (
    Assigned,
    ConversationOpened,
    MessageDelivery,
    MessageReceived,
    NoteAdded,
    Replied,
    Woke,
)
from makegood.conversations.models import Conversation, Message
from makegood.ledger.models import Event
from makegood.makegoods.events import ApprovalWanted, MakegoodApproved, MakegoodDeclined
from makegood.makegoods.models import Approval
from makegood.notices.events import Mentioned
from makegood.notices.kinds import Kind
from makegood.notices.models import Following, Mention
from makegood.notices.telling import Concern, tells
from makegood.presence.queries import State, states_of
from makegood.promises.escalating import whom
from makegood.promises.events import PromiseBroken, PromiseEscalated, PromiseWarned
from makegood.promises.models import Promise
from makegood.routing.events import MovedOn
from makegood.sending.events import AnswerReturned, AnswerStopped, ApprovalAsked
from makegood.sending.models import Prepared
from makegood.sending.rules import may_approve
from makegood.team.absences import absences_of

TROUBLED = (Delivery.State.FAILED, Delivery.State.BOUNCED, Delivery.State.IN_DOUBT)


@tells(Assigned)
def whoever_was_given_it(event: Event, _conversation: Conversation) -> Concern:
    return Concern(kind=Kind.ASSIGNED, agents=[event.facts["agent"]])


@tells(Mentioned)
def whoever_was_named(event: Event, _conversation: Conversation) -> Concern:
    return Concern(kind=Kind.MENTION, agents=event.facts["agents"])


@tells(MessageReceived)
def whoever_waits_for_an_answer(event: Event, conversation: Conversation) -> Concern:
    """Machines' answers are nobody's news."""
    kind = Kind.CHAT_SAID if conversation.inbox.kind in LIVE else Kind.ANSWER
    if event.facts.get("automatic"):
        return Concern(kind=kind, agents=())
    agents = [_assignee_then(event, conversation), *_followers(event, conversation)]
    return Concern(kind=kind, agents=agents)


@tells(ConversationOpened)
def whoever_could_take_a_chat(_event: Event, conversation: Conversation) -> Concern:
    """Those who work now and may answer there; who left the desk is not called back to it."""
    if conversation.inbox.kind not in LIVE or conversation.assignee_id:
        return Concern(kind=Kind.CHAT_WAITS, agents=())
    seers = [one for one in agents_who_see(conversation.inbox) if one.may("answer")]
    near, now = states_of(seers), timezone.now()
    gone = absences_of([one.pk for one in seers], now)
    here = [one.pk for one in seers if near[one.pk] != State.OFFLINE and one.pk not in gone]
    return Concern(kind=Kind.CHAT_WAITS, agents=here)


@tells(Replied, NoteAdded)
def whoever_follows_it(event: Event, conversation: Conversation) -> Concern:
    """Who is named in a note is told of that, not twice."""
    named = Mention.objects.filter(note=event.facts.get("note", 0))
    agents = set(_followers(event, conversation)) - set(named.values_list("agent", flat=True))
    return Concern(kind=Kind.COLLEAGUE, agents=sorted(agents))


@tells(MessageDelivery)
def whoever_wrote_it(event: Event, _conversation: Conversation) -> Concern:
    if event.facts["state"] not in TROUBLED:
        return Concern(kind=Kind.UNDELIVERED, agents=())
    writers = Message.objects.filter(pk=event.facts["message"]).values_list("agent", flat=True)
    return Concern(kind=Kind.UNDELIVERED, agents=writers)


@tells(ApprovalAsked)
def whoever_may_approve(_event: Event, conversation: Conversation) -> Concern:
    seers = agents_who_see(conversation.inbox)
    return Concern(kind=Kind.APPROVAL, agents=[one.pk for one in seers if may_approve(one)])


@tells(AnswerStopped, AnswerReturned)
def whoever_wrote_what_does_not_leave(event: Event, _conversation: Conversation) -> Concern:
    prepared = Prepared.objects.filter(pk=event.facts["prepared"])
    return Concern(kind=Kind.STOPPED, agents=prepared.values_list("agent", flat=True))


@tells(ApprovalWanted)
def whoever_may_say_yes(event: Event, _conversation: Conversation) -> Concern:
    """Whom it was asked of; who answered meanwhile has nothing to do."""
    waits = Approval.objects.filter(pk=event.facts["approval"], answered_at=None).exists()
    return Concern(kind=Kind.YES_WANTED, agents=event.facts["agents"] if waits else ())


@tells(MakegoodApproved, MakegoodDeclined)
def whoever_asked_for_a_yes(event: Event, _conversation: Conversation) -> Concern:
    """What an agent gives without asking is nobody's news."""
    asked = Approval.objects.filter(makegood=event.facts["makegood"], answered_at__isnull=False)
    return Concern(kind=Kind.YES_GIVEN, agents=asked.values_list("makegood__agent", flat=True))


@tells(MovedOn)
def whoever_had_it(event: Event, _conversation: Conversation) -> Concern:
    """Whoever has it now is told that it was given to them."""
    return Concern(kind=Kind.MOVED, agents=[event.facts["agent"]])


@tells(Woke)
def whoever_let_it_rest(event: Event, conversation: Conversation) -> Concern:
    """It is their turn again; where it is nobody's, those who follow it."""
    if conversation.assignee_id:
        return Concern(kind=Kind.WOKE, agents=[conversation.assignee_id])
    return Concern(kind=Kind.WOKE, agents=_followers(event, conversation))


@tells(PromiseWarned, PromiseBroken)
def whose_word_it_is(event: Event, _conversation: Conversation) -> Concern:
    """A word of one's own. What a policy promised tells whom the policy's steps name."""
    kind = Kind.AT_RISK if event.kind == PromiseWarned.kind else Kind.UNKEPT
    promise = _promise(event)
    if promise is None or promise.version_id is not None:
        return Concern(kind=kind, agents=())
    return Concern(kind=kind, agents=whom(promise, "owner"))


@tells(PromiseEscalated)
def whom_a_step_names(event: Event, _conversation: Conversation) -> Concern:
    step, promise = event.facts["step"], _promise(event)
    if promise is None or promise.settled_at is not None or step not in ("notify", "call"):
        return Concern(kind=Kind.CALLED, agents=())
    agents = event.facts.get("agents") or whom(promise, event.facts["whom"] or "leads")
    if step == "call":
        return Concern(kind=Kind.CALLED, agents=agents)
    is_broken = promise.broken_at is not None and promise.broken_at <= event.at
    return Concern(kind=Kind.UNKEPT if is_broken else Kind.AT_RISK, agents=agents)


def _promise(event: Event) -> Promise | None:
    found = Promise.objects.select_related("conversation")
    return found.filter(pk=event.facts["promise"]).first()


def _assignee_then(event: Event, conversation: Conversation) -> int | None:
    """Who had it when it happened: whoever got it since is told of that already."""
    if conversation.assignee_id is None:
        return None
    later = Event.objects.filter(
        pk__gt=event.pk, kind=Assigned.kind, subjects__ref=conversation.ref
    )
    return None if later.exists() else conversation.assignee_id


def _followers(event: Event, conversation: Conversation) -> list[int]:
    """Who followed it, or what was joined into it, when it happened."""
    here = Q(conversation=conversation.pk) | Q(conversation__joined_into=conversation.pk)
    rows = Following.objects.filter(here, left_at=None, since__lte=event.recorded_at)
    return list(rows.values_list("agent", flat=True).distinct())
