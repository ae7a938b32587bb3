"""Bringing in orders: a file, its columns, a look at every line, then the run and its undo."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.office.forms.orders import BringOrders
from makegood.office.http import agent_of
from makegood.office.showing import form_page, office_page
from makegood.shop.columns import COLUMNS
from makegood.shop.queries import newest_runs, previewed, run_for, troubles_page
from makegood.shop.runs import (
    FileWish,
    begin_run,
    match_columns,
    read_orders,
    stop_run,
    undo_run,
)
from makegood.team.gates import needs, proves


@needs("office.shop")
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """The files that were brought, and the place for another."""
    form = BringOrders(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        wish = FileWish(
            name=said["file"].name, shop=said["shop"], currency=said["currency"],
            time_zone=said["time_zone"],
        )  # fmt: skip
        try:
            made = read_orders(wish, form.content(), by=agent_of(request))
            return redirect("office:orders_file", made.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return form_page(request, "orders", form, {"runs": newest_runs(), "columns": COLUMNS})


@needs("office.shop")
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: which column is what, what will come of it, how far it is."""
    run = run_for(agent_of(request), pk)
    if request.method == "POST":
        words = [request.POST.get(f"column_{n}", "") for n in range(len(run.header))]
        try:
            match_columns(run, words, by=agent_of(request))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("office:orders_file", pk)
    troubles = troubles_page(run, request.GET.get("after", ""))
    context = {"run": run, "columns": COLUMNS, "previewed": previewed(run), "troubles": troubles}
    if request.headers.get("HX-Target") == "orders-file":
        return page(request, "office/_orders_file.html", context)
    return office_page(request, "orders_file", context)


@needs("office.shop")
@proves(resumes=True)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it in, in the background."""
    agent = agent_of(request)
    begin_run(run_for(agent, pk), by=agent)
    return redirect("office:orders_file", pk)


@needs("office.shop")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    stop_run(run_for(agent, pk), by=agent)
    return redirect("office:orders_file", pk)


@needs("office.shop")
@proves(resumes=True)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out again what nothing changed since."""
    agent = agent_of(request)
    undo_run(run_for(agent, pk), by=agent)
    messages.info(request, _("It is being taken out."))
    return redirect("office:orders_file", pk)
