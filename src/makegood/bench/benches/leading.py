"""The lead's page and the list of promises, against the bare limit: a promise a conversation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.bench.figures import Figure, figure, in_turns
from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.lead.models import AgentHour, InboxHour
from makegood.promises.models import Promise
from makegood.team.models import Agent

PAGES = {"page": "/lead/", "promises": "/promises/", "broken": "/promises/?state=broken",
         "mine": "/promises/?mine=yes"}  # fmt: skip
AT_ONCE = 5_000
SPREAD = timedelta(days=4)
HOURS = 28 * 24


def lead(rounds: int) -> Iterator[Figure]:
    """In this process, for the desk as it is plus what is rolled back afterwards."""
    owner = Agent.objects.filter(role=Agent.Role.OWNER, is_active=True).order_by("pk")[0]
    with transaction.atomic():
        many = _fill(timezone.now())
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(owner)
        gets = [partial(_get, client, path) for path in PAGES.values()]
        *ours, bare = in_turns([*gets, _bare], rounds, warm_up=3)
        for name, taken in zip(PAGES, ours, strict=True):
            yield figure(f"lead.{name}", taken, "ms", bare, rounds)
        for name, path in PAGES.items():
            with CaptureQueriesContext(connection) as asked:
                _get(client, path)
            yield figure(f"lead.{name}_queries", len(asked), "queries", None, many)
        transaction.set_rollback(True)


def _get(client: Client, path: str) -> bytes:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} was answered {answer.status_code}")
    return bytes(answer.content)


def _bare() -> object:
    """The next fifty due with what is shown of them, by one raw query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.*, c.subject, k.name FROM promises_promise p"
            " JOIN conversations_conversation c ON c.id = p.conversation_id"
            " JOIN customers_customer k ON k.id = c.customer_id"
            " WHERE p.settled_at IS NULL AND p.rests_since IS NULL"
            " ORDER BY p.due_at, p.id LIMIT 50"
        )
        return cursor.fetchall()


def _fill(now: datetime) -> int:
    """What waits is due about now, what is over was kept; and four weeks of hours."""
    rows = Conversation.objects.filter(joined_into=None).order_by("pk")
    known = rows.values_list("pk", "status", "last_at")
    made: list[Promise] = []
    count = 0
    for number, (pk, status, last_at) in enumerate(known.iterator(AT_ONCE)):
        made.append(_promise(number, pk, status in ("open", "snoozed"), last_at, now))
        if len(made) == AT_ONCE:
            Promise.objects.bulk_create(made)
            made, count = [], count + AT_ONCE
    Promise.objects.bulk_create(made)
    _fill_hours(now.replace(minute=0, second=0, microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return count + len(made)


def _promise(number: int, pk: int, is_open: bool, last_at: datetime, now: datetime) -> Promise:
    due_at = now + SPREAD * ((number * 7919 % 1000) / 1000 - 0.2) if is_open else last_at
    is_broken = is_open and due_at < now
    warn_at = due_at - timedelta(hours=12)
    return Promise(
        kind=Promise.Kind.RESOLUTION,
        conversation_id=pk,
        made_by="policy:1",
        made_at=due_at - SPREAD,
        since=due_at - SPREAD,
        seconds=int(SPREAD.total_seconds()),
        clock=Promise.Clock.ALWAYS,
        due_at=due_at,
        warn_at=warn_at,
        warned_at=warn_at if warn_at < now else None,
        next_at=None if is_broken or not is_open else due_at,
        state="broken" if is_broken else "open" if is_open else "kept",
        broken_at=due_at if is_broken else None,
        asks_since=due_at if is_broken else None,
        settled_at=None if is_open else due_at,
    )


def _fill_hours(last: datetime) -> None:
    hours = [last - timedelta(hours=number) for number in range(HOURS)]
    for inbox in Inbox.objects.order_by("pk"):
        InboxHour.objects.bulk_create(
            InboxHour(inbox=inbox, began_at=at, arrivals=9, answers=8, kept=7, broken=1)
            for at in hours
        )
    for agent in Agent.objects.filter(is_active=True):
        AgentHour.objects.bulk_create(
            AgentHour(agent=agent, began_at=at, answers=3) for at in hours
        )
