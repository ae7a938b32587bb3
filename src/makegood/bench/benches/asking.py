"""Saved views against the bare limit: their pages under the server, and the counts beside them."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.utils import timezone

from makegood.bench.benches.pages import an_agent
from makegood.bench.figures import Figure, figure, in_turns
from makegood.bench.serving import Browser, served
from makegood.conversations.finding import Finder
from makegood.conversations.models import Tag
from makegood.conversations.naming import understand
from makegood.sample.writing import COMMON_WORD, RARE_WORD
from makegood.team.models import Agent

COUNTS = 3
"""How many rounds fall to one round of the pages: counts are kept, and seldom made anew."""


def shapes() -> dict[str, str]:
    """One question for each way in which views are found."""
    tag = Tag.objects.order_by("pk")[0].name
    return {
        "walked": "is:waiting is:unassigned",
        "tagged": f'tag:"{tag}" -is:resolved',
        "sifted": "is:open is:unread has:attachment",
        "long_ago": "is:resolved messages:>=5 created:-365d",
        "common_word": f"is:open {COMMON_WORD}",
        "rare_word": f"{RARE_WORD} -tag:vip",
    }


def views(rounds: int) -> Iterator[Figure]:
    agent, asked = an_agent(), shapes()
    with served() as port:
        browser = Browser(port, agent)
        paths = [f"/inbox/?{urlencode({'q': text})}" for text in asked.values()]
        bare = [f"/bare/view?{urlencode(_raw(name, agent))}" for name in asked]
        taken = in_turns([partial(browser.get, path) for path in [*paths, *bare]], rounds)
    pages, limits = taken[: len(paths)], taken[len(paths) :]
    mean = sum(limits) / len(limits)
    yield figure("views.page", sum(pages) / len(pages), "ms", mean, rounds)
    for name, page, limit in zip(asked, pages, limits, strict=True):
        yield figure(f"views.{name}", page, "ms", limit, rounds)
    yield from _counts(agent, asked, max(5, rounds // COUNTS))


def _raw(kind: str, agent: Agent) -> dict[str, str]:
    """What the raw query of a kind is told."""
    word = COMMON_WORD if kind == "common_word" else RARE_WORD
    tag = "vip" if kind == "rare_word" else Tag.objects.order_by("pk")[0].name
    since = str(timezone.now().date() - timedelta(days=365))
    return {"kind": kind, "agent": str(agent.pk), "word": word, "tag": tag, "since": since}


def _counts(agent: Agent, asked: dict[str, str], rounds: int) -> Iterator[Figure]:
    """All of them counted anew, as after something happened."""

    def count() -> None:
        for text in asked.values():
            Finder(understand(text, agent)).count()

    (taken,) = in_turns([count], rounds, warm_up=3)
    yield figure("views.counts", taken, "ms", n=rounds)
