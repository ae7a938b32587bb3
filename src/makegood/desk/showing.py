"""How the lists of the desk say what they are: titles, signs, and words for an empty one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.conversations.listing import MOST_COUNTED, VIEWS, counts, inbox_page
from makegood.desk.rows import written
from makegood.team.models import Agent

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class ShownView:
    """One view as the desk shows it."""

    name: str
    title: Words
    icon: str
    key: str
    order: Words
    empty_title: Words
    empty_words: Words
    is_done_when_empty: bool = False
    group: Words = ""

    @property
    def url(self) -> str:
        return _address(self.name)


@lru_cache(maxsize=32)
def _address(name: str) -> str:
    return reverse("desk:view", args=[name])


LONGEST = _("longest first")
NEWEST = _("newest first")

SHOWN = {
    view.name: view
    for view in (
        ShownView(
            name="waiting",
            title=_("Waiting"),
            icon="clock",
            key="g w",
            order=LONGEST,
            empty_title=_("Nobody is waiting"),
            empty_words=_("Every customer has an answer. New words appear here by themselves."),
            is_done_when_empty=True,
        ),
        ShownView(
            name="mine",
            title=_("Mine"),
            icon="hand",
            key="g m",
            order=LONGEST,
            empty_title=_("Nothing is yours"),
            empty_words=_("Take one from those who wait: open it and press a, or simply answer."),
        ),
        ShownView(
            name="unassigned",
            title=_("Unassigned"),
            icon="circle-dot",
            key="g u",
            order=LONGEST,
            empty_title=_("Everything is in good hands"),
            empty_words=_("Each open conversation has somebody who answers."),
            is_done_when_empty=True,
        ),
        ShownView(
            name="open",
            title=_("All open"),
            icon="inbox",
            key="g a",
            order=LONGEST,
            empty_title=_("Nothing is open"),
            empty_words=_("Every matter is settled or resting."),
            is_done_when_empty=True,
        ),
        ShownView(
            name="snoozed",
            title=_("Snoozed"),
            icon="alarm-clock",
            key="g z",
            order=NEWEST,
            group=_("Put aside"),
            empty_title=_("Nothing rests"),
            empty_words=_("What you snooze waits here, and wakes by itself."),
        ),
        ShownView(
            name="undelivered",
            title=_("Not delivered"),
            icon="triangle-alert",
            key="g x",
            order=NEWEST,
            empty_title=_("Everything got there"),
            empty_words=_("Where an answer is refused or comes back, it stands here."),
            is_done_when_empty=True,
        ),
        ShownView(
            name="resolved",
            title=_("Resolved"),
            icon="circle-check",
            key="g d",
            order=NEWEST,
            empty_title=_("Nothing is settled yet"),
            empty_words=_("What you resolve is kept here. A word from the customer reopens it."),
        ),
    )
}


def view_named(name: str) -> ShownView:
    """The view of that name; what is not known is the first: those who wait."""
    return SHOWN.get(name, SHOWN["waiting"])


def count_in_words(count: int) -> str:
    """A count as far as it was counted: `999+` says enough."""
    if not count:
        return ""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def shown_counts(agent: Agent) -> Mapping[str, str]:
    return {name: count_in_words(count) for name, count in counts(agent).items()}


def list_of(agent: Agent, view: ShownView, after: str = "") -> dict[str, Any]:
    """One page of a view, as the templates want it."""
    found = inbox_page(agent, VIEWS[view.name], after)
    return {
        "view": view,
        "views": list(SHOWN.values()),
        "list": found,
        "rows": written(found.rows, f"?view={view.name}"),
    }


def first_name(name: str) -> str:
    """What one writes to somebody: `Ida` of `Ida Berg`; a bare address stays whole."""
    words: Sequence[str] = name.split()
    return words[0] if words and "@" not in name else name
