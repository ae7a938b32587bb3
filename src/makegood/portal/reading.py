"""From a valid form to what was written."""

from django.http import HttpRequest

from makegood.portal.actions import Written
from makegood.portal.forms import PublicForm
from makegood.portal.networks import network_of


def written_in(form: PublicForm, request: HttpRequest) -> Written:
    said = form.cleaned_data
    return Written(
        key=form.given.key if form.given else "",
        text=said["text"],
        email=said.get("email", ""),
        name=said.get("name", ""),
        subject=said.get("subject", ""),
        files=said["attachments"],
        network=network_of(request),
        is_trapped=form.is_trapped(),
    )
