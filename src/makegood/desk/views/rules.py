"""What a rule did on a conversation, and why."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.automation.queries import trace_for
from makegood.desk.asking import agent_of, is_htmx
from makegood.kit.jinja import page


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: unfolded in the story, or by itself."""
    trace = trace_for(agent_of(request), pk)
    template = "desk/_run.html" if is_htmx(request) else "desk/run.html"
    return page(request, template, {"trace": trace, "run": trace.run})
