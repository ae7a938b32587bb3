"""A test message of ours is known by its word alone: signed, random, good for one time.

The word travels in a header, in the Message-ID, in the subject and in the text: some programs
drop one, hardly any drops all. Whatever does not carry a good word is an ordinary mail.
"""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from makegood.channels.interface import Incoming
from makegood.channels.models import Arrival
from makegood.kit.ids import digest, new_token
from makegood.kit.rx import rx
from makegood.kit.secrets import is_signed, sign
from makegood.watch.models import Probe

WORD = r"mgp1-([a-z2-7]{26})-([0-9a-f]{32})"
LOOKED_AT = 4_000
PURPOSE = "probe"


def new_word() -> tuple[str, str]:
    """(the word as it travels, what is stored of it)."""
    token = new_token()
    return f"mgp1-{token}-{sign(PURPOSE, token)}", digest(token)


def take_probe(incoming: Incoming, arrival: Arrival) -> str:
    """What became of a mail that is our own test message; an empty word where it is none."""
    token = next(_tokens(incoming), "")
    return _take(token, arrival) if token else ""


@transaction.atomic
def _take(token: str, arrival: Arrival) -> str:
    # Locked: of two copies that come at once, one is the test message.
    waiting = Probe.objects.select_for_update().filter(token_hash=digest(token), came_at=None)
    probe = waiting.first()
    if probe is None:
        return ""
    probe.came_at, probe.arrival, probe.state = timezone.now(), arrival, Probe.State.CAME
    probe.trouble = ""
    probe.save(update_fields=["came_at", "arrival", "state", "trouble"])
    return probe.ref


def _tokens(incoming: Incoming) -> Iterator[str]:
    """The signed words in the places where ours stands, the surest place first."""
    places = (
        incoming.facts.get("probe", ""),
        incoming.external_id,
        incoming.subject,
        incoming.text[:LOOKED_AT],
        incoming.quoted[:LOOKED_AT],
    )
    for place in places:
        for found in rx(WORD).finditer(place):
            token, signature = found[1], found[2]
            if is_signed(PURPOSE, token, signature):
                yield token
