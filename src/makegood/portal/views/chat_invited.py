"""What became of an invitation on a page of the shop's: counted, and nobody is known by it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from makegood.chat.inviting import Shown, count_opened, count_put_away, count_showing, is_counted
from makegood.portal.budgets import Charge, Exhausted, take
from makegood.portal.chat import reading
from makegood.portal.chat.doors import Caller, for_pages
from makegood.portal.chat.rush import INVITED
from makegood.portal.embedding import origin_of


@for_pages("POST")
def invited(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """It stands there; it was opened, or put away. What comes of it later needs the first."""
    INVITED.refuse(caller.network)
    body = reading.sent(request)
    shown, became = reading.shown(body, caller.language), reading.words_of(body, "became")
    count = {"shown": _showing, "opened": _opened, "put away": _put_away}.get(became)
    if count is None or shown is None:
        raise reading.Odd
    if caller.origin != origin_of(settings.URL):  # on pages of ours they are tried
        count(caller, shown)
    return HttpResponse(status=204)


def _showing(caller: Caller, shown: Shown) -> None:
    """A new one is paid for; where the purse is empty it is not counted, and nobody is troubled."""
    if is_counted(caller.inbox, shown):
        return
    charges = [
        Charge("chat-invitations-of-a-network", f"{caller.inbox.pk} {caller.network}"),
        Charge("chat-invitations", str(caller.inbox.pk)),
    ]
    try:
        take(charges)
    except Exhausted:
        return
    count_showing(caller.inbox, shown)


def _opened(caller: Caller, shown: Shown) -> None:
    count_opened(caller.inbox, shown)


def _put_away(caller: Caller, shown: Shown) -> None:
    count_put_away(caller.inbox, shown)
