from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.models import Tag
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.promises.choosing import versions_in_force
from makegood.promises.models import Policy, PolicyVersion, Promise
from makegood.promises.policies import (
    PolicyWish,
    delete_draft,
    draft_of,
    draft_policy,
    newest_of,
    order_policies,
    publish_policy,
    switch_policy,
)
from makegood.promises.policy_pages import all_policies, differences, face_of
from makegood.promises.policy_words import sentences_of
from makegood.tags.actions import remove_tag
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

HOUR = {"seconds": 3600, "clock": "always"}
NAMED = ["All", "Chat only", "Chat and done"]


def wish(name: str = "Chat", **other: Any) -> PolicyWish:
    return PolicyWish(**{"name": name, "targets": {"first_answer": HOUR}, **other})


def published(name: str, olga: Agent, **other: Any) -> Policy:
    policy = draft_policy(None, wish(name, **other), by=olga).policy
    publish_policy(policy, by=olga)
    return policy


def test_a_draft_promises_nothing_until_it_is_published(olga: Agent) -> None:
    draft = draft_policy(None, wish(), by=olga)
    assert draft.policy.name not in [one.policy.name for one in versions_in_force()]
    publish_policy(draft.policy, by=olga)
    assert draft.policy.name in [one.policy.name for one in versions_in_force()]
    told = Event.objects.filter(kind="policy.changed").in_order()
    assert [event.facts["what"] for event in told] == ["drafted", "published"]
    assert told[1].facts["after"]["targets"] == "first_answer 3600 s always"


def test_a_published_version_is_never_changed(olga: Agent) -> None:
    policy = published("Chat", olga)
    first = newest_of(policy)
    assert first is not None
    draft = draft_policy(policy, wish("Quick chat", warn_share=50), by=olga)
    assert draft.number == 2
    first.refresh_from_db()
    assert first.warn_share == 75
    publish_policy(policy, by=olga)
    assert newest_of(policy) == draft
    assert ("warns at", "75 %", "50 %") in differences(first, draft)
    with pytest.raises(Refused):
        publish_policy(policy, by=olga)


@pytest.mark.parametrize(
    "condition",
    ["is:mine", "assignee:me", "lamp", "tag:nosuchtag", '"late lamp"', "(", "text:late"],
)
def test_what_the_house_cannot_ask_is_refused(olga: Agent, condition: str) -> None:
    with pytest.raises(Refused):
        draft_policy(None, wish(condition=condition), by=olga)
    assert not Policy.objects.filter(name="Chat").exists()


@pytest.mark.parametrize(
    "other",
    [
        {"targets": {}},
        {"targets": {"first_answer": {"seconds": 1, "clock": "always"}}},
        {"targets": {"first_answer": {"seconds": 3600, "clock": "moon"}}},
        {"warn_share": 0},
        {"name": " "},
        {"steps": [{"at": "warn", "do": "notify", "whom": ""}]},
        {"steps": [{"at": "warn", "do": "call", "whom": "agent:99999"}]},
        {"steps": [{"at": "warn", "do": "dance", "whom": "owner"}]},
    ],
)
def test_what_makes_no_sense_is_refused(olga: Agent, other: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        draft_policy(None, wish(**other), by=olga)


def test_two_policies_are_not_called_the_same(olga: Agent) -> None:
    published("Chat", olga)
    with pytest.raises(Refused):
        draft_policy(None, wish("chat"), by=olga)


def test_what_is_switched_off_promises_nothing_new(olga: Agent, form: Inbox) -> None:
    Policy.objects.update(is_on=False)
    policy = published("Chat", olga)
    switch_policy(policy, is_on=False, by=olga)
    lamp = conversation_of(write_form(form, "Where is it?", at=timezone.now()))
    assert not Promise.objects.filter(conversation=lamp).exists()
    switch_policy(policy, is_on=True, by=olga)
    other = conversation_of(
        write_form(form, "And this?", at=timezone.now(), email="bo@example.com")
    )
    assert Promise.objects.filter(conversation=other).exists()


def test_the_first_that_holds_promises_and_order_says_which_is_first(
    olga: Agent, form: Inbox
) -> None:
    Policy.objects.update(is_on=False)
    slow = published("Slow", olga)
    quick = published("Quick", olga, targets={"first_answer": {"seconds": 60, "clock": "always"}})
    order_policies([quick.pk, slow.pk], by=olga)
    lamp = conversation_of(write_form(form, "Where is it?", at=timezone.now()))
    made = Promise.objects.get(conversation=lamp, kind="first_answer")
    assert made.due_at - made.since == timedelta(minutes=1)
    assert [one.policy.name for one in versions_in_force()] == ["Quick", "Slow"]


def test_a_draft_thrown_away_takes_a_policy_with_it_that_was_never_in_force(olga: Agent) -> None:
    draft = draft_policy(None, wish("New"), by=olga)
    assert delete_draft(draft.policy, by=olga)
    assert not Policy.objects.filter(name="New").exists()
    kept = published("Chat", olga)
    draft_policy(kept, wish(), by=olga)
    assert not delete_draft(kept, by=olga)
    assert draft_of(kept) is None
    assert newest_of(kept) is not None


def test_a_condition_that_is_not_understood_any_more_is_trouble_and_holds_of_none(
    olga: Agent, form: Inbox
) -> None:
    Policy.objects.update(is_on=False)
    tag = Tag.objects.create(name="vip")
    policy = published("Dear", olga, condition="-tag:vip")
    assert not face_of(policy).trouble()
    remove_tag(tag, by=olga)
    assert "vip" in face_of(Policy.objects.get(pk=policy.pk)).trouble()
    lamp = conversation_of(write_form(form, "Where is it?", at=timezone.now()))
    assert not Promise.objects.filter(conversation=lamp).exists()


def test_a_policy_says_itself_back(olga: Agent) -> None:
    version = PolicyVersion(
        condition="channel:chat",
        targets={
            "first_answer": {"seconds": 300, "clock": "always"},
            "resolution": {"seconds": 3 * 8 * 3600, "clock": "hours"},
        },
        steps=[{"at": "due", "after": 600, "do": "call", "whom": "leads"}],
    )
    assert list(sentences_of(version)) == [
        "Holds where: channel:chat",
        "The first answer comes within 5 min, counted around the clock.",
        "The resolution comes within 3 working days of 8 h, counted in opening hours.",
        "The clock of the resolution rests while the customer is awaited.",
        "A promise is at risk once 75 % of its time have gone.",
        "10 min after it broke: call its leads for help.",
    ]


def test_a_policy_behind_one_that_holds_of_everything_is_said_to_be_never_reached(
    olga: Agent,
) -> None:
    published("All", olga)
    published("Chat only", olga, condition="channel:chat")
    both = {"first_answer": HOUR, "resolution": HOUR}
    published("Chat and done", olga, condition="channel:chat", targets=both)
    order_policies([one.pk for one in Policy.objects.filter(name__in=NAMED)], by=olga)
    hidden = {face.policy.name: face.hidden_by for face in all_policies()}
    assert {name: hidden[name] for name in NAMED} == {
        "All": "", "Chat only": "All", "Chat and done": "",
    }  # fmt: skip


def test_what_is_switched_off_hides_nothing(olga: Agent) -> None:
    switch_policy(published("All", olga), is_on=False, by=olga)
    published("Chat only", olga, condition="channel:chat")
    order_policies([one.pk for one in Policy.objects.filter(name__in=NAMED)], by=olga)
    assert {face.policy.name: face.hidden_by for face in all_policies()}["Chat only"] == ""
