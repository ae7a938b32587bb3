"""Saved replies and macros from a file and into one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.kit.errors import Refused
from makegood.macros.bringing import bring_in, look_into, undo_import
from makegood.macros.files import COLUMNS, write_file
from makegood.macros.models import Import
from makegood.macros.queries import import_for, macros_shown_to, replies_shown_to
from makegood.office.forms.kept import BringIn
from makegood.office.http import agent_of
from makegood.office.showing import form_page
from makegood.team.gates import needs

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@needs("kept.everybody")
@require_http_methods(["GET", "POST"])
def bringing(request: HttpRequest, what: str) -> HttpResponse:
    """Look at a file first, then bring it in: all of it or nothing."""
    owner, what = agent_of(request), _what(what)
    form = BringIn(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"what": what, "look": None, "columns": COLUMNS[what]}
    if form.is_valid():
        content = form.cleaned_data["content"]
        try:
            if "bring" in request.POST:
                return _brought(request, bring_in(what, content, by=owner))
            context |= {"look": look_into(what, content, by=owner), "content": content}
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "import", form, context)


def _brought(request: HttpRequest, brought: Import) -> HttpResponse:
    words = ngettext("%(n)s was brought in.", "%(n)s were brought in.", brought.count)
    messages.success(request, words % {"n": brought.count})
    return redirect(f"office:{brought.what}")


@needs("kept.everybody")
@require_POST
def undoing(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out again what a file brought and nobody changed since."""
    owner = agent_of(request)
    brought = import_for(owner, pk)
    count = undo_import(brought, by=owner)
    messages.success(request, _("%(n)s of %(all)s taken out; what was changed since stays.") % {
        "n": count, "all": brought.count,
    })  # fmt: skip
    return redirect(f"office:{brought.what}")


@needs("kept.everybody")
@require_safe
def export(request: HttpRequest, what: str, form: str) -> HttpResponse:
    """Everything that the owner may change, as a file."""
    owner, what = agent_of(request), _what(what)
    if form not in TYPES:
        raise Http404
    things = replies_shown_to(owner) if what == Import.What.REPLIES else macros_shown_to(owner)
    response = HttpResponse(write_file(what, things, form), content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{what}.{form}"'
    return response


def _what(word: str) -> Import.What:
    if word not in Import.What.values:
        raise Http404
    return Import.What(word)
