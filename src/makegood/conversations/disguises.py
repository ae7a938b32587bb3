"""Names and addresses that look like somebody else's: marked beside the name, with the reason.

A calm word for agents, never a verdict: people do have namesakes.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy

from makegood.channels.interface import Address
from makegood.conversations.models import Participant
from makegood.conversations.ours import house

_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
LOOKALIKES = dict(zip(_TABLE["drawn"], _TABLE["looks"], strict=True))
KNOWN = tuple(_TABLE["known"])
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "HEBREW", "ARABIC")
MOST_OTHERS = 50
WORDS = {
    "address": gettext_lazy("The name shows another address: %(what)s"),
    "ours": gettext_lazy("The name looks like ours: %(what)s"),
    "participant": gettext_lazy("The name looks like %(what)s, who takes part here already"),
    "mixed": gettext_lazy("Letters of several scripts in one word: %(what)s"),
    "domain": gettext_lazy("The domain looks like %(what)s, and is another"),
    "foreign": gettext_lazy("The domain is written in other letters: %(what)s"),
    "hidden": gettext_lazy("Signs in the name are not seen, or turn it round: %(what)s"),
}


def oddities_of(
    sender: Address, hidden: str, others: Sequence[Participant] = ()
) -> list[dict[str, str]]:
    """What is odd about a sender's name and address, beside the others there; mostly nothing."""
    found = [_hidden(hidden), _shown_address(sender), *_names(sender, others)]
    found += [_mixed(sender), *_domain(sender, others)]
    return [each for each in found if each][:6]


def in_words(oddities: Iterable[dict[str, str]]) -> list[str]:
    """The reasons as an agent reads them."""
    return [
        str(WORDS[each["kind"]]) % {"what": each["what"]}
        for each in oddities
        if each.get("kind") in WORDS
    ]


def _odd(kind: str, what: str) -> dict[str, str]:
    return {"kind": kind, "what": what[:200]}


def _hidden(hidden: str) -> dict[str, str]:
    return _odd("hidden", hidden) if hidden else {}


def _shown_address(sender: Address) -> dict[str, str]:
    words = (word.strip("<>()[]\"'.,;:") for word in sender.name.split())
    shown = next((word for word in words if word.count("@") == 1 and "." in word), "")
    if not shown or shown.lower() == sender.address.lower():
        return {}
    return _odd("address", shown)


def _names(sender: Address, others: Sequence[Participant]) -> Iterable[dict[str, str]]:
    """A name that an agent, an inbox, or another participant goes by."""
    name = skeleton(sender.name)
    if len(name) < 3 or "@" in sender.name:
        return
    for address, theirs in house().names():
        if skeleton(theirs) == name and address.lower() != sender.address.lower():
            yield _odd("ours", theirs)
            return
    here = [one for one in others if one.state != Participant.State.LEFT]
    for one in here[:MOST_OTHERS]:
        is_other = one.handle.address != sender.address.lower()
        if is_other and one.handle.name and skeleton(one.handle.name) == name:
            yield _odd("participant", f"{one.handle.name} <{one.handle.address}>")
            return


def _mixed(sender: Address) -> dict[str, str]:
    words = [*sender.name.split(), *readable(sender.address).replace("@", ".").split(".")]
    odd = next((word for word in words if len(_scripts(word)) > 1), "")
    return _odd("mixed", odd) if odd else {}


def _scripts(word: str) -> set[str]:
    found = set()
    for letter in word[:60]:
        if letter.isalpha() and not (letter.isascii() and letter in "ªº"):
            name = unicodedata.name(letter, "").split(" ")[0]
            found.update({name} & set(SCRIPTS))
    return found


def _domain(sender: Address, others: Sequence[Participant]) -> Iterable[dict[str, str]]:
    shown = readable(sender.address).rpartition("@")[2]
    if not shown:
        return
    drawn = skeleton(shown)
    for known in dict.fromkeys([*house().domains, *_their_domains(others), *KNOWN]):
        if shown != known and drawn == skeleton(known):
            yield _odd("domain", known)
            return
    if _scripts(shown) - {"LATIN"}:
        yield _odd("foreign", f"{shown} ({sender.address.rpartition('@')[2]})")


def _their_domains(others: Sequence[Participant]) -> Iterable[str]:
    named = [one.handle.address for one in others[:MOST_OTHERS]]
    return [one.rpartition("@")[2] for one in named if "@" in one]


def readable(address: str) -> str:
    """An address as a person reads it: `xn--` labels in their own letters."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return address


def skeleton(text: str) -> str:
    """What a text looks like: signs that are drawn alike become one, accents fall away."""
    return _skeleton(text[:200])


@lru_cache(maxsize=2_000)
def _skeleton(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    drawn = "".join(LOOKALIKES.get(sign, sign) for sign in plain if not unicodedata.combining(sign))
    bare = "".join(drawn.lower().split()).replace("rn", "m").replace("vv", "w")
    return "".join({"i": "l", "1": "l", "0": "o", "|": "l"}.get(sign, sign) for sign in bare)
