"""Eight who ask shops, make good, answer, decline and take back at once, each over a connection.

    python -m makegood.makegoods.tests.racing      on the database that the settings name

Errands and make-goods share the agents' authority, a budget, and what was paid for an order.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import django
from django.db import connection

WORKERS, TURNS = 8, 24
LIMIT, A_DAY, BUDGET, PAID = 25_00, 100_00, 12_00, 25_00
"""What an agent may give for one case and in a day, what the budget holds, what an order cost."""


@dataclass(kw_only=True)
class Outcome:
    """What stood in the end; `wrong` says in words what may not be."""

    done: dict[str, int]
    broke: list[str]
    wrong: list[str] = field(default_factory=list)

    def sums(self, what: str, found: int, wanted: int) -> None:
        if found != wanted:
            self.wrong.append(f"{what}: {found}, not {wanted}")

    def most(self, what: str, found: int, limit: int) -> None:
        if found > limit:
            self.wrong.append(f"{what}: {found} of {limit}")


def race(host: str, url: str, done_by_shop: Callable[[str], int]) -> Outcome:
    """Everybody at once; then what may not be is looked for."""
    from django.conf import settings  # the settings must be ready first

    settings.NEAR_HOSTS = (host,)
    world = _world(url)
    gate, broke, done = threading.Barrier(WORKERS), [], Counter[str]()

    def work(worker: int) -> None:
        chance = random.Random(worker)
        gate.wait(60)
        try:
            for turn in range(TURNS):
                done[_turn(world, chance, f"{worker}-{turn}")] += 1
        except Exception as trouble:  # noqa: BLE001  # whatever it is, it is told
            broke.append(f"{type(trouble).__name__}: {trouble}"[:300])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[worker]) for worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    outcome = Outcome(done=dict(done), broke=broke)
    _judge(world, outcome, done_by_shop)
    return outcome


@dataclass(frozen=True, kw_only=True)
class World:
    """Two who may give little, one who may give more, and two orders of a shop that answers."""

    agents: tuple[int, int]
    lead: int
    orders: tuple[int, int]
    budget: int


def _world(url: str) -> World:
    from makegood.authority.budgets import BudgetWish, save_budget
    from makegood.kit.money import Money
    from makegood.ledger.actors import System
    from makegood.shop.models import Order
    from makegood.team.actions import add_agent
    from tests.ordered import a_way_to_a_shop, an_order

    house = System("race")

    def hire(name: str, role: str) -> int:
        mail = f"{name}@lantern.example"
        return add_agent(mail, name, role=role, password="x" * 20, by=house).pk

    a_way_to_a_shop(base_url=url, token="t")
    orders = [an_order("#1"), an_order("#2")]
    Order.objects.update(paid=Order.Paid.PAID)
    budget = save_budget(None, BudgetWish(name="Sorry", most=Money(BUDGET, "EUR")), by=house)
    return World(
        agents=(hire("anna", "agent"), hire("ben", "agent")), lead=hire("lena", "lead"),
        orders=(orders[0].pk, orders[1].pk), budget=budget.pk,
    )  # fmt: skip


def _turn(world: World, chance: random.Random, name: str) -> str:
    """One thing that somebody does just now; what it was, or that it was refused."""
    from makegood.kit.errors import Refused

    acts = (_ask_the_shop, _make_good, _ask_for_more, _answer, _step, _call_off, _work)
    (act,) = chance.choices(acts, (2, 3, 1, 1, 2, 1, 2))
    try:
        act(world, chance, name)
    except Refused:
        return "refused"
    return act.__name__


def _one(rows: Any, chance: random.Random) -> Any:
    found = list(rows.order_by("pk"))
    return chance.choice(found) if found else None


def _somebody(world: World, chance: random.Random) -> Any:
    from makegood.team.models import Agent

    return Agent.objects.get(pk=chance.choice(world.agents))


def _ask_the_shop(world: World, chance: random.Random, name: str) -> None:
    from makegood.errands.actions import ask
    from makegood.shop.connectors.interface import Ability, Wanted
    from makegood.shop.models import Order
    from makegood.team.models import Agent

    order = Order.objects.get(pk=world.orders[0])
    wanted = Wanted(
        what=chance.choice((Ability.REFUND, Ability.COUPON)), order_id=order.external_id,
        amount_minor=chance.choice((3_00, 7_00)), currency="EUR",
    )  # fmt: skip
    ask(order, wanted, key=name, by=Agent.objects.get(pk=world.lead))


def _wish(world: World, chance: random.Random, name: str, minor: int) -> Any:
    from makegood.authority.models import Budget
    from makegood.kit.money import Money
    from makegood.makegoods.actions import Wish

    remedy = chance.choice(("coupon", "refund", "credit"))
    budget = Budget.objects.get(pk=world.budget) if remedy == "credit" else None
    return Wish(
        failure="late", remedy=remedy, face=Money(minor, "EUR"), client_key=name,
        why="A race.", budget=budget,
    )  # fmt: skip


def _make_good(world: World, chance: random.Random, name: str) -> None:
    from makegood.makegoods.actions import Matter, offer
    from makegood.shop.models import Order

    order = Order.objects.get(pk=chance.choice(world.orders))
    wish = _wish(world, chance, name, chance.choice((2_00, 5_00)))
    offer(Matter(conversation=None, order=order), wish, by=_somebody(world, chance))


def _ask_for_more(world: World, chance: random.Random, name: str) -> None:
    from makegood.makegoods.actions import Matter
    from makegood.makegoods.approving import ask
    from makegood.shop.models import Order

    order = Order.objects.get(pk=world.orders[0])
    matter = Matter(conversation=None, order=order)
    ask(matter, _wish(world, chance, name, 9_00), by=_somebody(world, chance))


def _answer(world: World, chance: random.Random, _name: str) -> None:
    from makegood.makegoods.approving import answer
    from makegood.makegoods.models import Approval
    from makegood.team.models import Agent

    one = _one(Approval.objects.filter(answered_at=None), chance)
    if one is not None:
        lead = Agent.objects.get(pk=world.lead)
        answer(one, is_yes=chance.random() < 0.7, words="Well.", by=lead)


def _step(world: World, chance: random.Random, _name: str) -> None:
    from makegood.makegoods.actions import decline, give, redeem, take_back
    from makegood.makegoods.models import Makegood

    one = _one(Makegood.objects.filter(state__in=("offered", "approved", "given")), chance)
    if one is None:
        return
    who = _somebody(world, chance)
    what = chance.choice(("give", "decline", "take back", "redeem"))
    if what == "give":
        give(one, by=who)
    elif what == "redeem":
        redeem(one, by=who)
    else:
        (decline if what == "decline" else take_back)(one, words="No.", by=who)


def _call_off(world: World, chance: random.Random, _name: str) -> None:
    from makegood.errands.actions import call_off
    from makegood.errands.models import Errand

    one = _one(Errand.objects.filter(settled_at=None).exclude(key__startswith="makegood:"), chance)
    if one is not None:
        call_off(one, by=_somebody(world, chance))


def _work(_world: World, _chance: random.Random, _name: str) -> None:
    from makegood.errands.doing import run_next_errand

    run_next_errand()


def _judge(world: World, outcome: Outcome, done_by_shop: Callable[[str], int]) -> None:
    from makegood.authority.models import Spending
    from makegood.errands.models import Errand
    from makegood.makegoods.models import Entry, Makegood

    live = Makegood.objects.filter(state__in=("approved", "given", "redeemed"))
    asked = Errand.objects.exclude(state__in=("declined", "called_off"))
    own = asked.filter(is_ours_to_give_back=True)
    taken = sum(one.minor for one in Spending.objects.all())
    held = sum(one.at_stake.minor for one in live) + sum(one.minor for one in own)
    outcome.sums("authority", taken, held)
    given = live.filter(state__in=("given", "redeemed"))
    entries = sum(one.face_minor for one in Entry.objects.all())
    outcome.sums("entries", entries, sum(one.face_minor for one in given))
    for agent in world.agents:
        theirs = Spending.objects.filter(agent=agent)
        outcome.most(f"day of {agent}", sum(one.minor for one in theirs), A_DAY)
    theirs = Spending.objects.filter(agent__in=world.agents)
    for order in world.orders:
        of_one = theirs.filter(case=f"order:{order}")
        outcome.most(f"case {order}", sum(one.minor for one in of_one), LIMIT)
        back = live.filter(order=order, remedy="refund")
        besides = own.filter(order=order, what="refund")
        refunds = [one.face_minor for one in back] + [one.minor for one in besides]
        outcome.most(f"refunds of {order}", sum(refunds), PAID)
    budget = sum(one.minor for one in Spending.objects.filter(budget=world.budget))
    outcome.most("budget", budget, BUDGET)
    for errand in Errand.objects.all():
        wanted = int(errand.state == Errand.State.DONE)
        outcome.sums(f"times {errand.key}", done_by_shop(errand.key), wanted)


if __name__ == "__main__":
    import sys

    django.setup()
    from tests.lamp_shop import LampShop

    shop = LampShop(repeats=True)
    with suppress(KeyboardInterrupt):
        sys.stdout.write(json.dumps(asdict(race(shop.host, shop.url, shop.times))))
