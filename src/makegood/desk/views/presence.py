"""Who is at the desk, and where: said by the pages themselves while somebody looks at them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of
from makegood.desk.notice_forms import BeatForm
from makegood.kit.records import ref_id
from makegood.live.beside import here_of
from makegood.presence.actions import Spot, beat, leave
from makegood.presence.queries import Somebody, who_is_where
from makegood.team.models import Agent


@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """A page's heartbeat: where it is; answered by who else is where this agent may see."""
    agent = agent_of(request)
    form = BeatForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    at, doing = form.cleaned_data["at"], form.cleaned_data["doing"]
    if doing == "gone":
        leave(form.cleaned_data["page"], by=agent)
        return HttpResponse(status=204)
    spot = _spot(agent, at, doing) if at else Spot()
    beat(form.cleaned_data["page"], spot, by=agent)
    return JsonResponse({"who": _seen_by(agent)})


def _spot(agent: Agent, at: int, doing: str) -> Spot:
    conversation = conversation_for(agent, at)
    return Spot(place=conversation.ref, inbox=conversation.inbox_id, doing=doing)


def _seen_by(agent: Agent) -> dict[str, object]:
    """Everybody at the conversations that this agent may see, by their numbers."""
    everybody = who_is_where()
    if everybody and not agent.sees_everything():
        visible = {inbox.pk for inbox in inboxes_visible_to(agent)}
        everybody = [one for one in everybody if one.inbox in visible]
    places: dict[str, list[Somebody]] = {}
    for one in everybody:
        places.setdefault(one.place, []).append(one)
    return {str(ref_id(place)): here_of(place, there).who for place, there in places.items()}
