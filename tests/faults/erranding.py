"""A shop that is asked for money while the worker is killed: each errand is done once (M01)."""

import time
from collections import deque
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from makegood.authority.queries import taken_for
from makegood.errands import doing
from makegood.errands.actions import ask
from makegood.errands.models import Errand
from makegood.kit.money import Money
from makegood.makegoods.actions import Matter, Wish, offer
from makegood.makegoods.models import Entry, Makegood
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Connection, Order
from makegood.team.models import Agent
from tests.faults.strace import fork, wait_for
from tests.faults.tally import Tally
from tests.lamp_shop import LampShop
from tests.ordered import a_way_to_a_shop, an_order

BACK, COUPON = 10_00, 5_00
RESTARTS = 12
OTHERS = 2
LATER = 0.05
"""Seconds: the one to be killed has begun, else it would find nothing to do."""
RACED = "raced"


class Erranding:
    """A refund, and a coupon that makes up for something, asked of a real shop over HTTP.

    The shop is the worst that is honest: it remembers under which key it did a thing, and does
    it anew whenever it is asked again. Nothing but looking first keeps it from paying twice.
    """

    def __init__(self, step: str = "") -> None:
        """`step`: how the shop meets the first question: mute, dead, busy."""
        self.shop = LampShop(repeats=True)
        self.step = step
        settings.NEAR_HOSTS = (self.shop.host,)

    def prepare(self) -> None:
        nora = Agent.objects.get()
        Agent.objects.filter(pk=nora.pk).update(role=Agent.Role.OWNER)
        nora.refresh_from_db()
        a_way_to_a_shop(base_url=self.shop.url, token="t")
        order = an_order()
        Order.objects.filter(pk=order.pk).update(paid=Order.Paid.PAID)
        order.refresh_from_db()
        wanted = Wanted(
            what=Ability.REFUND, order_id=order.external_id, amount_minor=BACK, currency="EUR"
        )
        ask(order, wanted, key="refund", by=nora)
        wish = Wish(
            failure="late", remedy="coupon", face=Money(COUPON, "EUR"), client_key="coupon",
            why="She waited twice.",
        )  # fmt: skip
        offer(Matter(conversation=None, order=order), wish, by=nora)

    def act(self) -> None:
        while doing.run_next_errand():
            pass

    def anew(self) -> None:
        """The shop forgets what it did for another run."""
        self.shop.journal.clear()
        self.shop.does = deque([self.step] if self.step else [])

    def meanwhile(self, _pid: int) -> None:
        """The shop answers by itself."""

    def judge(self, tally: Tally) -> None:
        done = Errand.objects.filter(state=Errand.State.DONE)
        tally.acknowledged += done.count()
        tally.lost += sum(not self.shop.times(one.key) for one in done)
        told = done.values_list("key", flat=True)
        tally.unacknowledged += len({key for key, _said in self.shop.journal} - set(told))
        for _restart in range(RESTARTS):
            if not Errand.objects.filter(settled_at=None).exists():
                break
            self._let_time_pass()
            connection.close()
            wait_for(fork(self.act))
        self._count(tally)

    def _let_time_pass(self) -> None:
        """The leases run out, and what is in doubt is to be looked for."""
        past = timezone.now() - timedelta(seconds=1)
        open_ones = Errand.objects.filter(settled_at=None)
        open_ones.exclude(leased_until=None).update(leased_until=past)
        open_ones.exclude(next_at=None).update(next_at=past)
        Connection.objects.update(rests_until=None)

    def _count(self, tally: Tally) -> None:
        for errand in Errand.objects.all():
            times = self.shop.times(errand.key)
            tally.duplicated += max(0, times - 1)
            tally.stored_once += times == 1
            tally.lost += errand.state != Errand.State.DONE or not times
            tally.in_doubt += errand.state == Errand.State.IN_DOUBT
        makegood = Makegood.objects.get()
        entries = list(Entry.objects.values_list("face_minor", flat=True))
        tally.lost += makegood.state != Makegood.State.GIVEN or not makegood.code
        tally.lost += sum(entries) < COUPON
        tally.duplicated += max(0, len(entries) - 1)
        # The sum of what was taken from an authority is what the shop was asked to give.
        tally.duplicated += taken_for(makegood.case, "EUR") != BACK + COUPON


class Careless(Erranding):
    """The positive control: what was begun is done again, without a look at the shop."""

    def act(self) -> None:
        doing._look = doing._do
        super().act()


class Raced(Erranding):
    """Three workers at once, one of which is killed."""

    def alone(self, _pid: int) -> None:
        """Whoever is counted has all of it to do."""

    def meanwhile(self, _pid: int) -> None:
        for pid in [fork(self._a_little_later) for _other in range(OTHERS)]:
            wait_for(pid)

    def _a_little_later(self) -> None:
        time.sleep(LATER)
        self.act()


def made(step: str, *, is_control: bool) -> Erranding:
    """The scene as it is asked for."""
    if step == RACED:
        return Raced()
    return Careless(step) if is_control else Erranding(step)
