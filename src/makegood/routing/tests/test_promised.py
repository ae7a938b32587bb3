"""What is promised stands first, and a promise at risk calls for somebody else."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from makegood.conversations.actions import assign_conversation, set_priority
from makegood.conversations.models import Conversation
from makegood.ledger.followers import catch_up
from makegood.promises.actions import Word, make_promise
from makegood.promises.models import Promise
from makegood.promises.telling import escalated
from makegood.routing.actions import take_next
from makegood.routing.models import Choice
from makegood.routing.promised import by_promise
from makegood.routing.tests.floors import at_the_desk, waiting


def _promise(conversation: Conversation, hours: int, by: Any) -> Promise:
    due_at = timezone.now() + timedelta(hours=hours)
    return make_promise(conversation, Word(words="By then.", due_at=due_at), by=by)


def test_what_is_due_next_stands_first_among_equally_urgent_ones(
    form: Any, nora: Any, tomas: Any
) -> None:
    plain, later, sooner, urgent = (waiting(form, number) for number in range(4))
    _promise(later, 5, nora)
    _promise(sooner, 2, nora)
    set_priority(urgent, Conversation.Priority.URGENT, by=tomas)

    wanted = [urgent.pk, sooner.pk, later.pk, plain.pk]
    assert by_promise([plain.pk, later.pk, sooner.pk, urgent.pk]) == wanted
    assert take_next(nora) == urgent
    assert take_next(nora) == sooner


def test_a_promise_at_risk_goes_to_somebody_else_who_is_free(
    form: Any, nora: Any, tomas: Any
) -> None:
    only = waiting(form)
    assign_conversation(only, agent=nora, team=None, by=nora)
    promise = _promise(only, 2, nora)
    at_the_desk(nora, tomas)
    with transaction.atomic():
        escalated(promise, "reassign", "", timezone.now())
    catch_up("routing")

    only.refresh_from_db()
    assert only.assignee == tomas
    assert Choice.objects.get().how == "risk"


def test_where_nobody_else_is_free_it_stays(form: Any, nora: Any, tomas: Any) -> None:
    only = waiting(form)
    assign_conversation(only, agent=nora, team=None, by=nora)
    promise = _promise(only, 2, nora)
    at_the_desk(nora)
    with transaction.atomic():
        escalated(promise, "reassign", "", timezone.now())
    catch_up("routing")

    only.refresh_from_db()
    assert only.assignee == nora
