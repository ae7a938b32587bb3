"""What changes without an event: who is where, who types in a chat, and what agents were told.

Looked up only when something was committed. Who is where is one small table, compared with
what was told last: so a page hears of a change, whoever of us took the heartbeat.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils import timezone

from makegood.chat.attending import Typing, who_types
from makegood.live.news import Here, News
from makegood.notices.queries import newest_notice, told_since
from makegood.presence.queries import Somebody, who_is_where

Places = dict[str, tuple[int, Here]]


class Beside:
    """One hub's memory of what it told last."""

    def __init__(self) -> None:
        self._places = _now()
        self._notice, self._since = newest_notice(), timezone.now()

    def news(self) -> list[News]:
        return [*self._moves(), *self._notices()]

    def _moves(self) -> Iterator[News]:
        before, self._places = self._places, _now()
        for place in sorted(before.keys() | self._places.keys()):
            inbox, here = self._places.get(place) or (before[place][0], Here(place, ()))
            if before.get(place) != (inbox, here):
                yield News(0, (), frozenset({inbox}), here=here)

    def _notices(self) -> Iterator[News]:
        now = timezone.now()
        rows = told_since(self._notice, self._since)
        self._notice = max([self._notice, *(number for number, _agent in rows)])
        self._since = now
        for agent in sorted({agent for _number, agent in rows}):
            yield News(0, (f"notice:{agent}",), frozenset(), agent=agent)


def _now() -> Places:
    now = timezone.now()
    return _by_place(who_is_where(now), who_types(now))


def _by_place(everybody: Iterable[Somebody], typing: Iterable[Typing]) -> Places:
    found: dict[str, list[Somebody]] = {}
    for one in everybody:
        found.setdefault(one.place, []).append(one)
    places = {place: (there[0].inbox, here_of(place, there)) for place, there in found.items()}
    for chat in typing:
        inbox, here = places.get(chat.place) or (chat.inbox, Here(chat.place, ()))
        places[chat.place] = (inbox, replace(here, typed=chat.at))
    return places


def here_of(place: str, there: list[Somebody]) -> Here:
    """Those at one place as pages are told of them."""
    return Here(place, tuple((one.agent, one.name, one.initials, one.doing) for one in there))
