"""Any act of the vocabulary on the conversation that is open, as the palette offers it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.acts.act import Run
from makegood.acts.vocabulary import act_named, read_act
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of
from makegood.desk.views.acts import done, overlooked, seen_on
from makegood.kit.errors import Refused
from makegood.team.gates import allows


@allows("act")
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do it, with its rules and its refusals in words."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    if act_named(request.POST.get("do", "")).text is not None:
        raise Refused(_("Write that in the conversation: there it is read before it leaves."))
    kept = read_act(request.POST.get("do", ""), request.POST.get("with", ""))
    run = Run(conversation=conversation, seen=seen_on(request), by=agent)
    try:
        act_named(kept["do"]).do(kept["with"], run)
    except SomethingNewer as newer:
        return overlooked(request, conversation, newer)
    return done(request, conversation)
