"""Who changed what; and whose keys are known."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.kit.errors import Refused
from makegood.office.changes import PAGES, Asked, changes
from makegood.office.forms.changes import AddKeys, WhichChanges
from makegood.office.http import agent_of
from makegood.office.keys import add_keys, known, remove_key
from makegood.office.showing import form_page, office_page
from makegood.team.gates import needs, proves


@needs("ledger.see")
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every change of a setting, by page, by agent, until a day."""
    form = WhichChanges(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    asked = Asked(**chosen, after=request.GET.get("after", ""))
    context = {"form": form, "changes": changes(asked), "pages": PAGES}
    return office_page(request, "history", context)


@needs("office.keys")
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Whose certificates and keys the desk knows when mail is signed."""
    form = AddKeys(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            add_keys(form.cleaned_data["file"].read(), by=agent_of(request))
            messages.success(request, _("Known from now on."))
            return redirect("office:keys")
        except Refused as refused:
            form.add_error("file", str(refused))
    return form_page(request, "keys", form, {"keys": known()})


@needs("office.keys")
@proves(resumes=True)
@require_POST
def key_removal(request: HttpRequest) -> HttpResponse:
    """Know a key no more."""
    remove_key(request.POST.get("key", ""), by=agent_of(request))
    messages.success(request, _("Removed."))
    return redirect("office:keys")
