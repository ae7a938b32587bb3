"""Rules hear of what happens and act: in order, once for each cause, and say what they did."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.automation.actions import (
    Wish,
    order_rules,
    remove_rule,
    save_rule,
    switch_rule,
    turn_all_rules,
)
from makegood.automation.models import Due, Rule, Run, Watch
from makegood.automation.queries import traces_on
from makegood.automation.tests.rig import let_rules_work, made
from makegood.automation.triggers import trigger_in_words
from makegood.calendars.actions import Wish as Hours
from makegood.calendars.actions import save_calendar
from makegood.calendars.hours import Shift, Span
from makegood.channels.models import Delivery
from makegood.conversations.actions import (
    reopen_conversation,
    resolve_conversation,
    set_priority,
    tag_conversation,
)
from makegood.conversations.models import Conversation, Note, Tag
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.errors import Refused
from makegood.ledger.followers import catch_up, restart
from makegood.ledger.models import Event
from makegood.team.models import Agent
from tests.world import arrive, conversation_of, mail_bytes, write_form

Status = Conversation.Status


def tags_of(conversation: Conversation) -> list[str]:
    return sorted(conversation.tags.values_list("name", flat=True))


def begun(form: Any, text: str = "Where is my lamp?", **more: Any) -> Conversation:
    return conversation_of(write_form(form, text, at=timezone.now(), **more))


def test_a_rule_acts_when_its_fact_happens_and_its_condition_holds(form: Any, olga: Agent) -> None:
    made("Lamps", "conversation.opened", ("tag", "lamps"), condition="lamp", by=olga)
    lamp, rug = begun(form), begun(form, "A rug, please.", subject="Rugs", email="a@example.com")
    let_rules_work()
    assert (tags_of(lamp), tags_of(rug)) == (["lamps"], [])


def test_what_happened_before_it_was_switched_on_is_none_of_its_business(
    form: Any, olga: Agent
) -> None:
    lamp = begun(form)
    made("Lamps", "conversation.opened", ("tag", "lamps"), by=olga)
    let_rules_work()
    assert tags_of(lamp) == []


def test_the_ledger_says_that_it_was_the_rule_and_because_of_what(form: Any, olga: Agent) -> None:
    rule = made("Lamps", "conversation.opened", ("tag", "lamps"), by=olga)
    lamp = begun(form)
    let_rules_work()
    tagged = Event.objects.get(kind="conversation.tagged")
    run = Run.objects.get()
    assert tagged.by == rule.ref
    assert tagged.sentence() == "Lamps changed the tags: +lamps"
    assert run.ref in {one.ref for one in tagged.subjects.all()}
    (trace,) = traces_on(lamp)
    assert trace.steps == [("Put on the tag lamps", "done", "")]
    assert run.event == Event.objects.get(kind="conversation.opened").pk


def test_rules_are_asked_in_their_order_and_one_may_stop_the_rest(form: Any, olga: Agent) -> None:
    first = made("First", "conversation.opened", ("tag", "first"), stops_here=True, by=olga)
    second = made("Second", "conversation.opened", ("tag", "second"), by=olga)
    one = begun(form)
    let_rules_work()
    assert tags_of(one) == ["first"]
    order_rules([second.pk, first.pk], by=olga)
    other = begun(form, email="b@example.com")
    let_rules_work()
    assert tags_of(other) == ["first", "second"]


def test_a_rule_sees_what_an_earlier_one_did(form: Any, olga: Agent) -> None:
    Tag.objects.create(name="first")
    made("First", "conversation.opened", ("tag", "first"), by=olga)
    made("Second", "conversation.opened", ("priority", "high"), condition="tag:first", by=olga)
    one = begun(form)
    let_rules_work()
    one.refresh_from_db()
    assert one.priority == Conversation.Priority.HIGH


def test_it_acts_once_for_a_cause_however_often_it_is_heard(form: Any, olga: Agent) -> None:
    made("Note", "conversation.opened", ("note", "Look here."), by=olga)
    begun(form)
    let_rules_work()
    restart("rules")
    let_rules_work()
    assert Note.objects.count() == 1
    assert Run.objects.count() == 1


def test_what_is_due_twice_is_done_once(form: Any, olga: Agent) -> None:
    made("Note", "conversation.opened", ("note", "Look here."), by=olga)
    begun(form)
    catch_up("rules")
    again = Due.objects.get()
    let_rules_work()
    again.pk = None
    again.save()
    let_rules_work()
    assert Note.objects.get().text == "By the rule “Note”: Look here."


def test_an_act_that_is_refused_ends_the_run_and_the_trace_says_why(
    form: Any, olga: Agent, vera: Agent
) -> None:
    made("Give", "conversation.opened", ("assign", vera.ref), ("tag", "given"), by=olga)
    one = begun(form)
    let_rules_work()
    (trace,) = traces_on(one)
    assert trace.run.state == Run.State.REFUSED
    assert [step[1] for step in trace.steps] == ["refused"]
    assert "may not see this inbox" in trace.steps[0][2]
    assert tags_of(one) == []
    assert Rule.objects.get().is_on


def test_a_rule_whose_act_is_gone_turns_itself_off_and_the_others_go_on(
    form: Any, olga: Agent, nora: Agent
) -> None:
    give = made("Give", "conversation.opened", ("assign", nora.ref), by=olga)
    made("Tag", "conversation.opened", ("tag", "lamps"), by=olga)
    Agent.objects.filter(pk=nora.pk).update(is_active=False)
    one = begun(form)
    let_rules_work()
    give.refresh_from_db()
    assert not give.is_on
    assert give.trouble.startswith("Act 1: ")
    assert tags_of(one) == ["lamps"]
    assert Event.objects.filter(kind="rule.broke").count() == 1


def test_a_rule_whose_condition_is_gone_turns_itself_off_with_the_reason(
    form: Any, olga: Agent
) -> None:
    Tag.objects.create(name="vip")
    rule = made("Vip", "conversation.opened", ("priority", "high"), condition="tag:vip", by=olga)
    Tag.objects.all().delete()
    begun(form)
    let_rules_work()
    rule.refresh_from_db()
    assert (rule.is_on, rule.trouble) == (False, "There is no tag “vip”.")


def test_a_rule_ends_with_the_rights_of_its_keeper(form: Any, olga: Agent) -> None:
    rule = made("Tag", "conversation.opened", ("tag", "lamps"), by=olga)
    Agent.objects.filter(pk=olga.pk).update(is_active=False)
    one = begun(form)
    let_rules_work()
    rule.refresh_from_db()
    assert not rule.is_on
    assert "Olga" in rule.trouble
    assert tags_of(one) == []


def test_what_makes_no_sense_is_refused_with_its_place(form: Any, olga: Agent) -> None:
    with pytest.raises(Refused, match="Did you mean “status”"):
        save_rule(
            None,
            Wish(name="X", trigger="note.added", acts=[("resolve", "")], condition="statsu:open"),
            by=olga,
        )
    for act, words in (
        (("assign", "me"), "name an agent or a team"),
        (("reply", "Yours, {agent.name}"), "no name to sign with"),
        (("later", "3h\nSoon."), "cannot do this"),
        (("nothing", ""), "There is no act"),
    ):
        with pytest.raises(Refused, match=words):
            save_rule(None, Wish(name="X", trigger="note.added", acts=[act]), by=olga)
    with pytest.raises(Refused, match="Say how long"):
        save_rule(None, Wish(name="X", trigger="since:open", acts=[("resolve", "")]), by=olga)


def test_only_who_may_makes_rules(form: Any, nora: Agent, olga: Agent) -> None:
    rule = made("Tag", "conversation.opened", ("tag", "lamps"), by=olga)
    wish = Wish(name="Mine", trigger="note.added", acts=[("resolve", "")])
    for act in (
        lambda: save_rule(None, wish, by=nora),
        lambda: switch_rule(rule, on=False, by=nora),
        lambda: order_rules([rule.pk], by=nora),
        lambda: remove_rule(rule, by=nora),
        lambda: turn_all_rules(on=False, by=nora),
    ):
        with pytest.raises(Refused):
            act()
    assert Rule.objects.get().is_on


def test_a_change_is_told_with_before_and_after_and_the_trace_keeps_the_old_version(
    form: Any, olga: Agent
) -> None:
    rule = made("Tag", "conversation.opened", ("tag", "lamps"), by=olga)
    one = begun(form)
    let_rules_work()
    save_rule(rule, Wish(name="Tag", trigger="note.added", acts=[("tag", "other")]), by=olga)
    saved = Event.objects.filter(kind="rule.saved").latest("pk")
    assert saved.facts["before"]["acts"] == [{"do": "tag", "with": "lamps"}]
    assert saved.facts["after"]["acts"] == [{"do": "tag", "with": "other"}]
    rule.refresh_from_db()
    assert rule.version is not None
    assert rule.version.number == 2
    assert traces_on(one)[0].run.version.number == 1


def test_one_switch_turns_all_off_and_nothing_is_made_up_for(form: Any, olga: Agent) -> None:
    made("Tag", "conversation.opened", ("tag", "lamps"), by=olga)
    turn_all_rules(on=False, by=olga)
    before = begun(form)
    let_rules_work()
    turn_all_rules(on=True, by=olga)
    after = begun(form, email="b@example.com")
    let_rules_work()
    assert (tags_of(before), tags_of(after)) == ([], ["lamps"])


def test_a_removed_rule_does_nothing_and_its_trace_stays(form: Any, olga: Agent) -> None:
    rule = made("Tag", "conversation.opened", ("tag", "lamps"), by=olga)
    one = begun(form)
    let_rules_work()
    remove_rule(rule, by=olga)
    other = begun(form, email="b@example.com")
    let_rules_work()
    assert tags_of(other) == []
    assert len(traces_on(one)) == 1


def machine_mail(mailbox: Any) -> Conversation:
    raw = mail_bytes("Your parcel left.", auto_submitted="auto-generated", precedence="bulk")
    return conversation_of(arrive(mailbox, raw, at=timezone.now()))


def test_what_a_machines_mail_does_sets_no_rule_off_unless_told_so(
    mailbox: Any, olga: Agent
) -> None:
    for trigger in ("conversation.opened", "message.received"):
        made(f"On {trigger}", trigger, ("tag", "heard"), by=olga)
    quiet = machine_mail(mailbox)
    let_rules_work()
    assert tags_of(quiet) == []
    made("Robots", "conversation.opened", ("tag", "robot"), hears_machines=True, by=olga)
    loud = conversation_of(
        arrive(
            mailbox,
            mail_bytes(
                "Again.", subject="Other", sender="r@robots.example", auto_submitted="auto-replied"
            ),
            at=timezone.now(),
        )
    )
    let_rules_work()
    assert tags_of(loud) == ["robot"]


def test_an_answer_by_a_rule_leaves_as_a_machines_mail_once_and_only_to_who_is_proven(
    mailbox: Any, olga: Agent
) -> None:
    made("Hours", "message.received", ("reply", "Dear {customer.first_name|you}"), by=olga)
    raw = mail_bytes("Where is my lamp?")
    one = conversation_of(arrive(mailbox, raw, at=timezone.now()))
    let_rules_work()
    assert not Delivery.objects.exists()
    (trace,) = traces_on(one)
    assert "Nothing proves" in trace.steps[0][2]
    assert one.messages.count() == 1


def test_after_a_time_in_a_state_it_acts_once_and_not_when_the_state_ended(
    form: Any, olga: Agent, nora: Agent
) -> None:
    made("Old", "since:waiting", ("tag", "late"), seconds=4 * 3600, by=olga)
    one, other = begun(form), begun(form, email="b@example.com")
    let_rules_work()
    assert tags_of(one) == []
    reply_to(other, Reply(text="It is on its way."), by=nora)
    later = timezone.now() + timedelta(hours=5)
    let_rules_work(later)
    assert (tags_of(one), tags_of(other)) == (["late"], [])
    tag_conversation(one, [], by=nora)
    let_rules_work(later + timedelta(hours=5))
    assert tags_of(one) == []
    assert Run.objects.count() == 1


def test_a_new_wait_is_another_cause(form: Any, olga: Agent, nora: Agent) -> None:
    made("Old", "since:resolved", ("reopen", ""), seconds=3600, by=olga)
    one = begun(form)
    for _time in range(2):
        resolve_conversation(one, by=nora)
        let_rules_work(timezone.now() + timedelta(hours=2))
        one.refresh_from_db()
        assert one.status == Status.OPEN
    assert Run.objects.count() == 2


def test_what_had_lasted_before_it_was_switched_on_is_left_alone(
    form: Any, olga: Agent, nora: Agent
) -> None:
    old = conversation_of(write_form(form, "Old", subject="Old"))
    made("Old", "since:waiting", ("tag", "late"), seconds=3600, by=olga)
    set_priority(old, Conversation.Priority.HIGH, by=nora)
    let_rules_work(timezone.now() + timedelta(days=2))
    assert tags_of(old) == []
    assert not Watch.objects.exists()


def test_another_time_counts_for_what_lasts_already(form: Any, olga: Agent) -> None:
    rule = made("Old", "since:waiting", ("tag", "late"), seconds=10 * 3600, by=olga)
    one = begun(form)
    let_rules_work()
    wish = Wish(name="Old", trigger="since:waiting", seconds=3600, acts=[("tag", "late")])
    save_rule(rule, wish, by=olga)
    let_rules_work(timezone.now() + timedelta(hours=2))
    assert tags_of(one) == ["late"]


def test_waits_that_come_round_by_the_clock_end_too(form: Any, olga: Agent, nora: Agent) -> None:
    """Resolved for an hour opens it, and what is opened is resolved: for ever, if nobody counts."""
    made("Open", "since:resolved", ("reopen", ""), seconds=3600, by=olga)
    made("Close", "conversation.reopened", ("resolve", ""), by=olga)
    one = begun(form)
    resolve_conversation(one, by=nora)
    now = timezone.now()
    for _hour in range(20):
        now += timedelta(hours=2)
        let_rules_work(now)
    assert Run.objects.count() <= 9
    assert Run.objects.filter(state=Run.State.CIRCLE).count() == 1
    assert Rule.objects.exclude(trouble="").count() == 1


def test_two_rules_that_undo_each_other_come_to_an_end(form: Any, olga: Agent) -> None:
    made("Up", "conversation.priority_changed", ("priority", "high"), by=olga)
    made("Down", "conversation.priority_changed", ("priority", "low"), by=olga)
    one = begun(form)
    set_priority(one, Conversation.Priority.URGENT, by=olga)
    let_rules_work()
    assert Run.objects.filter(state=Run.State.CIRCLE).exists()
    assert max(Run.objects.values_list("depth", flat=True)) == 9


def test_opening_hours_are_a_condition(form: Any, olga: Agent) -> None:
    now, day = timezone.now(), timedelta(days=1)
    week = [[Shift(0, 24 * 60)] for _day in range(7)]
    closures = [(Span(now - day, now + day), "Stocktaking")]
    save_calendar(None, Hours(name="Us", zone="UTC", week=week, closures=closures), by=olga)
    made("Closed", "conversation.opened", ("tag", "night"), condition="hours:closed", by=olga)
    made("Open", "conversation.opened", ("tag", "day"), condition="hours:open", by=olga)
    one = begun(form)
    let_rules_work()
    assert tags_of(one) == ["night"]


def test_a_reopening_by_hand_is_heard(form: Any, olga: Agent, nora: Agent) -> None:
    made("Back", "conversation.reopened", ("tag", "again"), by=olga)
    one = begun(form)
    resolve_conversation(one, by=nora)
    reopen_conversation(one, by=nora)
    let_rules_work()
    assert tags_of(one) == ["again"]


def test_the_time_is_told_in_the_cause(form: Any, olga: Agent) -> None:
    made("Old", "since:open", ("tag", "late"), seconds=60, by=olga)
    one = begun(form)
    let_rules_work(timezone.now() + timedelta(minutes=2))
    cause = Run.objects.get().cause
    assert datetime.fromisoformat(cause.removeprefix("open:")) == one.opened_at


def test_a_rule_that_waits_says_for_how_long() -> None:
    assert trigger_in_words("since:waiting", 4 * 3600) == "it has waited for us for 4h"
