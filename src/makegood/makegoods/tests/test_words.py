"""Words of a make-good are blacked out and forgotten like any others; its sums stay."""

from datetime import timedelta

from django.utils import timezone

from makegood.conversations.models import Conversation
from makegood.ledger.models import Event
from makegood.makegoods.actions import give
from makegood.makegoods.approving import answer, ask
from makegood.makegoods.models import Approval, Entry, Makegood
from makegood.makegoods.tests.giving import matter, wish
from makegood.people.forgetting import forget_customer
from makegood.redaction.actions import Wish, redact
from makegood.team.models import Agent

CANARY = "canary-7731"


def _given(lamp: Conversation, nora: Agent, tomas: Agent) -> Makegood:
    asked = wish(40_00, remedy="gesture", words=f"A card for {CANARY}", why=f"{CANARY} wept.")
    makegood = ask(matter(lamp), asked, by=nora)
    answer(makegood.approval, is_yes=True, words=f"Yes, {CANARY}.", by=tomas)
    return give(makegood, by=nora)


def _said() -> str:
    told = [one.told() for one in Event.objects.filter(kind__startswith="makegood.")]
    rows = Makegood.objects.values_list("words", "why", "code")
    return repr([told, list(rows), list(Approval.objects.values_list("words"))])


def test_what_is_blacked_out_is_gone_from_a_make_good(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    _given(lamp, nora, tomas)
    assert _said().count(CANARY) >= 3
    redact(lamp, Wish(words=CANARY, reason="A test"), by=tomas)
    assert CANARY not in _said()
    assert "wept." in _said(), "the rest stays"


def test_who_is_forgotten_leaves_sums(
    lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent
) -> None:
    _given(lamp, nora, tomas)
    forget_customer(lamp.customer, by=olga)
    assert CANARY not in _said()
    assert sum(one.face_minor for one in Entry.objects.all()) == 40_00
    assert Entry.objects.get().at > timezone.now() - timedelta(hours=1)
