"""Evidence goes out by the provider's interface: leased, once, and looked up where in doubt."""

from datetime import timedelta

from django.db import connection as database
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.disputes import telling
from makegood.disputes.actions import apply_dispute
from makegood.disputes.answering import packet_going, sends
from makegood.disputes.events import EvidenceInDoubt, EvidenceRefused, EvidenceSent
from makegood.disputes.fields import evidence_of
from makegood.disputes.models import Answer, Dispute, Provider
from makegood.disputes.providers import stripe_calls
from makegood.disputes.seen import DisputeSeen
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.facts import Fact
from makegood.shop.connecting import link_of
from makegood.shop.connectors.interface import TryLater, Unsure
from makegood.shop.models import Connection

State = Answer.State
LEASE = timedelta(minutes=5)
LOOK_AGAIN = timedelta(minutes=2)
MOST_ATTEMPTS = 12
UNDER_WAY = (State.WAITING, State.DOING, State.IN_DOUBT)


@sends
def can_send(dispute: Dispute) -> bool:
    """Stripe takes evidence over its interface, where we have a key; PayPal by hand."""
    way = dispute.connection
    if way is None or dispute.provider != Provider.STRIPE:
        return False
    return way.state == Connection.State.ACTIVE and stripe_calls.may_ask(link_of(way))


def send_next_answer() -> int:
    """One answer that is due: sent, looked up, or put off. How many that were."""
    answer, must_look = _leased()
    if answer is None:
        return 0
    try:
        _send(answer, must_look=must_look)
    except Unsure as unsure:
        _in_doubt(answer, str(unsure))
    except TryLater as later:
        length = timedelta(seconds=max(later.seconds, 5.0))
        _put_off(answer, length, str(later), must_look=must_look)
    except Refused as refused:
        _refused(answer, str(refused))
    return 1


def _leased() -> tuple[Answer | None, bool]:
    """Whoever was killed while sending left it as being sent: the next one looks first."""
    now = timezone.now()
    skip = database.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = Answer.objects.select_for_update(of=("self",), skip_locked=skip)
        answer = (
            rows.filter(state__in=UNDER_WAY, next_try_at__lte=now)
            .select_related(
                "dispute__order", "dispute__conversation", "dispute__connection__shop", "agent"
            )
            .order_by("next_try_at", "pk")
            .first()
        )
        if answer is None:
            return None, False
        must_look = answer.state != State.WAITING
        answer.state = State.DOING
        answer.attempts += 1
        answer.next_try_at = now + LEASE
        answer.save(update_fields=["state", "attempts", "next_try_at"])
    return answer, must_look


def _send(answer: Answer, *, must_look: bool) -> None:
    dispute = answer.dispute
    if dispute.connection is None:
        raise Refused(_("Its connection is gone: take the evidence there by hand."))
    link = link_of(dispute.connection)
    if must_look and stripe_calls.has_evidence(link, dispute.external_id):
        _done(answer, stripe_calls.dispute_now(link, dispute.external_id, timezone.now()))
        return
    packet = packet_going(dispute, answer.agent)
    _done(
        answer,
        stripe_calls.answer_dispute(
            link, dispute.external_id, evidence_of(packet), answer.key, timezone.now()
        ),
    )


def _done(answer: Answer, seen: DisputeSeen | None) -> None:
    with transaction.atomic():
        _end(answer, State.DONE)
        dispute = answer.dispute
        _tell(answer, EvidenceSent(provider=dispute.provider, digest=answer.digest))
        if seen is not None:
            apply_dispute(seen, by=telling.HOUSE, connection=dispute.connection)


def _refused(answer: Answer, words: str) -> None:
    with transaction.atomic():
        _end(answer, State.DECLINED, words)
        provider = answer.dispute.provider
        _tell(answer, EvidenceRefused(provider=provider, words=one_line(words, 250)))


def _in_doubt(answer: Answer, words: str) -> None:
    was_told = answer.attempts > 1
    with transaction.atomic():
        answer.state, answer.trouble = State.IN_DOUBT, one_line(words, 250)
        answer.next_try_at = timezone.now() + LOOK_AGAIN
        answer.save(update_fields=["state", "trouble", "next_try_at"])
        if not was_told:
            _tell(answer, EvidenceInDoubt(provider=answer.dispute.provider))


def _put_off(answer: Answer, length: timedelta, words: str, *, must_look: bool) -> None:
    """Nothing left: it waits, unless it was in doubt before, which it stays."""
    if answer.attempts >= MOST_ATTEMPTS and not must_look:
        _refused(answer, words)
        return
    answer.state = State.IN_DOUBT if must_look else State.WAITING
    answer.trouble = one_line(words, 250)
    answer.next_try_at = timezone.now() + length
    answer.save(update_fields=["state", "trouble", "next_try_at"])


def _end(answer: Answer, state: str, trouble: str = "") -> None:
    answer.state, answer.trouble = state, one_line(trouble, 250)
    answer.ended_at, answer.next_try_at = timezone.now(), None
    answer.save(update_fields=["state", "trouble", "ended_at", "next_try_at"])


def _tell(answer: Answer, fact: Fact) -> None:
    record(fact, about=[answer, *telling.about(answer.dispute)], by=telling.HOUSE)
