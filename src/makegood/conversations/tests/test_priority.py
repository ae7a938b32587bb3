from datetime import timedelta

import pytest
from django.db import connection

from makegood.conversations import finding
from makegood.conversations.actions import set_priority
from makegood.conversations.finding import Finder
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.conversations.walking import keys, walks
from makegood.customers.models import Customer
from makegood.desk.tests.asking import signed_in
from makegood.kit.paging import mark
from makegood.ledger.models import Event
from tests.world import EARLIER, conversation_of, write_form

Priority = Conversation.Priority


def test_a_conversation_begins_as_normal(lamp):
    assert lamp.priority == Priority.NORMAL


def test_the_event_tells_the_priority_before_and_after(lamp, nora):
    set_priority(lamp, Priority.URGENT, by=nora)

    lamp.refresh_from_db()
    told = Event.objects.get(kind="conversation.priority_changed")
    assert lamp.priority == Priority.URGENT
    assert told.facts == {"before": "normal", "after": "urgent"}


def test_the_same_priority_again_is_nothing_new(lamp, nora):
    for _time in range(2):
        set_priority(lamp, Priority.HIGH, by=nora)

    assert Event.objects.filter(kind="conversation.priority_changed").count() == 1


def test_there_is_no_priority_of_another_number(lamp, nora):
    with pytest.raises(ValueError, match="9 is not a valid"):
        set_priority(lamp, 9, by=nora)


@pytest.fixture
def many(mailbox, nora):
    """Sixty in every order of urgency, turn and time, and one of them in each status."""
    made = []
    for number in range(60):
        is_open = number % 10 < 8
        made.append(
            Conversation.objects.create(
                inbox=mailbox,
                customer=Customer.objects.create(
                    name=str(number), first_seen_at=EARLIER, last_seen_at=EARLIER
                ),
                status="open" if is_open else "resolved",
                resolved_at=None if is_open else EARLIER,
                priority=1 + (number * 7) % 4,
                turn=("ours", "theirs")[(number // 3) % 2],
                turn_since=EARLIER + timedelta(minutes=(number * 13) % 37),
                opened_at=EARLIER,
                last_at=EARLIER,
            )
        )
    return made


def key(one):
    return (one.priority, one.turn, one.turn_since, one.pk)


def paged(agent, question):
    found, after = [], ""
    while True:
        page = Finder(understand(question, agent), "urgent").page(after)
        found += [row.pk for row in page.rows]
        after = page.next
        if not after:
            return found


@pytest.mark.parametrize("who", ["nora", "tomas"])
@pytest.mark.parametrize("question", ["is:open", "is:waiting", "", "is:open number:>3"])
def test_the_most_urgent_stand_first_on_every_page(many, who, question, request, monkeypatch):
    monkeypatch.setattr(finding, "PAGE", 7)
    wanted = [
        one
        for one in many
        if (question == "" or one.status == "open")
        and ("waiting" not in question or one.turn == "ours")
        and ("number" not in question or one.pk > 3)
    ]
    found = paged(request.getfixturevalue(who), question)
    assert found == [one.pk for one in sorted(wanted, key=key)]


@pytest.mark.parametrize("key_", [[True, "ours"], [9, "ours"], ["1", "ours"], [1, 1], [[], "ours"]])
def test_a_damaged_mark_begins_at_the_front(many, tomas, key_):
    after = mark(*key_, EARLIER, 5)
    page = Finder(understand("is:open", tomas), "urgent").page(after)
    assert page.rows[0].pk == min((one for one in many if one.status == "open"), key=key).pk


@pytest.mark.sqlite
def test_the_most_urgent_are_walked_off_their_index(many, tomas):
    finder = Finder(understand("is:open", tomas), "urgent")
    run = keys(walks(finder.shape), finder.order, None, 50)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {run.text}", run.values)
        plan = " ".join(str(line) for line in cursor.fetchall())
    assert "most_urgent_first" in plan


def test_the_desk_puts_the_most_urgent_first_where_it_is_asked(lamp, form, nora):
    other = conversation_of(write_form(form, "Fire!", subject="Fire", at=EARLIER))
    set_priority(other, Priority.URGENT, by=nora)
    client = signed_in(nora)
    for address in ("/inbox/waiting/", "/inbox/open/"):
        usual = client.get(address).content.decode()
        assert f'href="{address}?order=urgent"' in usual
        turned = client.get(f"{address}?order=urgent").content.decode()
        rows = [turned.index(f'id="row-{one.pk}"') for one in (other, lamp)]
        assert rows == sorted(rows)
        assert "order=urgent" in turned.split(f'id="row-{lamp.pk}"')[1][:200]
