"""Half a million real lines of orders: brought in, sent (by made-up parcels), asked, taken out.

The lines are those of a British shop for gifts (UCI, "Online Retail", 2010–2011). Nothing in them
says how they were sent; so the parcels are made up, from a seed, and figures of lateness say how
quick we are, never how late that shop was.
"""

import gzip
import os
import resource
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.bench.figures import Figure, figure, in_turns
from makegood.parcels.lateness import BY, Wish, rates_by
from makegood.parcels.weighing import weigh_again, weigh_all
from makegood.shop.folding import folded_tracking
from makegood.shop.models import ImportRun, Order, Scan, Shipment
from makegood.shop.runs import FileWish, begin_run, match_columns, read_orders, undo_run
from makegood.shop.working import work_off
from makegood.team.models import Agent

ENV = "MAKEGOOD_TEST_BENCH_ORDERS"
ROOT = Path(__file__).resolve().parents[4]
NAME = "onlineretail.csv.gz"
QUICK_LINES = 5_000
CARRIERS = {"Royal Mail": 0.6, "DPD": 0.3, "Evri": 0.1}
SEED = 7
AT_ONCE = 1000


def place_of_file() -> Path:
    """The file that the environment names, or the one beside the checkout."""
    named = os.environ.get(ENV)
    beside = ROOT.parent / "shared" / "data" / NAME
    return Path(named) if named else beside


def shop(rounds: int) -> Iterator[Figure]:
    """On an empty desk. Without the file nothing is measured, and it says so."""
    path = place_of_file()
    if not path.is_file():
        print(f"shop: there is no {path}; name the file in {ENV}.", file=sys.stderr)
        return
    agent = Agent.objects.filter(role="owner", is_active=True).order_by("pk")[0]
    run = yield from _brought_in(path.read_bytes(), agent, None if rounds >= 100 else QUICK_LINES)
    begun = time.perf_counter()
    sent = send(Random(SEED))
    weigh_again(sent)
    made = time.perf_counter() - begun
    begun = time.perf_counter()
    weigh_all()
    yield figure("shop.parcels_made", len(sent) / made, "a second", n=len(sent))
    taken = time.perf_counter() - begun
    yield figure("shop.weighed", len(sent) / taken, "orders/s", n=len(sent))
    yield from _asked(agent, rounds)
    yield from _taken_out(run, agent)


def _brought_in(
    packed: bytes, agent: Agent, most: int | None
) -> Generator[Figure, None, ImportRun]:
    content = packed if most is None else _part(packed, most)
    wish = FileWish(name="retail.csv", shop="Gifts", currency="GBP", time_zone="Europe/London")
    before = _memory()
    run = read_orders(wish, content, by=agent)
    match_columns(run, run.matched, by=agent)
    begun = time.perf_counter()
    work_off(run.pk)
    looked = time.perf_counter() - begun
    run.refresh_from_db()
    begin_run(run, by=agent)
    begun = time.perf_counter()
    work_off(run.pk)
    brought = time.perf_counter() - begun
    run.refresh_from_db()
    lines = run.counts["lines"]
    yield figure("shop.looked", lines / looked, "lines/s", n=lines)
    yield figure("shop.brought_in", lines / brought, "lines/s", n=lines)
    yield figure("shop.orders", run.counts.get("made", 0), "orders", n=1)
    yield figure("shop.memory", _memory() - before, "MB more", n=1)
    return run


def _part(packed: bytes, most: int) -> bytes:
    lines = gzip.decompress(packed).split(b"\n", most + 1)[: most + 1]
    return b"\n".join(lines)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def send(random: Random) -> Sequence[int]:
    """A made-up parcel for every order: a label within two days, and a few that dally."""
    sent: list[int] = []
    orders = Order.objects.order_by("pk").values_list("pk", "placed_at", "country")
    rows = orders.iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        parcels, scans = [], []
        for pk, placed, country in some:
            carrier = random.choices(list(CARRIERS), list(CARRIERS.values()))[0]
            label = placed + timedelta(hours=random.uniform(1, 40))
            length = random.lognormvariate(0.6 if country == "GB" else 1.5, 0.4)
            length += 6 if random.random() < 0.03 else 0
            there = label + timedelta(days=length)
            tracking = f"MU{pk:09d}GB"
            parcel = Shipment(
                order_id=pk, external_id="1", carrier=carrier, tracking=tracking,
                folded=folded_tracking(tracking), label_at=label,
            )  # fmt: skip
            parcels.append(parcel)
            for kind, at in (
                (Scan.Kind.PICKED_UP, label + timedelta(hours=3)), (Scan.Kind.DELIVERED, there)
            ):  # fmt: skip
                scans.append(Scan(shipment=parcel, kind=kind, at=at))
        Shipment.objects.bulk_create(parcels)
        Scan.objects.bulk_create(scans)
        sent += [pk for pk, _placed, _country in some]
    return sent


def _asked(agent: Agent, rounds: int) -> Iterator[Figure]:
    """The rates, of all that there is; and the pages of an order and of the rates."""
    wish = Wish()
    taken = in_turns([partial(rates_by, by, wish) for by in BY], max(5, rounds // 5), 2)
    for by, milliseconds in zip(BY, taken, strict=True):
        yield figure(f"shop.late_rate_ms.{by}", milliseconds, "ms", 1000)
    client = Client(headers={"host": urlsplit(settings.URL).netloc})
    client.force_login(agent)
    order = Order.objects.order_by("-pk")[0]
    pages = {"order": f"/orders/{order.pk}/", "late": "/lead/late/?days=all"}
    for name, path in pages.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        yield figure(f"shop.{name}_queries", len(captured), "queries", 25)
        (page,) = in_turns([partial(client.get, path)], max(5, rounds // 5), 2)
        yield figure(f"shop.{name}_page", page, "ms")


def _taken_out(run: ImportRun, agent: Agent) -> Iterator[Figure]:
    begun = time.perf_counter()
    undo_run(run, by=agent)
    work_off(run.pk)
    taken = time.perf_counter() - begun
    run.refresh_from_db()
    yield figure("shop.taken_out", run.counts.get("removed", 0) / taken, "orders/s", n=1)
    begun = time.perf_counter()
    weigh_all()
    yield figure("shop.taken_out_of_sums", time.perf_counter() - begun, "s", n=1)
