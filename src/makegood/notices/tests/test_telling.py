"""Whom an event concerns, once, by the ways they wish, and only while they may see it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.models import Inbox
from makegood.conversations.actions import (
    add_note,
    assign_conversation,
)
from makegood.conversations.events import MessageReceived
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resting import snooze_conversation, wake_due
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.ledger.followers import catch_up, restart
from makegood.ledger.models import Event
from makegood.notices.actions import read_all_notices, read_notices_of
from makegood.notices.following import follow, follows, unfollow
from makegood.notices.kinds import Kind
from makegood.notices.mentioning import (
    named_in,
    refuse_blind_mentions,
    who_can_be_mentioned,
)
from makegood.notices.models import Mention, Notice
from makegood.notices.queries import matters_of, notices_of, unread_count
from makegood.notices.wishes import Wanted, change_wishes
from makegood.team.models import Agent, Team
from tests.world import EARLIER, conversation_of, write_form


def told(agent: Agent) -> list[str]:
    """Which kinds of notices an agent has, oldest first."""
    catch_up("notices")
    return list(notices_of(agent).order_by("pk").values_list("kind", flat=True))


def give(conversation: Conversation, agent: Agent, by: Agent) -> None:
    assign_conversation(conversation, agent=agent, team=None, by=by)


def customer_writes(conversation: Conversation, form: Inbox, text: str = "And now?") -> None:
    """The customer says more, in a conversation of its own that is joined into this one."""
    more = conversation_of(write_form(form, text, subject="Again"))
    join_conversation(more, into=conversation, by=System("test"))


def test_who_is_given_a_conversation_is_told_and_who_takes_one_is_not(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    give(lamp, nora, by=tomas)
    assert told(nora) == [Kind.ASSIGNED]
    give(lamp, tomas, by=tomas)
    assert told(tomas) == []


def test_an_event_is_told_once_however_often_it_is_read(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    give(lamp, nora, by=tomas)
    assert told(nora) == [Kind.ASSIGNED]
    restart("notices")
    assert told(nora) == [Kind.ASSIGNED]


def test_what_is_a_week_old_is_nobodys_news(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    give(lamp, nora, by=tomas)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert told(nora) == []


def test_who_answered_follows_and_hears_of_a_colleague(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    reply_to(lamp, Reply(text="On its way."), by=nora)
    assert follows(nora, lamp)
    add_note(lamp, "The courier lost it.", by=tomas)
    assert told(nora) == [Kind.COLLEAGUE]
    assert told(tomas) == []


def test_who_left_is_not_brought_back_by_itself(lamp: Conversation, nora: Agent) -> None:
    unfollow(lamp, by=nora)
    reply_to(lamp, Reply(text="On its way."), by=nora)
    assert not follows(nora, lamp)
    follow(lamp, by=nora)
    assert follows(nora, lamp)


def test_following_by_itself_can_be_switched_off(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    change_wishes(Wanted(ways={}, follows=["mentioned"]), by=nora)
    reply_to(lamp, Reply(text="On its way."), by=nora)
    give(lamp, nora, by=tomas)
    assert not follows(nora, lamp)


def test_the_customers_words_reach_assignee_and_followers_alone(
    form: Inbox, lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent
) -> None:
    follow(lamp, by=tomas)
    give(lamp, nora, by=tomas)
    told(nora)
    customer_writes(lamp, form)
    other = Event.objects.filter(kind="message.received").latest("pk")
    assert Kind.ANSWER not in told(olga)
    assert Notice.objects.filter(event=other).count() == 0  # said before it was joined
    follow(Conversation.objects.get(pk=other.subject("conversation")), by=olga)
    assert Kind.ANSWER not in told(tomas)


def test_an_answer_on_what_is_followed_is_told(
    form: Inbox, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    follow(lamp, by=nora)
    give(lamp, tomas, by=nora)
    message = Message.objects.filter(conversation=lamp).latest("pk")
    record(MessageReceived(message=message.pk, reason="test"), about=[lamp], by=System("test"))
    assert told(nora) == [Kind.ANSWER]
    assert told(tomas) == [Kind.ASSIGNED, Kind.ANSWER]
    machine = MessageReceived(message=message.pk, reason="test", automatic="auto-reply")
    record(machine, about=[lamp], by=System("test"))
    assert told(nora) == [Kind.ANSWER]


def test_who_followed_what_was_joined_follows_the_whole(
    form: Inbox, lamp: Conversation, nora: Agent
) -> None:
    more = conversation_of(write_form(form, "Still nothing.", subject="Again"))
    follow(more, by=nora)
    join_conversation(more, into=lamp, by=System("test"))
    assert follows(nora, lamp)


def test_what_wakes_is_told_to_its_assignee(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    give(lamp, nora, by=tomas)
    until = timezone.now() + timedelta(hours=1)
    snooze_conversation(lamp, until=until, by=nora)
    wake_due(until + timedelta(minutes=1))
    assert told(nora) == [Kind.ASSIGNED, Kind.WOKE]


def test_a_note_mentions_by_name_by_first_name_and_by_team(
    lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent
) -> None:
    nora.name = "Nora Lindqvist"
    nora.save(update_fields=["name"])
    add_note(lamp, "Could you look, @Nora Lindqvist? And @tomas.", by=olga)
    assert told(nora) == [Kind.MENTION]
    assert told(tomas) == [Kind.MENTION]
    assert Event.objects.filter(kind="note.mentioned").count() == 1
    add_note(lamp, "@Front: have a look.", by=tomas)
    assert Mention.objects.filter(agent=nora).count() == 2
    assert Mention.objects.filter(agent=tomas).count() == 1, "nobody mentions themselves"


@pytest.mark.parametrize(
    "text", ["nora@lantern.example", "@norachen", "@nora.example", "me@nora", "@@", "@", "@Nobody"]
)
def test_what_is_no_name_of_ours_stays_text(text: str, nora: Agent) -> None:
    assert named_in(text) == []


def test_a_name_may_stand_before_a_stop_or_in_brackets(nora: Agent) -> None:
    for text in ("Ask @Nora.", "(@nora)", "@Nora", "@nora, please", "see\n@nora\n"):
        assert named_in(text) == [nora], text


def test_the_writer_hears_who_could_not_see_it(
    lamp: Conversation, nora: Agent, vera: Agent, back: Team
) -> None:
    for name in ("@Vera", "@Back office"):
        with pytest.raises(Refused) as refused:
            refuse_blind_mentions(lamp, f"Look at this, {name}!")
        assert name[1:] in str(refused.value)
    refuse_blind_mentions(lamp, "Look at this, @Nora!")
    add_note(lamp, "By another way: @Vera", by=nora)
    assert told(vera) == []
    assert not Mention.objects.exists()


def test_only_those_who_see_it_are_offered(
    lamp: Conversation, nora: Agent, tomas: Agent, vera: Agent, back: Team
) -> None:
    offered = [one.name for one in who_can_be_mentioned(lamp.inbox, "", by=nora)]
    assert offered == ["Tomas", "Front"]
    assert [one.name for one in who_can_be_mentioned(lamp.inbox, "fr", by=nora)] == ["Front"]


def test_with_the_right_to_see_goes_the_notice(
    lamp: Conversation, nora: Agent, tomas: Agent, back: Team
) -> None:
    give(lamp, nora, by=tomas)
    assert told(nora) == [Kind.ASSIGNED]
    assert unread_count(nora) == 1
    lamp.inbox.teams.set([back])
    assert told(nora) == []
    assert unread_count(nora) == 0
    assert matters_of(nora) == []


def test_each_kind_can_be_switched_off(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    change_wishes(Wanted(ways={Kind.ASSIGNED: [], Kind.MENTION: ["mail"]}), by=nora)
    give(lamp, nora, by=tomas)
    add_note(lamp, "@Nora", by=tomas)
    catch_up("notices")
    (notice,) = Notice.objects.filter(agent=nora)
    assert (notice.kind, notice.is_shown, notice.is_for_mail) == (Kind.MENTION, False, True)
    assert unread_count(nora) == 0


def test_opening_a_conversation_reads_its_notices(
    form: Inbox, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    other = conversation_of(write_form(form, "Charged twice.", subject="Twice", at=EARLIER))
    give(lamp, nora, by=tomas)
    give(other, nora, by=tomas)
    add_note(lamp, "@Nora", by=tomas)
    catch_up("notices")
    assert [matter.unread for matter in matters_of(nora)] == [2, 1]
    read_notices_of(lamp, by=nora)
    assert unread_count(nora) == 1
    assert [matter.conversation for matter in matters_of(nora)] == [other, lamp]
    read_all_notices(Notice.objects.latest("pk").pk, by=tomas)
    assert unread_count(nora) == 1, "nobody reads another's"
    read_all_notices(Notice.objects.latest("pk").pk, by=nora)
    assert unread_count(nora) == 0


def test_what_was_joined_into_another_teams_tells_nothing_of_it(
    lamp: Conversation, nora: Agent, tomas: Agent, back: Team, mailbox: Inbox
) -> None:
    give(lamp, nora, by=tomas)
    assert told(nora) == [Kind.ASSIGNED]
    hidden = connect_inbox(InboxSettings(name="Staff", kind="web"), teams=[back], by=System("test"))
    secret = conversation_of(
        write_form(hidden, "I am ill", subject="Doctor", email="eva@x.example")
    )
    join_conversation(lamp, into=secret, by=tomas)
    assert list(matters_of(nora)) == []
    assert unread_count(nora) == 0
    assert len(matters_of(tomas)) <= 1
