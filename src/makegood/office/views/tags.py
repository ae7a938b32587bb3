"""Tags: their list, what one is called, merging two, deleting one, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.conversations.models import Tag
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.macros.queries import macros_naming
from makegood.office.forms.tags import MergeTag, SaveTag
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.tags.actions import bring_tag_back, merge_tags, remove_tag, save_tag
from makegood.tags.queries import (
    MOST_SHOWN,
    all_tags,
    ending_numbered,
    endings,
    others_than,
    tag_numbered,
    views_naming,
    worn,
)
from makegood.team.gates import needs


@needs("office.tags")
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag with how many conversations bear it, and what can be brought back."""
    words = one_line(request.GET.get("q", ""), 40)
    context = {"tags": all_tags(words), "endings": endings(), "words": words, "most": MOST_SHOWN}
    return office_page(request, "tags", context)


@needs("office.tags")
@require_http_methods(["GET", "POST"])
def tag(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """What one tag is called, or a new one."""
    found = tag_numbered(pk) if pk else None
    now = {"name": found.name, "colour": found.colour} if found else {"colour": ""}
    form = SaveTag(request.POST or None, initial=now)
    if form.is_valid():
        try:
            save_tag(found, **form.cleaned_data, by=agent_of(request))
            return redirect("office:tags")
        except Refused as refused:
            form.add_error("name", str(refused))
    context: dict[str, Any] = {"tag": found}
    if found:
        context |= _told(found)
    return form_page(request, "tag", form, context)


def _told(tag: Tag) -> dict[str, Any]:
    """How far a tag reaches: what bears it, and what names it."""
    found = worn(tag)
    return {
        "worn": found,
        "merging": MergeTag(others=others_than(tag)),
        "views": views_naming(found.names),
        "macros": macros_naming(found.names),
    }


@needs("office.tags")
@require_POST
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """Whatever bears this tag bears another instead."""
    found = tag_numbered(pk)
    form = MergeTag(request.POST, others=others_than(found))
    if not form.is_valid():
        raise Refused(_("Choose the tag that stays."))
    into = tag_numbered(form.cleaned_data["into"])
    merge_tags(found, into, by=agent_of(request))
    words = _("“%(name)s” is “%(into)s” now, wherever it was or is named.")
    messages.success(request, words % {"name": found.name, "into": into.name})
    return redirect("office:tags")


@needs("office.tags")
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a tag off everything."""
    remove_tag(tag_numbered(pk), by=agent_of(request))
    messages.success(request, _("Deleted. It can be brought back for thirty days."))
    return redirect("office:tags")


@needs("office.tags")
@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a merge or a deletion."""
    back = bring_tag_back(ending_numbered(pk), by=agent_of(request))
    messages.success(request, _("“%(name)s” is back.") % {"name": back.name})
    return redirect("office:tags")
