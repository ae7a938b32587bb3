"""To a provider and back: the owner of a mailbox agrees there that Makegood reads and sends."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.channels.models import Inbox
from makegood.kit.errors import Refused
from makegood.office.forms.tokens import Token
from makegood.office.http import agent_of
from makegood.office.mailboxes import mailbox_for
from makegood.office.showing import office_page
from makegood.team.gates import needs, proves
from makegood.watch.consent import (
    PROVIDERS,
    Consent,
    asking_address,
    begin_consent,
    finish_consent,
    opened_from,
    sealed_for,
)

KEPT_AS = "consent"
ANSWERED = ("state", "code", "error", "error_description")


def ask_provider(request: HttpRequest, inbox: Inbox, form: Token) -> HttpResponse:
    """Remember what was begun, and lead to where it goes on."""
    data = form.cleaned_data
    consent = begin_consent(inbox, data["provider"], data["client_id"], data["client_secret"])
    request.session[KEPT_AS] = sealed_for(consent, str(request.session.session_key))
    return redirect("office:consent")


@needs("office.inboxes")
@proves()
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """The way to the provider, and the way back with its answer."""
    begun = _begun(request)
    if begun is None:
        messages.error(request, _("No sign-in waits here, or it took too long. Begin again."))
        return redirect("office:inboxes")
    inbox = mailbox_for(agent_of(request), begun.inbox)
    if request.method == "POST":
        return _finish(request, inbox, begun)
    context = {
        "inbox": inbox,
        "provider": PROVIDERS[begun.provider].name,
        "goes_to": asking_address(begun, inbox, _comes_back_to()),
        "comes_back_to": _comes_back_to(),
        "answer": {name: request.GET[name] for name in ANSWERED if name in request.GET},
    }
    return office_page(request, "consent", context)


def _finish(request: HttpRequest, inbox: Inbox, begun: Consent) -> HttpResponse:
    """What the provider said is good for one try."""
    request.session.pop(KEPT_AS, None)
    answer = {name: request.POST.get(name, "") for name in ANSWERED}
    try:
        finish_consent(inbox, begun, answer, _comes_back_to(), by=agent_of(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("office:token", inbox.pk)
    messages.success(request, _("The provider gave a token. It is renewed from now on."))
    return redirect("office:inbox_health", inbox.pk)


def _begun(request: HttpRequest) -> Consent | None:
    sealed = request.session.get(KEPT_AS)
    return opened_from(sealed, str(request.session.session_key)) if sealed else None


def _comes_back_to() -> str:
    return f"{settings.URL}{reverse('office:consent')}"
