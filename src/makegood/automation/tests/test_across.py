"""Rules and what other apps tell: promises at risk, broken and kept; an answer that leaves."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from makegood.automatic.models import AutomaticMail
from makegood.automation.queries import traces_on
from makegood.automation.tests.rig import let_rules_work, made
from makegood.channels.models import Delivery
from makegood.conversations.models import Conversation, Message
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.promised import H, a_policy, answered, promise, written
from tests.world import arrive, conversation_of, mail_bytes


def tags_of(conversation: Conversation) -> list[str]:
    return sorted(conversation.tags.values_list("name", flat=True))


def test_rules_hear_of_promises_at_risk_broken_and_kept(
    form: Any, olga: Agent, nora: Agent
) -> None:
    a_policy()
    for kind in ("warned", "broken", "kept"):
        made(kind.title(), f"promise.{kind}", ("tag", kind), condition="tag:none", by=olga)
    now = timezone.now()
    risk = written(form, "Mine?", now - 1.75 * H, email="karim@example.com")
    late = written(form, "Ours?", now - 3 * H, email="bo@example.com")
    kept = written(form, "Yours?", now - 0.25 * H, email="ida@example.com")
    tick(now)
    answered(kept, nora, now)
    let_rules_work()
    assert [tags_of(one) for one in (risk, late, kept)] == [["warned"], ["broken"], ["kept"]]


def test_a_rule_promises_when_a_promise_broke_and_once(form: Any, olga: Agent) -> None:
    a_policy()
    act = ("promise", "in 2 h: We look into it")
    made("Sorry", "promise.broken", act, by=olga)
    late = written(form, "Ours?", timezone.now() - 3 * H)
    tick(timezone.now())
    let_rules_work()
    given = promise(late, "personal")
    assert given.words == "We look into it"
    assert given.owner is None
    assert given.due_at - timezone.now() > timedelta(minutes=100)
    let_rules_work()
    assert Promise.objects.filter(kind="personal").count() == 1


def test_an_answer_by_a_rule_leaves_once_to_a_proven_sender_and_is_no_answer_of_ours(
    mailbox: Any, olga: Agent
) -> None:
    made("Hours", "message.received", ("reply", "Dear {customer.first_name|you}"), by=olga)
    raw = mail_bytes("Where is my lamp?")
    one = conversation_of(arrive(mailbox, raw, at=timezone.now()))
    Message.objects.filter(conversation=one).update(trust="verified")
    let_rules_work()
    let_rules_work()
    (sent,) = AutomaticMail.objects.all()
    assert sent.reason == ""
    assert Delivery.objects.count() == 1
    (trace,) = traces_on(one)
    assert trace.steps == [("Send an answer", "done", "")]
    one.refresh_from_db()
    assert one.is_waiting()
