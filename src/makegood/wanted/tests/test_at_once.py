"""Workers who look at once at what is sold no more: on PostgreSQL, where they can."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from makegood.conversations.models import Conversation
from makegood.ledger.models import Event
from makegood.promises.models import Promise
from makegood.shop.models import Variant
from makegood.team.models import Agent
from makegood.wanted.actions import promise_back
from makegood.wanted.ticking import look_at_wanted
from tests.ordered import a_product

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 4


def test_it_is_withdrawn_and_told_once_however_many_look(lamp: Conversation, nora: Agent) -> None:
    white = a_product(0).variants.get(external_id="v1")
    promise_back(lamp, white, (timezone.now() + timedelta(days=7)).date(), by=nora)
    Variant.objects.filter(pk=white.pk).update(is_gone=True)
    gate, ended = threading.Barrier(WORKERS), list[str]()

    def look() -> None:
        gate.wait(20)
        try:
            for _turn in range(5):
                look_at_wanted()
            ended.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _one in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert ended == ["done"] * WORKERS
    assert Promise.objects.get(kind="back_in_stock").state == Promise.State.WITHDRAWN
    assert Event.objects.filter(kind="wanted.taken_out").count() == 1
    assert Event.objects.filter(kind="promise.withdrawn").count() == 1
