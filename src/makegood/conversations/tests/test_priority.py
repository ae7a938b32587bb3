import pytest

from makegood.conversations.actions import set_priority
from makegood.conversations.models import Conversation
from makegood.ledger.models import Event

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
