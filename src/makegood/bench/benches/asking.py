"""Saved views against the bare limit: their pages under the server, and the counts beside them."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

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
        acts = [partial(browser.get, path) for path in paths]
        bare = [partial(browser.get, f"/bare/inbox?agent={agent.pk}")]
        *pages, limit = in_turns([*acts, *bare], rounds)
    yield figure("views.page", sum(pages) / len(pages), "ms", limit, rounds)
    for name, taken in zip(asked, pages, strict=True):
        yield figure(f"views.{name}", taken, "ms", limit, rounds)
    yield from _counts(agent, asked, max(5, rounds // COUNTS))


def _counts(agent: Agent, asked: dict[str, str], rounds: int) -> Iterator[Figure]:
    """All of them counted anew, as after something happened."""

    def count() -> None:
        for text in asked.values():
            Finder(understand(text, agent)).count()

    (taken,) = in_turns([count], rounds, warm_up=3)
    yield figure("views.counts", taken, "ms", n=rounds)
