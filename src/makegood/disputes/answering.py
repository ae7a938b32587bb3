"""Going over the evidence, letting it go, and deciding not to answer at all."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from makegood.disputes import telling
from makegood.disputes.events import (
    EvidenceChosen,
    EvidenceSending,
    EvidenceSent,
    LetGo,
)
from makegood.disputes.models import Answer, Choice, Dispute
from makegood.disputes.opening import follow
from makegood.disputes.packet import Packet, packet_of
from makegood.kit.errors import Refused
from makegood.kit.ids import new_token
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.ledger.gathering import gathered
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

State = Dispute.State
LONGEST_STATEMENT = 10_000
SPOKEN = "en"
"""Banks read English wherever they sit; what was said with a customer stays as it was said."""


Sends = Callable[[Dispute], bool]
_SENDS: list[Sends] = []


def sends(says: Sends) -> Sends:
    """Register who can hand evidence to a provider: asked whether it can, of one dispute."""
    _SENDS[:] = [says]
    return says


def goes_by_itself(dispute: Dispute) -> bool:
    """Whether the evidence can go from here; else somebody takes it there by hand."""
    return any(says(dispute) for says in _SENDS)


def packet_going(dispute: Dispute, agent: Agent) -> Packet:
    """The packet as the provider reads it."""
    with translation.override(SPOKEN):
        return packet_of(dispute, agent)


@transaction.atomic
def choose_evidence(
    dispute: Dispute, picked: Collection[str], statement: str, *, by: Agent
) -> None:
    """Say which pieces go, and what we say to it ourselves."""
    refuse_unless(by, "disputes.answer")
    dispute = _locked(dispute)
    _refuse_what_is_over(dispute)
    statement = fit_for_storage(statement).strip()
    if len(statement) > LONGEST_STATEMENT:
        over = len(statement) - LONGEST_STATEMENT
        raise Refused(_("That is %(n)s characters too long for any provider.") % {"n": over})
    known = [piece for line in packet_of(dispute, by).lines for piece, _goes in line.found]
    for piece in known:
        is_in = piece.name in picked
        Choice.objects.update_or_create(
            dispute=dispute, piece=piece.name, defaults={"is_in": is_in}
        )
    dispute.statement = statement
    dispute.save(update_fields=["statement"])
    within = sum(piece.name in picked for piece in known)
    fact = EvidenceChosen(within=within, statement=statement)
    record(fact, about=telling.about(dispute), by=by)


@transaction.atomic
def send_evidence(dispute: Dispute, *, digest: str, is_by_hand: bool, by: Agent) -> Answer:
    """Let the evidence go, exactly as it was on the page that confirmed it.

    Pressed twice it goes once. By hand it has gone already: then this says so.
    """
    refuse_unless(by, "disputes.answer")
    dispute = _locked(dispute)
    under_way = dispute.answers.filter(state__in=["waiting", "doing", "in_doubt"]).first()
    if under_way is not None:
        return under_way
    _refuse_what_is_over(dispute)
    packet = packet_going(dispute, by)
    if packet.digest != digest:
        raise Refused(_("Something changed since you looked: go over it once more, then send."))
    if not packet.going and not dispute.statement:
        raise Refused(_("There is nothing in it yet: pick something, or say something to it."))
    if not is_by_hand and not goes_by_itself(dispute):
        raise Refused(_("It cannot go from here: take it there by hand, then say so."))
    now = timezone.now()
    answer = Answer.objects.create(
        dispute=dispute, key=new_token(), agent=by, is_by_hand=is_by_hand, digest=digest,
        pieces=[one.name for one in packet.going], asked_at=now,
        state=Answer.State.DONE if is_by_hand else Answer.State.WAITING,
        ended_at=now if is_by_hand else None, next_try_at=None if is_by_hand else now,
    )  # fmt: skip
    fact = EvidenceSending(how="hand" if is_by_hand else "api", digest=digest, pieces=answer.pieces)
    record(fact, about=[answer, *telling.about(dispute)], by=by)
    if is_by_hand:
        _answered(dispute, by)
        sent = EvidenceSent(provider=dispute.provider, digest=digest)
        record(sent, about=[answer, *telling.about(dispute)], by=by)
    return answer


def _answered(dispute: Dispute, by: Agent) -> None:
    """So we say; the provider's next word counts more."""
    if dispute.state == State.NEEDS_ANSWER:
        dispute.state, dispute.answered_at = State.ANSWERED, timezone.now()
        dispute.save(update_fields=["state", "answered_at"])
        with gathered():
            follow(dispute, by=by)


@transaction.atomic
def let_go(dispute: Dispute, *, by: Agent) -> None:
    """Decide not to answer: the money stays with the customer, and nothing is due any more."""
    refuse_unless(by, "disputes.answer")
    dispute = _locked(dispute)
    _refuse_what_is_over(dispute)
    if dispute.accepted_by_id is not None:
        return
    if dispute.answers.exclude(state=Answer.State.DECLINED).exists():
        raise Refused(_("The evidence is with the provider already: it takes its course."))
    dispute.accepted_by = by
    dispute.save(update_fields=["accepted_by"])
    record(LetGo(external_id=dispute.external_id), about=telling.about(dispute), by=by)
    with gathered():
        follow(dispute, by=by)


@transaction.atomic
def take_up_again(dispute: Dispute, *, by: Agent) -> None:
    """Answer it after all, as long as it is not over."""
    refuse_unless(by, "disputes.answer")
    dispute = _locked(dispute)
    _refuse_what_is_over(dispute)
    if dispute.accepted_by_id is None:
        return
    dispute.accepted_by = None
    dispute.save(update_fields=["accepted_by"])
    with gathered():
        telling.reopened(dispute, by)
        follow(dispute, by=by)


def _locked(dispute: Dispute) -> Dispute:
    rows = Dispute.objects.select_for_update(of=("self",))
    return rows.select_related("order", "conversation").get(pk=dispute.pk)


def _refuse_what_is_over(dispute: Dispute) -> None:
    if not dispute.is_open:
        raise Refused(_("It is over: nothing can be sent any more."))
