"""A person's own data: handed over in one file, or forgotten (GDPR articles 15, 17, 20)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.customers.queries import handles_of
from makegood.desk.asking import agent_of
from makegood.desk.person_forms import ForgetForm
from makegood.kit.jinja import page
from makegood.people.copying import ask_for_copy, fetch_copy
from makegood.people.forgetting import forget_customer, what_goes
from makegood.people.queries import copy_for, person_to_forget, person_to_hand_over
from makegood.team.gates import needs, proves


@needs("customers.export")
@proves(resumes=True)
@require_POST
def copies(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for everything that we hold of one person."""
    agent = agent_of(request)
    customer = person_to_hand_over(agent, pk)
    ask_for_copy(customer, by=agent)
    messages.success(request, _("The copy is being made. It will lie here in a moment."))
    return redirect("desk:person", customer.pk)


@needs("customers.export")
@proves(resumes=True)
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Fetch a copy: by the one who asked for it, for a day. It is an act, and told as one."""
    agent = agent_of(request)
    return fetch_copy(copy_for(agent, pk), by=agent)


@needs("customers.forget")
@proves()
@require_http_methods(["GET", "POST"])
def forgetting(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one person: what goes, what stays, and a word to type before it does."""
    agent = agent_of(request)
    customer = person_to_forget(agent, pk)
    handles = handles_of(customer)
    expected = handles[0].address if handles else str(customer)
    form = ForgetForm(request.POST or None, expected=expected)
    if form.is_valid():
        forget_customer(customer, by=agent)
        messages.success(request, _("This person is forgotten."))
        return redirect("desk:customers")
    context = {"customer": customer, "form": form, "expected": expected}
    context |= {"goes": what_goes(customer)}
    return page(request, "desk/forgetting.html", context, 422 if form.errors else 200)
