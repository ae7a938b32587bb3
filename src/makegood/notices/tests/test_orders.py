"""Whoever looks after orders hears that some are late: once an hour, however many they are."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client

from makegood.channels.models import Inbox
from makegood.ledger.followers import catch_up
from makegood.notices.digest import _letter
from makegood.notices.models import Notice
from makegood.notices.pushing import message_of
from makegood.notices.queries import in_full, matters_of, notices_of, unread_count
from makegood.notices.wishes import wishes_of
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.parcelled import DAY, MONDAY, seen, stated, told

pytestmark = pytest.mark.django_db
HOUR = DAY / 24


def passed(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        tick(moment)
        catch_up("notices")


def test_many_late_orders_are_one_notice_of_whoever_looks_after_them(
    olga: Agent, nora: Agent, tomas: Agent, mailbox: Inbox
) -> None:
    stated(olga)
    with time_machine.travel(MONDAY, tick=False):
        for number in range(30):
            told(seen(MONDAY, external_id=str(number)))
        catch_up("notices")
    assert not Notice.objects.exists()
    late = MONDAY + 1.7 * DAY
    passed(late)
    assert set(Notice.objects.values_list("agent", "kind")) == {
        (olga.pk, "orders"), (tomas.pk, "orders"),
    }  # fmt: skip
    passed(late + HOUR / 2)
    assert Notice.objects.filter(agent=olga).count() == 1
    passed(late + 10 * HOUR)
    assert Notice.objects.filter(agent=olga).count() == 2
    with time_machine.travel(late + 10 * HOUR, tick=False):
        assert not notices_of(nora).exists()
        assert unread_count(tomas) == 2
        (matter,) = matters_of(tomas)
        assert (matter.conversation, matter.unread) == (None, 2)
        client = Client()
        client.force_login(tomas)
        page = client.get("/notices/").text
        assert "Orders are late, or soon will be" in page
        assert 'href="/orders/late/"' in page
        notices = in_full(notices_of(tomas))
        letter = _letter(tomas, wishes_of(tomas), notices, mailbox.address)
        assert "/orders/late/" in letter.text
        assert message_of(notices[0], wishes_of(tomas))["url"] == "/orders/late/"
