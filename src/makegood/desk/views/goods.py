"""What a shop sells: one product, with what is left of it and what it cost us."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from makegood.desk.asking import agent_of
from makegood.desk.goods import product_context
from makegood.kit.jinja import page
from makegood.shop.goods import product_for


@require_safe
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """A product with its variants."""
    agent = agent_of(request)
    return page(request, "desk/product.html", product_context(agent, product_for(agent, pk)))
