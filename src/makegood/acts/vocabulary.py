"""The list of all acts, and the way from what was typed to an act and back."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from makegood.acts.act import Act, Kept
from makegood.acts.giving import ASSIGN, PRIORITY, TAG
from makegood.acts.hearing import MOOD
from makegood.acts.linking import LINK
from makegood.acts.promising import PROMISE
from makegood.acts.saying import NOTE, REPLY
from makegood.acts.sending import APPROVAL, FORWARD, LATER
from makegood.acts.settling import JOIN, READ, REOPEN, RESOLVE, SNOOZE, SPAM, WANTED
from makegood.kit.errors import Refused

_KNOWN: dict[str, Act] = {}
ACTS: Mapping[str, Act] = _KNOWN
OLD_NAMES = {"team": ("assign", ""), "untag": ("tag", "-"), "open": ("reopen", "")}
"""Names that files may still use: the name of today, and what stands before the words."""


def offer(*acts: Act) -> None:
    """Let everybody who runs acts know these, too."""
    for act in acts:
        if _KNOWN.setdefault(act.name, act) is not act:
            raise ValueError(f"Two acts are called {act.name}.")


offer(RESOLVE, ASSIGN, TAG, PRIORITY, MOOD, SNOOZE, REOPEN, READ, JOIN, LINK, SPAM, WANTED)
offer(NOTE, REPLY, LATER, APPROVAL, FORWARD, PROMISE)


def acts_for_many() -> Sequence[Act]:
    """What is offered for many conversations at once."""
    return [act for act in ACTS.values() if act.is_for_many()]


def acts_for_macros() -> Sequence[Act]:
    return [act for act in ACTS.values() if act.is_for_macros]


def acts_for_rules() -> Sequence[Act]:
    return [act for act in ACTS.values() if act.is_for_macros and act.is_for_rules]


def act_named(name: str) -> Act:
    """The act of that name. Raises `Refused` where there is none."""
    act = ACTS.get(name)
    if act is None:
        raise Refused(_("There is no act “%(name)s”.") % {"name": name})
    return act


def read_act(name: str, words: str = "") -> Kept:
    """An act as it is kept, from what was typed. Raises `Refused` in words."""
    if name in OLD_NAMES:
        name, sign = OLD_NAMES[name]
        words = sign + words.strip() if sign else words
    return {"do": name, "with": act_named(name).read(words)}


def write_act(kept: Mapping[str, str]) -> str:
    """What an act takes, in words that mean the same on another desk."""
    act = ACTS.get(kept["do"])
    return act.write(kept["with"]) if act else kept["with"]


def told(kept: Mapping[str, str]) -> str:
    """What an act takes, for people to read."""
    act = ACTS.get(kept["do"])
    return act.tell(kept.get("with", "")) if act else kept.get("with", "")
