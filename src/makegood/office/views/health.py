from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from makegood.ledger.followers import held_events
from makegood.office.condition import condition
from makegood.office.doctor import ADVICE, findings
from makegood.office.showing import office_page
from makegood.shop.knowing import newest_drift
from makegood.team.gates import needs
from makegood.watch.queries import open_alarms


@login_not_required
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nobody."""
    return JsonResponse({"ok": True})


@login_not_required
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Whether the install can do its work now: 200, or 503 with what cannot."""
    with translation.override("en"):
        found = condition()
    is_ok = all(check.is_ok for check in found)
    checks = {check.name: {"ok": check.is_ok, "says": check.says} for check in found}
    return JsonResponse({"ok": is_ok, "checks": checks}, status=200 if is_ok else 503)


@needs("office.troubles")
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The same for the owner, with what the doctor says."""
    context = {
        "checks": condition(),
        "advice": ADVICE,
        "findings": findings(),
        "alarms": open_alarms(),
        "held": held_events(),
        "drift": newest_drift(),
    }
    return office_page(request, "health", context)
