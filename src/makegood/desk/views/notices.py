"""What concerns the agent: the page of it, what they follow, and what they want to hear of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of
from makegood.desk.notice_forms import BrowserForm, ReadingForm, WishesForm
from makegood.desk.views.acts import done
from makegood.kit.jinja import page
from makegood.kit.webpush import public_key
from makegood.ledger.reading import newest_position
from makegood.notices.actions import read_all_notices, read_notices
from makegood.notices.following import follow, unfollow
from makegood.notices.mentioning import who_can_be_mentioned
from makegood.notices.pushing import drop_browser, drop_place, keep_browser
from makegood.notices.queries import (
    MOST_COUNTED,
    browser_for,
    browsers_of,
    matters_of,
    sounds_for,
    unread_count,
)
from makegood.notices.wishes import change_wishes, wishes_of


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What happened that concerns the agent, by conversation."""
    agent = agent_of(request)
    last_event = newest_position()
    matters = matters_of(agent)
    newest = max((one.notice.pk for matter in matters for one in matter.told), default=0)
    unread = sum(matter.unread for matter in matters)
    context = {"matters": matters, "until": newest, "unread": unread, "last_event": last_event}
    return page(request, "desk/notices.html", context)


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How much is unread, for the bell."""
    number = unread_count(agent_of(request))
    words = f"{MOST_COUNTED - 1}+" if number >= MOST_COUNTED else str(number or "")
    return page(request, "desk/_notice_count.html", {"count": words})


@require_safe
def sounding(request: HttpRequest) -> JsonResponse:
    """Whether something is to be heard, and where it happened; asked when there is news."""
    after = request.GET.get("after", "")
    is_number = after.isascii() and after.isdigit() and len(after) < 16
    found = sounds_for(agent_of(request), int(after) if is_number else 0, timezone.now())
    if found is None:
        return JsonResponse({"is_on": False})
    rows = list(found.order_by("pk").values_list("pk", "conversation")[:20])
    places = sorted({place for _number, place in rows if place})
    return JsonResponse({"is_on": True, "newest": rows[-1][0] if rows else 0, "at": places})


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Mark what was told as read: one matter's, or all that stood on the page."""
    agent = agent_of(request)
    form = ReadingForm(request.POST)
    if form.is_valid() and form.cleaned_data["until"]:
        read_all_notices(form.cleaned_data["until"], by=agent)
    elif form.is_valid():
        read_notices(form.cleaned_data["notices"], by=agent)
    return redirect("desk:notices")


@require_POST
def following(request: HttpRequest, pk: int) -> HttpResponse:
    """Hear of what happens in a conversation, or no more."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    if request.POST.get("follow") == "no":
        unfollow(conversation, by=agent)
    else:
        follow(conversation, by=agent)
    return done(request, conversation)


@require_safe
def mentions(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom a note can mention here, for the field of the note."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    found = who_can_be_mentioned(conversation.inbox, request.GET.get("q", "")[:80], by=agent)
    return JsonResponse({"choices": [vars(one) for one in found]})


@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """What the agent wants to hear of, by which way, and when not."""
    agent = agent_of(request)
    form = WishesForm(request.POST) if request.method == "POST" else WishesForm.of(wishes_of(agent))
    if form.is_bound and form.is_valid():
        change_wishes(form.wanted(), by=agent)
        messages.success(request, _("Saved."))
        return redirect("desk:wishes")
    context = {"form": form, "browsers": browsers_of(agent), "push_key": public_key()}
    return page(request, "desk/wishes.html", context, status=422 if form.errors else 200)


@require_POST
def browsers(request: HttpRequest) -> HttpResponse:
    """This browser may be told, or may no more."""
    agent = agent_of(request)
    form = BrowserForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    if form.cleaned_data["is_over"]:
        drop_place(form.cleaned_data["endpoint"], by=agent)
    else:
        keep_browser(form.subscription(), form.cleaned_data["name"], by=agent)
    return redirect("desk:wishes")


@require_POST
def browser_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """A browser is told nothing any more, wherever it is."""
    agent = agent_of(request)
    drop_browser(browser_for(agent, pk), by=agent)
    return redirect("desk:wishes")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows a push while no page is open; it stands at the root to reach all."""
    response = page(request, "desk/service_worker.js")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return response
