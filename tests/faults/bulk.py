"""A bulk act whose worker is killed at random until it is done; prints what was counted.

python -m tests.faults.bulk FOLDER [--many N]
"""

import argparse
import json
import os
import random
import signal
import time
from pathlib import Path

from tests.faults import place
from tests.faults.strace import fork, wait_for


def main(asked: argparse.Namespace) -> None:
    place.set_up(asked.folder / "data")
    from django.db import connections

    from makegood.bulk.actions import begin_bulk, try_on_matching
    from makegood.bulk.models import BulkAct
    from makegood.bulk.working import work_off
    from makegood.team.models import Agent

    nora = Agent.objects.get(name="Nora")
    _conversations(asked.many)
    act = {"do": "tag", "with": "once"}
    bulk = try_on_matching({"q": "is:open"}, act, by=nora)
    work_off(bulk.pk)
    begin_bulk(bulk, by=nora)
    chance, kills = random.Random(7), 0
    while BulkAct.objects.get(pk=bulk.pk).state == "running":
        connections.close_all()
        worker = fork(_work)
        # Longer each time: on a busy machine a worker must come to begin something.
        time.sleep(chance.uniform(0.02, 0.18 + kills / 50))
        os.kill(worker, signal.SIGKILL)
        kills += os.WIFSIGNALED(wait_for(worker))
    print(json.dumps(_counted(bulk.pk) | {"kills": kills}))


def _work() -> None:
    from makegood.bulk.working import work_on_next

    while True:
        work_on_next()


def _conversations(many: int) -> None:
    from django.utils import timezone

    from makegood.channels.models import Inbox
    from makegood.conversations.models import Conversation
    from makegood.customers.models import Customer

    now, inbox = timezone.now(), Inbox.objects.get()
    ida = Customer.objects.create(name="Ida", first_seen_at=now, last_seen_at=now)
    Conversation.objects.bulk_create(
        Conversation(
            inbox=inbox, customer=ida, subject=str(n), turn_since=now, opened_at=now, last_at=now
        )
        for n in range(many)
    )


def _counted(pk: int) -> dict[str, object]:
    from makegood.bulk.models import BulkAct
    from makegood.conversations.models import Conversation
    from makegood.ledger.models import Event, EventSubject

    bulk = BulkAct.objects.get(pk=pk)
    tagged = Event.objects.filter(kind="conversation.tagged")
    about = EventSubject.objects.filter(event__in=tagged).values_list("ref", flat=True)
    return {
        "state": bulk.state,
        "acted": bulk.acted,
        "items": bulk.items.filter(state="acted").count(),
        "tagged": Conversation.objects.filter(tags__name="once").count(),
        "events": tagged.count(),
        "at_most_once_each": len(about) == len(set(about)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--many", type=int, default=120)
    main(parser.parse_args())
