"""The ways to shops: connected, looked at, changed and switched off."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.disputes.models import Provider
from makegood.kit.errors import Refused
from makegood.office.forms.shops import NewWay, WayFields
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.shop.connectors.interface import TryLater
from makegood.shop.connectors.registry import CONNECTORS
from makegood.shop.doors import kinds, reader_of
from makegood.shop.knowing import all_ways, signal_for, told_of, way_for
from makegood.shop.pulling import stop_pulls
from makegood.shop.signals import read_again
from makegood.shop.ways import (
    Way,
    begin_import,
    change_way,
    connect_shop,
    rotate_secret,
    signing_secret,
    switch_way,
    try_way,
)
from makegood.team.gates import needs, proves


@needs("office.shop")
@require_safe
def shops(request: HttpRequest) -> HttpResponse:
    """Every way to a shop, and the kinds that there are."""
    return office_page(request, "shops", {"ways": all_ways(), "offered": _offered()})


def _offered() -> list[tuple[str, str, list[tuple[str, Any]]]]:
    """What can be connected, under what it is good for; nothing that nobody can connect."""
    some: dict[str, list[tuple[str, Any]]] = {"shops": [], "payments": [], "parcels": []}
    for kind in kinds():
        word = (
            "shops" if kind in CONNECTORS else "payments" if kind in Provider.values else "parcels"
        )
        some[word].append((kind, reader_of(kind).label))
    said = [
        (_("A shop"), _("It tells of orders, and does what you decide."), some["shops"]),
        (_("Carriers"), _("Where a parcel is, by their own word."), some["parcels"]),
        (_("Payments"), _("Disputes, with their deadlines."), some["payments"]),
    ]
    return [one for one in said if one[2]]


@needs("office.shop")
@proves()
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest, kind: str) -> HttpResponse:
    """A new way: its fields, a look at the shop, then it is open."""
    if kind not in kinds():
        raise Http404
    reader = reader_of(kind)
    form = NewWay(kind, reader.fields, request.POST or None)
    context: dict[str, Any] = {"kind": kind, "reader": reader}
    if form.is_valid() and _works(request, form, form.wanted(), context):
        try:
            wanted = replace(form.wanted(), found=context.get("found"))
            made = connect_shop(wanted, by=agent_of(request))
            return redirect("office:shop", made.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "shop_new", form, context)


def _works(
    request: HttpRequest, form: WayFields, wanted: Way, context: dict[str, Any], there: Any = None
) -> bool:
    """Whether the shop lets us in, or somebody wants it although it does not."""
    try:
        context["found"] = try_way(wanted, there)
    except (Refused, TryLater) as wrong:
        form.add_error(None, _("Not connected yet: %(why)s") % {"why": wrong})
        return "anyway" in request.POST
    return not context["found"].missing or "anyway" in request.POST


@needs("office.shop")
@require_safe
def shop(request: HttpRequest, pk: int) -> HttpResponse:
    """One way: where signals go, how far the import is, what was otherwise, what came."""
    way = way_for(agent_of(request), pk)
    context = {"way": way, "reader": reader_of(way.kind), **told_of(way)}
    if request.headers.get("HX-Target") == "shop-state":
        return office_page(request, "_shop_state", context)
    return office_page(request, "shop", context)


@needs("office.shop")
@proves()
@require_http_methods(["GET", "POST"])
def fields(request: HttpRequest, pk: int) -> HttpResponse:
    """Its address, keys and settings, tried before they are kept."""
    way = way_for(agent_of(request), pk)
    form = WayFields(way.kind, reader_of(way.kind).fields, request.POST or None, there=way)
    context: dict[str, Any] = {"way": way}
    if form.is_valid():
        wanted = Way(kind=way.kind, name=way.name, said=form.said())
        if _works(request, form, wanted, context, way):
            change_way(way, form.said(), found=context.get("found"), by=agent_of(request))
            return redirect("office:shop", pk)
    return form_page(request, "shop_fields", form, context)


@needs("office.shop")
@proves()
@require_http_methods(["GET", "POST"])
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """The secret of its signals, to be put in over there; and a new one."""
    agent = agent_of(request)
    way = way_for(agent, pk)
    if request.method == "POST":
        rotate_secret(way, by=agent)
        messages.success(request, _("The one before opens for two days more."))
        return redirect("office:shop_secret", pk)
    is_ours = reader_of(way.kind).makes_signing
    shown = signing_secret(way) if is_ours else ""
    return office_page(request, "shop_secret", {"way": way, "secret": shown, "is_ours": is_ours})


@needs("office.shop")
@proves(resumes=True)
@require_POST
def switching(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    switch_way(way_for(agent, pk), is_on=request.POST.get("is_on") == "yes", by=agent)
    return redirect("office:shop", pk)


@needs("office.shop")
@require_POST
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring in everything once more, or stop doing so."""
    way = way_for(agent_of(request), pk)
    if request.POST.get("is_on") == "no":
        stop_pulls(way)
    else:
        begin_import(way)
    return redirect("office:shop", pk)


@needs("office.shop")
@require_POST
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a signal be read once more."""
    signal = signal_for(agent_of(request), pk)
    read_again(signal)
    messages.info(request, _("It is being read again."))
    return redirect("office:shop", signal.connection_id)
