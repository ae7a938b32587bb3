"""The look at last month: as each conversation stood at that moment, and nothing is touched."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.automation.actions import Wish, save_rule
from makegood.automation.models import Rule, Run, Trial
from makegood.automation.tests.rig import let_rules_work, made
from makegood.automation.trying import step, stop_trial, throw_away_old, try_rule, try_to_the_end
from makegood.conversations.actions import (
    add_note,
    assign_conversation,
    resolve_conversation,
    set_priority,
    tag_conversation,
)
from makegood.conversations.models import Conversation, Tag
from makegood.conversations.replying import Reply, reply_to
from makegood.ledger.models import Event
from makegood.team.models import Agent
from tests.world import conversation_of, write_form


def begun(form: Any, name: str = "ida", **more: Any) -> Conversation:
    fields = {"email": f"{name}@example.com", "subject": name, **more}
    return conversation_of(write_form(form, "Where is my lamp?", at=timezone.now(), **fields))


def looked(rule: Rule, by: Agent) -> Trial:
    return try_to_the_end(try_rule(rule, by=by))


def kept(name: str, trigger: str, *acts: tuple[str, str], by: Agent, **more: Any) -> Rule:
    """A rule that is off: it is tried first."""
    return save_rule(None, Wish(name=name, trigger=trigger, acts=acts, **more), by=by)


def names(trial: Trial) -> set[str]:
    return set(trial.items.values_list("conversation__subject", flat=True))


def test_it_asks_how_a_conversation_stood_then_and_not_how_it_stands_now(
    form: Any, olga: Agent, nora: Agent
) -> None:
    one = begun(form)
    reply_to(one, Reply(text="On its way."), by=nora)
    resolve_conversation(one, by=nora)
    waiting = kept("W", "conversation.opened", ("tag", "a"), condition="is:waiting", by=olga)
    taken = kept("T", "conversation.replied", ("tag", "a"), condition="is:mine", by=olga)
    resolved = kept("R", "conversation.opened", ("tag", "a"), condition="is:resolved", by=olga)
    assert looked(waiting, olga).touched == 1
    assert looked(taken, olga).touched == 0
    assert looked(resolved, olga).touched == 0


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("", {"ida", "bo", "cy"}),
        ("tag:late", {"bo"}),
        ("-tag:late", {"ida", "cy"}),
        ("priority:high", {"cy"}),
        ("assignee:none", {"ida", "cy"}),
        ("assignee:Nora", {"bo"}),
        ("subject:ida OR tag:late", {"ida", "bo"}),
        ("subject:ida lamp", {"ida"}),
        ("messages:1", {"ida", "bo", "cy"}),
        ("waiting:<1h", {"ida", "bo", "cy"}),
        ("created:today", {"ida", "bo", "cy"}),
        ("has:tag", {"bo"}),
        ("hours:open", {"ida", "bo", "cy"}),
        ("hours:closed", set()),
        ("is:spam", set()),
    ],
)
def test_it_says_what_the_rule_itself_does(
    form: Any, olga: Agent, nora: Agent, condition: str, found: set[str]
) -> None:
    """The same condition, once tried on what was and once at work while it happens."""
    Tag.objects.create(name="late")
    made("Live", "note.added", ("tag", "live"), condition=condition, by=olga)
    for name in ("ida", "bo", "cy"):
        one = begun(form, name)
        if name == "bo":
            tag_conversation(one, ["late"], by=nora)
            assign_conversation(one, agent=nora, team=None, by=nora)
        if name == "cy":
            set_priority(one, Conversation.Priority.HIGH, by=nora)
        add_note(one, "Look.", by=nora)
        let_rules_work()
        set_priority(one, Conversation.Priority.LOW, by=nora)
    met = set(Run.objects.values_list("conversation__subject", flat=True))
    trial = looked(kept("Tried", "note.added", ("tag", "x"), condition=condition, by=olga), olga)
    assert met == found
    assert names(trial) == found


def test_it_says_what_would_become_of_each_act(
    form: Any, olga: Agent, nora: Agent, vera: Agent
) -> None:
    high = begun(form, "high")
    begun(form, "low")
    set_priority(high, Conversation.Priority.HIGH, by=nora)
    for one in Conversation.objects.all():
        add_note(one, "Look.", by=nora)
    rule = kept("R", "note.added", ("priority", "high"), ("assign", vera.ref), by=olga)
    trial = looked(rule, olga)
    assert trial.tally == [{"done": 1, "same": 1}, {"refused": 2}]
    assert {one.state for one in trial.items.all()} == {"refused"}
    assert "may not see this inbox" in trial.items.all()[0].reason
    assert not Event.objects.filter(kind="conversation.assigned").exists()


def test_a_time_in_a_state_is_found_in_what_was(form: Any, olga: Agent, nora: Agent) -> None:
    now = timezone.now()
    for name, hours in (("long", 6), ("short", 3), ("answered", 6)):
        fields = {"email": f"{name}@example.com", "subject": name}
        one = conversation_of(write_form(form, "Lamp?", at=now - timedelta(hours=hours), **fields))
        if name == "answered":
            reply_to(one, Reply(text="Soon."), by=nora)
    rule = kept("W", "since:waiting", ("tag", "late"), seconds=4 * 3600, by=olga)
    assert names(looked(rule, olga)) == {"long", "answered"}
    quick = kept("A", "since:answered", ("resolve", ""), seconds=3600, by=olga)
    assert names(looked(quick, olga)) == set()


def test_it_goes_in_steps_with_its_progress_and_can_be_stopped(
    form: Any, olga: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makegood.automation.trying.AT_ONCE", 2)
    for name in ("a", "b", "c", "d", "e"):
        begun(form, name)
    trial = try_rule(kept("R", "conversation.opened", ("resolve", ""), by=olga), by=olga)
    assert trial.total == 5
    step(trial.pk)
    trial.refresh_from_db()
    assert (trial.looked, trial.touched, trial.state) == (2, 2, Trial.State.LOOKING)
    stop_trial(trial, by=olga)
    assert step(trial.pk) == 0
    assert try_to_the_end(try_rule(Rule.objects.get(), by=olga)).touched == 5


def test_an_old_look_is_thrown_away_in_steps(form: Any, olga: Agent) -> None:
    begun(form)
    looked(kept("R", "conversation.opened", ("resolve", ""), by=olga), olga)
    later = timezone.now() + timedelta(days=8)
    while throw_away_old(later):
        pass
    assert not Trial.objects.exists()


def test_a_rule_that_cannot_be_asked_says_why(form: Any, olga: Agent) -> None:
    tag = Tag.objects.create(name="vip")
    rule = kept("R", "conversation.opened", ("resolve", ""), condition="tag:vip", by=olga)
    tag.delete()
    trial = looked(rule, olga)
    assert (trial.state, trial.trouble) == (Trial.State.FAILED, "There is no tag “vip”.")
