"""Rules whose worker is killed at random until all is done; prints what was counted.

python -m tests.faults.rules FOLDER [--many N]
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

    from makegood.ledger.models import Follower

    _rule()
    _conversations(asked.many)
    chance, kills = random.Random(7), 0
    while _is_left():
        connections.close_all()
        worker = fork(_work)
        # Longer each time: on a busy machine a worker must come to begin something.
        time.sleep(chance.uniform(0.02, 0.2 + kills / 20))
        os.kill(worker, signal.SIGKILL)
        kills += os.WIFSIGNALED(wait_for(worker))
        # Half a minute later its lease is over: another worker takes up the follower.
        Follower.objects.update(leased_until=None)
    print(json.dumps(_counted() | {"kills": kills}))


def _is_left() -> bool:
    from makegood.automation.models import Due
    from makegood.ledger.models import Follower
    from makegood.ledger.reading import newest_position

    heard = Follower.objects.filter(name="rules", position__gte=newest_position())
    return Due.objects.exists() or not heard.exists()


def _work() -> None:
    from makegood.automation.working import work_on_rules
    from makegood.config.loops import FollowerLoop

    follower = FollowerLoop("rules")
    while True:
        follower.step()
        work_on_rules()


def _rule() -> None:
    from makegood.automation.actions import Wish, save_rule, switch_rule
    from makegood.team.models import Agent

    nora = Agent.objects.get(name="Nora")
    Agent.objects.filter(pk=nora.pk).update(role="owner")
    nora.refresh_from_db()
    acts = [("note", "Once."), ("tag", "once")]
    rule = save_rule(None, Wish(name="Once", trigger="conversation.opened", acts=acts), by=nora)
    switch_rule(rule, on=True, by=nora)


def _conversations(many: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from makegood.channels.models import Inbox
    from makegood.conversations.events import ConversationOpened
    from makegood.conversations.models import Conversation
    from makegood.customers.models import Customer
    from makegood.ledger.actions import record
    from makegood.ledger.actors import System

    now, inbox = timezone.now(), Inbox.objects.get()
    ida = Customer.objects.create(name="Ida", first_seen_at=now, last_seen_at=now)
    with transaction.atomic():
        for number in range(many):
            made = Conversation.objects.create(
                inbox=inbox, customer=ida, subject=str(number), turn_since=now, opened_at=now,
                last_at=now,
            )  # fmt: skip
            fact = ConversationOpened(conversation=made.pk, reason="")
            record(fact, about=[made], by=System("test"))


def _counted() -> dict[str, object]:
    from makegood.automation.models import Run
    from makegood.conversations.models import Conversation, Note
    from makegood.ledger.models import Event

    return {
        "runs": Run.objects.filter(state="done").count(),
        "notes": Note.objects.count(),
        "noted": Conversation.objects.filter(notes__isnull=False).distinct().count(),
        "tagged": Conversation.objects.filter(tags__name="once").count(),
        "events": Event.objects.filter(kind="rule.ran").count(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--many", type=int, default=200)
    main(parser.parse_args())
