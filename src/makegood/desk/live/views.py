"""The same news for pages whose stream does not get through: asked for every few seconds."""

from typing import cast

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from makegood.desk.live.stream import as_json, missed_since
from makegood.live.news import hearing_of, may_hear
from makegood.team.models import Agent


@require_safe
def poll(request: HttpRequest) -> JsonResponse:
    after = request.GET.get("after", "")
    is_number = after.isascii() and after.isdigit() and len(after) < 19
    news = missed_since(int(after)) if is_number else []
    hearing = hearing_of(cast(Agent, request.user))
    heard = [as_json(one) for one in news if may_hear(hearing, one)]
    if heard:  # what one is told comes right behind what happened
        heard.append({"id": heard[-1]["id"], "about": [f"notice:{request.user.pk}"]})
    return JsonResponse({"events": heard})
