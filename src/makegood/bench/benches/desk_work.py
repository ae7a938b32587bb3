"""What is done at a desk besides reading and answering: palette, presence, redaction, rolls."""

import statistics
import time
from collections.abc import Iterator
from functools import partial
from urllib.parse import quote, urlencode

from makegood.bench.benches.moments import bare_commit
from makegood.bench.benches.pages import a_usual_conversation, an_agent, an_open_conversation
from makegood.bench.figures import Figure, figure, in_turns
from makegood.bench.serving import Browser, served
from makegood.conversations.actions import add_note
from makegood.conversations.queries import conversation_for
from makegood.kit.ids import new_token
from makegood.presence.actions import Spot, beat
from makegood.redaction.actions import Wish, redact
from makegood.rolls.actions import begin_roll, match_columns, read_roll, undo_roll
from makegood.rolls.models import Roll
from makegood.rolls.working import work_off
from makegood.sample.writing import RARE_WORD

PRESENT = 40
"""Pages that are open beside the one that is measured."""
LINES = 2_000


def palette(rounds: int) -> Iterator[Figure]:
    """What the palette brings when it is opened, and what it finds for letters and for a word."""
    agent = an_agent()
    with served() as port:
        get = Browser(port, agent).get
        paths = ("/palette/commands/", "/palette/found/?q=ann", f"/palette/found/?q={RARE_WORD}")
        bare = f"/bare/search?q={quote(RARE_WORD)}&agent={agent.pk}"
        taken = in_turns([partial(get, path) for path in (*paths, bare)], rounds)
    *ours, limit = taken
    for name, value in zip(("commands", "letters", "rare_word"), ours, strict=True):
        yield figure(f"palette.{name}", value, "ms", limit, rounds)


def presence(rounds: int) -> Iterator[Figure]:
    """A heartbeat of an open page, answered by who else is where."""
    agent, at = an_agent(), a_usual_conversation()
    for number in range(PRESENT):
        beat(f"bench-{number}", Spot(place=f"conversation:{at + number}"), by=agent)
    with served() as port:
        browser = Browser(port, agent)
        secret = browser.form_secret(f"/conversations/{at}/")
        told = {"page": "bench", "at": at, "doing": "looking", "csrfmiddlewaretoken": secret}
        post = partial(browser.post, "/presence/", urlencode(told))
        ours, bare = in_turns([post, lambda: browser.get("/bare/still?bytes=0")], rounds)
    yield figure("presence.beat", ours, "ms", bare, rounds)


def redaction(rounds: int) -> Iterator[Figure]:
    """A passage is taken out of everything of a conversation and of its customer."""
    agent, taken = an_agent(), []
    conversation = conversation_for(agent, an_open_conversation())
    times = max(5, rounds // 5)
    for _time in range(times):
        words = f"card {new_token()}"
        add_note(conversation, f"They gave their {words}.", by=agent)
        began = time.perf_counter()
        redact(conversation, Wish(words=words, reason="A card's number."), by=agent)
        taken.append((time.perf_counter() - began) * 1000)
    yield figure("redaction.median_ms", statistics.median(taken), "ms", bare_commit(times), times)


def rolls(rounds: int) -> Iterator[Figure]:
    """A file of customers: looked over, brought in and taken back."""
    agent, count = an_agent(), min(LINES, rounds * 20)
    token = new_token()[:8].lower()
    lines = "\n".join(f"Ann {number};{token}-{number}@example.com" for number in range(count))
    roll = read_roll("customers", "bench.csv", f"Name;E-Mail\n{lines}\n".encode(), by=agent)
    for name, begin in (
        ("looked", partial(match_columns, roll, roll.matched, by=agent)),
        ("brought_in", partial(begin_roll, roll, by=agent)),
        ("taken_back", partial(undo_roll, roll, by=agent)),
    ):
        began = time.perf_counter()
        begin()
        work_off(roll.pk)
        a_second = count / (time.perf_counter() - began)
        yield figure(f"rolls.{name}", a_second, "lines/s", None, count)
    Roll.objects.get(pk=roll.pk, state=Roll.State.UNDONE)
