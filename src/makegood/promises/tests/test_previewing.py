from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from makegood.channels.models import Inbox
from makegood.conversations.actions import reopen_conversation, resolve_conversation
from makegood.conversations.merging import (
    join_conversation,
    part_conversation,
    split_conversation,
)
from makegood.conversations.models import Message
from makegood.conversations.unwanted import mark_as_spam, mark_as_wanted
from makegood.promises.models import Policy, PolicyVersion, Promise
from makegood.promises.policies import PolicyWish, draft_policy
from makegood.promises.preview_pages import totals
from makegood.promises.previewing import ask_for_preview, preview_whole
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.promised import MONDAY, H, a_policy, again, answered, written

LATER = MONDAY + timedelta(days=6)


def previewed(by: Agent, of: Policy, **changed: Any) -> dict[str, dict[str, Counter[str]]]:
    """What a preview counts by way and kind, of a draft like what is in force, but for this."""
    now = of.versions.get(number=1)
    same = {name: getattr(now, name) for name in
            ("condition", "targets", "rests_while_awaited", "warn_share", "steps")}  # fmt: skip
    with time_machine.travel(LATER, tick=False):
        draft_policy(of, PolicyWish(name=of.name, **{**same, **changed}), by=by)
        preview = preview_whole(ask_for_preview(of, by=by).pk)
    found: dict[str, dict[str, Counter[str]]] = {}
    for kinds in preview.counts.values():
        for kind, ways in kinds.items():
            for way, counts in ways.items():
                found.setdefault(way, {}).setdefault(kind, Counter()).update(counts)
    return found


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    return a_policy()


@pytest.fixture
def a_week(form: Inbox, policy: PolicyVersion, nora: Agent) -> None:
    """Kept, late, resolved, reopened, put away as spam, joined, parted and split."""
    lamp = written(form, "Where is it?", MONDAY)
    answered(lamp, nora, MONDAY + H)
    again(lamp, "And now?", MONDAY + 5 * H)
    answered(lamp, nora, MONDAY + 9 * H)
    with time_machine.travel(MONDAY + 30 * H, tick=False):
        resolve_conversation(lamp, by=nora)
    again(lamp, "It is broken.", MONDAY + 50 * H)

    done = written(form, "Thanks, it came!", MONDAY + H, email="karim@example.com")
    with time_machine.travel(MONDAY + 2 * H, tick=False):
        resolve_conversation(done, by=nora)
    with time_machine.travel(MONDAY + 8 * H, tick=False):
        reopen_conversation(done, by=nora)

    junk = written(form, "Cheap lamps", MONDAY + H, email="spam@example.com")
    with time_machine.travel(MONDAY + 1.5 * H, tick=False):
        mark_as_spam(junk, by=nora)
    with time_machine.travel(MONDAY + 2 * H, tick=False):
        mark_as_wanted(junk, by=nora)
    answered(junk, nora, MONDAY + 2.5 * H)

    one = written(form, "Invoice", MONDAY + 2 * H, email="bo@example.com")
    other = written(form, "The invoice, please", MONDAY + 3 * H, email="eve@example.com")
    with time_machine.travel(MONDAY + 3.2 * H, tick=False):
        join_conversation(one, into=other, by=nora)
    with time_machine.travel(MONDAY + 3.4 * H, tick=False):
        part_conversation(one, by=nora)
    answered(one, nora, MONDAY + 4.5 * H)
    again(other, "And something else.", MONDAY + 4 * H)
    answered(other, nora, MONDAY + 4.9 * H)
    last = Message.objects.filter(conversation=lamp).order_by("pk").last()
    assert last is not None
    with time_machine.travel(MONDAY + 50.2 * H, tick=False):
        split_conversation(last, by=nora)
    with time_machine.travel(LATER, tick=False):
        while tick(LATER):
            pass


def test_a_preview_of_what_is_in_force_says_what_the_live_promises_say(
    a_week: None, policy: PolicyVersion, olga: Agent
) -> None:
    found = previewed(olga, policy.policy)
    assert found["force"] == found["draft"]
    assert found["force"] == found["real"]
    kinds = {kind: sum(counts.values()) for kind, counts in found["real"].items()}
    assert sum(kinds.values()) == Promise.objects.count()
    assert kinds["first_answer"] > 4
    assert found["real"]["next_answer"]["broken"]
    assert found["real"]["first_answer"]["kept"]


def test_a_stricter_draft_would_have_broken_more(
    a_week: None, policy: PolicyVersion, olga: Agent
) -> None:
    strict = {kind: {"seconds": 600, "clock": "always"} for kind in policy.targets}
    found = previewed(olga, policy.policy, targets=strict)
    for kind in policy.targets:
        assert found["draft"][kind]["kept"] <= found["force"][kind]["kept"]
    assert found["draft"]["first_answer"]["kept"] == 0
    assert found["force"]["first_answer"]["kept"] > 0


def test_a_draft_that_holds_of_none_leaves_them_to_the_next(
    a_week: None, policy: PolicyVersion, olga: Agent
) -> None:
    Policy.objects.exclude(pk=policy.policy_id).update(is_on=False)
    found = previewed(olga, policy.policy, condition="channel:chat")
    assert not sum(found["draft"]["first_answer"].values())
    assert sum(found["force"]["first_answer"].values())


def test_the_table_has_all_first_and_shares(
    a_week: None, policy: PolicyVersion, olga: Agent
) -> None:
    previewed(olga, policy.policy)
    preview = policy.policy.previews.get()
    assert preview.ended_at is not None
    assert preview.looked_at == preview.total
    name, rows = totals(preview)[0]
    assert name == "All conversations"
    assert [kind for kind, _ways in rows] == ["first answer", "next answer", "resolution"]
    draft, force, real = rows[0][1]
    assert draft == force == real
    assert draft.share is not None
