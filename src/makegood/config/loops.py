"""What the worker does: one loop a kind of work, and the helpers that hold connections."""

import logging
import threading
from collections.abc import Callable

from django.utils import timezone

from makegood.ahead.finding import look_for_slips
from makegood.ahead.sending import send_letters
from makegood.automation.trying import try_on_next
from makegood.automation.working import work_on_rules
from makegood.bulk.working import work_on_next
from makegood.channels.email.fetching import fetch_mail
from makegood.channels.email.listener import listen_for_mail
from makegood.channels.email.outbox import send_next
from makegood.chat.going_on import go_on_with_next
from makegood.chat.uploads import let_unused_go
from makegood.config.worker import Loop
from makegood.conversations.intake import take_in_arrival, try_later, waiting_arrivals
from makegood.conversations.resting import wake_due
from makegood.disputes.polling import ask_next_provider
from makegood.disputes.sending import send_next_answer
from makegood.errands.doing import run_next_errand
from makegood.files.leaving import sweep
from makegood.fulfilment.overdue import send_by_itself
from makegood.fulfilment.rereading import reread_next
from makegood.handover.working import hand_next_over
from makegood.kit.disk import is_full
from makegood.ledger.followers import Following, LeaseLost, follower_names, take_up
from makegood.makegoods.ticking import look_at_makegoods
from makegood.notices.actions import forget_old_notices
from makegood.notices.digest import send_due_digests
from makegood.notices.pushing import push_next
from makegood.parcels.polling import ask_for_next
from makegood.parcels.weighing import weigh_next
from makegood.people.copying import make_next_copy
from makegood.promises.foreseeing import look_ahead
from makegood.promises.previewing import preview_next
from makegood.promises.recounting import count_next
from makegood.promises.ticking import look_at_what_is_due
from makegood.redaction.cleaning import clean_up
from makegood.rolls.working import bring_next_in
from makegood.routing.working import route_next
from makegood.sample.town import sample_customers
from makegood.sending.due import send_next_due
from makegood.shop.pulling import pull_next
from makegood.shop.signals import read_next_signals
from makegood.shop.working import bring_next_orders_in
from makegood.wanted.ticking import look_at_wanted
from makegood.watch.keeping import Watch

log = logging.getLogger(__name__)

OUTBOX_THREADS = 3
ERRAND_THREADS = 2
PUSH_THREADS = 2
"""One that hangs holds up no other, and what hangs again rests."""


def take_in_what_arrived() -> int:
    """Give every waiting arrival its place, the oldest first."""
    waiting = waiting_arrivals()
    for pk in waiting:
        try:
            take_in_arrival(pk)
        except Exception as error:
            if is_full(error):
                raise  # says nothing of the arrival; the loop rests until there is room
            # One that cannot be taken in must not hold up those behind it (security.md R22).
            log.exception("An arrival was not taken in.", extra={"arrival": pk})
            try_later(pk, f"{type(error).__name__}: {error}")
    return len(waiting)


def tell_by_mail() -> int:
    """What nobody has seen goes by mail to who wants it; what is very old is forgotten."""
    return send_due_digests() + forget_old_notices(timezone.now())


def wake_what_slept() -> int:
    return wake_due(timezone.now())


class FollowerLoop:
    """Steps one follower, while this process holds its lease."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._held: Following | None = None

    def step(self) -> int:
        self._held = self._held or take_up(self.name)
        if self._held is None:
            return 0
        try:
            return self._held.step()
        except LeaseLost:
            self._held = None
            return 0
        except Exception as error:
            held, self._held = self._held, None
            is_set_aside = held.fail(f"{type(error).__name__}: {error}")
            self._held = held
            if is_set_aside:
                log.exception("An event is set aside.", extra={"follower": self.name})
                return 1
            raise  # the worker's loop logs it and rests; the other followers have their own


def loops() -> list[Loop]:
    return [*_of_the_desk(), *_of_the_shop()]


def _of_the_desk() -> list[Loop]:
    return [
        Loop("intake", take_in_what_arrived, gap=0.02),
        *(Loop(f"follower {name}", FollowerLoop(name).step) for name in follower_names()),
        *(Loop(f"outbox {number}", send_next, gap=0.1) for number in range(1, OUTBOX_THREADS + 1)),
        Loop("watch", Watch().step),
        Loop("clock", wake_what_slept, pause=5.0),
        Loop("promises", look_at_what_is_due, pause=1.0),
        Loop("recounts of promises", count_next),
        Loop("promises ahead", look_ahead, pause=15.0),
        Loop("previews of policies", preview_next),
        Loop("answers of later", send_next_due),
        Loop("routing", route_next, pause=2.0),
        Loop("bulk acts", work_on_next),
        Loop("rules", work_on_rules, pause=2.0),
        Loop("looks of rules", try_on_next),
        Loop("rolls of people", bring_next_in),
        Loop("handovers", hand_next_over, pause=5.0),
        Loop("copies", make_next_copy, pause=15.0),
        Loop("leaving", sweep, pause=60.0),
        Loop("chats by mail", go_on_with_next, pause=5.0),
        Loop("files of visitors", let_unused_go, pause=60.0),
        *(Loop(f"pushes {number}", push_next) for number in range(1, PUSH_THREADS + 1)),
        Loop("digests", tell_by_mail, pause=60.0),
        Loop("redactions", clean_up, pause=15.0),
    ]


def _of_the_shop() -> list[Loop]:
    return [
        *(
            Loop(f"errands {number}", run_next_errand, gap=0.1)
            for number in range(1, ERRAND_THREADS + 1)
        ),
        Loop("stated times", reread_next, pause=2.0),
        Loop("confirmations of orders", send_by_itself, pause=5.0),
        Loop("slips", look_for_slips, pause=20.0),
        Loop("letters of slips", send_letters, pause=20.0),
        Loop("makegoods", look_at_makegoods, pause=30.0),
        Loop("files of orders", bring_next_orders_in),
        Loop("signals", read_next_signals, pause=1.0),
        Loop("pulls of shops", pull_next, pause=5.0),
        Loop("wanted", look_at_wanted, pause=5.0),
        Loop("disputes asked after", ask_next_provider, pause=20.0),
        Loop("evidence", send_next_answer, pause=2.0),
        Loop("times of parcels", weigh_next, pause=2.0),
        Loop("parcels asked for", ask_for_next, pause=60.0),
    ]


def helpers() -> list[Callable[[threading.Event], None]]:
    return [listen_for_mail, fetch_mail, sample_customers]
