"""For tests of promises: a Monday, a policy of everybody, customers who write and are answered."""

from datetime import UTC, datetime, timedelta

import time_machine

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation, Token
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.tokens import make_token
from makegood.promises.models import Policy, PolicyVersion, Promise
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
H = timedelta(hours=1)


def a_policy(clock: str = "always", **more: object) -> PolicyVersion:
    """Everybody hears from us within two hours, then within one; done within 24."""
    policy = Policy.objects.create(name=f"Usual {clock}", position=-1)
    seconds = {"first_answer": 7200, "next_answer": 3600, "resolution": 86400}
    targets = {kind: {"seconds": n, "clock": clock} for kind, n in seconds.items()}
    return PolicyVersion.objects.create(
        policy=policy,
        number=1,
        targets=targets,
        published_at=MONDAY - timedelta(days=9),
        **more,
    )


def written(form: Inbox, text: str, at: datetime, **fields: str) -> Conversation:
    with time_machine.travel(at, tick=False):
        return conversation_of(write_form(form, text, at=at, **fields))


def again(conversation: Conversation, text: str, at: datetime) -> None:
    """The customer writes once more, behind their private link."""
    people = conversation.participants.filter(handle__customer=conversation.customer_id)
    handle = people.order_by("pk")[0].handle
    token = make_token(conversation, handle, Token.Purpose.LINK)
    written(conversation.inbox, text, at, token=token)


def promise(conversation: Conversation, *kinds: str) -> Promise:
    return Promise.objects.get(conversation=conversation, kind__in=kinds)


def answered(conversation: Conversation, by: Agent, at: datetime, text: str = "Soon.") -> None:
    with time_machine.travel(at, tick=False):
        reply_to(conversation, Reply(text=text), by=by)
