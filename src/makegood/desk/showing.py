"""How the lists of the desk say what they are: titles, signs, and words for an empty one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from makegood.conversations.finding import (
    MOST_COUNTED,
    VIEWS,
    Counted,
    Finder,
    Found,
    counts,
    inbox_page,
)
from makegood.conversations.listing import Row
from makegood.conversations.models import SavedView
from makegood.conversations.naming import Understood, understand
from makegood.conversations.saved_views import view_for
from makegood.conversations.saving import COLUMNS
from makegood.desk.boxes import box
from makegood.desk.rows import written
from makegood.sending.queries import count_for, marks_of
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
    query: str = ""
    """The question of a list that is not one of the house's own."""
    saved: SavedView | None = None
    is_by_urgency: bool = False

    @cached_property
    def url(self) -> str:
        if self.saved is not None:
            return reverse("desk:saved-view", args=[self.saved.pk])
        if self.name == FOUND:
            return f"{reverse('desk:inbox')}?{urlencode({'q': self.query})}"
        return f"{_address(self.name)}?order=urgent" if self.is_by_urgency else _address(self.name)

    @property
    def turned(self) -> str:
        """The same list in its other order; empty where it has but one."""
        if self.order not in (LONGEST, URGENT) or self.name not in SHOWN:
            return ""
        return _address(self.name) if self.is_by_urgency else f"{_address(self.name)}?order=urgent"

    def by_urgency(self) -> "ShownView":
        return replace(self, is_by_urgency=True, order=URGENT) if self.turned else self

    @property
    def suffix(self) -> str:
        """What a row's address carries, so that the list beside it stays."""
        if self.name == FOUND:
            return f"?{urlencode({'q': self.query})}"
        return f"?view={self.name}{'&order=urgent' if self.is_by_urgency else ''}"

    def further(self, after: str) -> str:
        return self._with("after", after)

    def told(self, bulk: int) -> str:
        """The list again, with word of what was just done to some of it."""
        return self._with("did", str(bulk))

    def _with(self, name: str, value: str) -> str:
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode({name: value})}"


@lru_cache(maxsize=32)
def _address(name: str) -> str:
    return reverse("desk:view", args=[name])


FOUND, SAVED = "found", "saved-"
LONGEST = _("longest first")
NEWEST = _("newest first")
URGENT = _("most urgent first")
ORDERS = {"longest": LONGEST, "newest": NEWEST, "oldest": _("oldest first"), "urgent": URGENT}

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
            key="g e",
            order=NEWEST,
            empty_title=_("Nothing is settled yet"),
            empty_words=_("What you resolve is kept here. A word from the customer reopens it."),
        ),
        ShownView(
            name="spam",
            title=_("Spam"),
            icon="ban",
            key="g p",
            order=NEWEST,
            empty_title=_("No spam"),
            empty_words=_("What you mark as spam is kept here, and what its senders send later."),
        ),
    )
}


def view_asked(request: HttpRequest, agent: Agent) -> ShownView:
    """The list that a page came from; what is not known is the first: those who wait."""
    if query := request.GET.get("q", "").strip():
        return view_of_query(query)
    name = request.GET.get("view", "")
    number = name.removeprefix(SAVED)
    if name.startswith(SAVED) and number.isdecimal() and len(number) < 12:
        return view_of_saved(view_for(agent, int(number)))
    shown = SHOWN.get(name, SHOWN["waiting"])
    return shown.by_urgency() if request.GET.get("order") == "urgent" else shown


def view_of_query(query: str) -> ShownView:
    """What somebody just asked for, as a list."""
    return ShownView(
        name=FOUND,
        title=_("Found"),
        icon="search",
        key="",
        order="",
        empty_title=_("Nothing found"),
        empty_words=_("Try fewer words, or the beginning of one."),
        query=query,
    )


def view_of_saved(saved: SavedView) -> ShownView:
    return ShownView(
        name=f"{SAVED}{saved.pk}",
        title=saved.name,
        icon="tag",
        key="",
        order=ORDERS.get(saved.order, ""),
        empty_title=_("Nothing stands here now"),
        empty_words=_("What the question finds appears here by itself."),
        is_done_when_empty=True,
        query=saved.query,
        saved=saved,
    )


def count_in_words(count: int) -> str:
    """A count as far as it was counted: `999+` says enough."""
    if not count:
        return ""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def counted_in_words(counted: Counted) -> str:
    """A count, or `37+` where it was not counted to its end."""
    if counted.is_exact:
        return count_in_words(counted.number)
    return f"{min(counted.number, MOST_COUNTED - 1)}+"


def shown_counts(agent: Agent) -> Mapping[str, str]:
    known = {name: count_in_words(count) for name, count in counts(agent).items()}
    return known | {"answers": count_in_words(count_for(agent))}


def list_of(agent: Agent, view: ShownView, after: str = "") -> dict[str, Any]:
    """One page of a view, as the templates want it; or what is wrong with its question."""
    understood = understand(view.query, agent) if view.query else None
    found = _found(agent, view, understood, after)
    return {
        "view": view,
        "views": list(SHOWN.values()),
        "list": found,
        "rows": written(_marked(found.rows), view.suffix, _columns(view)),
        **box(understood),
    }


def _found(agent: Agent, view: ShownView, understood: Understood | None, after: str) -> Found:
    if understood is None:
        return inbox_page(agent, VIEWS[view.name], after, "urgent" if view.is_by_urgency else "")
    if understood.problems:
        return Found(rows=[])
    return Finder(understood, view.saved.order if view.saved else "").page(after)


def _marked(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, and on those that have one, what kind of answer waits there."""
    marks = marks_of([row.pk for row in rows])
    return [replace(row, mark=marks[row.pk]) if row.pk in marks else row for row in rows]


def _columns(view: ShownView) -> tuple[str, ...]:
    return tuple(view.saved.columns) if view.saved else COLUMNS


def first_name(name: str) -> str:
    """What one writes to somebody: `Ida` of `Ida Berg`; a bare address stays whole."""
    words: Sequence[str] = name.split()
    return words[0] if words and "@" not in name else name
