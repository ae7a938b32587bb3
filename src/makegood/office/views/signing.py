"""The keys with which the shop signs who its customers are, for one chat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.channels.queries import inbox_for
from makegood.chat.keys import end_former_key, keys_of, make_key
from makegood.office.http import agent_of
from makegood.office.showing import office_page
from makegood.team.gates import needs, proves


@needs("office.inboxes")
@proves()
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """How many keys count, and a new one: it is shown this once."""
    owner = agent_of(request)
    inbox, key = inbox_for(owner, pk), ""
    if request.method == "POST":
        key = make_key(inbox, by=owner).reveal()
        inbox.refresh_from_db()
    context = {"inbox": inbox, "key": key, "how_many": len(keys_of(inbox))}
    return office_page(request, "identity", context)


@needs("office.inboxes")
@proves()
@require_POST
def end_of_key(request: HttpRequest, pk: int) -> HttpResponse:
    """The key before the newest counts no more."""
    owner = agent_of(request)
    end_former_key(inbox_for(owner, pk), by=owner)
    messages.success(request, _("From now on, only the newest key counts."))
    return redirect("office:identity", pk)
