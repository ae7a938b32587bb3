from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from makegood.conversations.queries import attachment_for, message_for
from makegood.desk.asking import agent_of
from makegood.desk.frames import frame
from makegood.files.serving import serve


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that came or goes with a conversation."""
    found = attachment_for(agent_of(request), pk)
    return serve(found.file, found.name)


@require_safe
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """A message as it was sent, for the frame on the page."""
    message = message_for(agent_of(request), pk)
    if not message.html:
        raise Http404
    pictures = message.attachments.select_related("file").exclude(cid="")
    return frame(message, pictures, fetch=request.GET.get("pictures") == "all")
