"""A code that was sent to an order's own address, said behind the private link."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from makegood.concerns.proving import check_code, tries_left
from makegood.kit.errors import Refused
from makegood.portal.codes import CodeForm, codes_in
from makegood.portal.queries import open_link, standing_of
from makegood.portal.views.link import show


@login_not_required
@require_POST
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link says the code that the order's mailbox was sent."""
    link = open_link(token)
    conversation, form = standing_of(link), CodeForm(request.POST)
    proof = codes_in(conversation).waiting
    if proof is None:
        return redirect("portal:conversation", token)
    if form.is_valid():
        said = form.cleaned_data["code"]
        try:
            if check_code(conversation, proof.order, said, by=link.handle.customer):
                return redirect("portal:conversation", token)
            proof.refresh_from_db()
            form.add_error("code", _wrong(tries_left(proof)))
        except Refused as refused:
            form.add_error("code", str(refused))
    return show(request, link, token, code_form=form, status=422)


def _wrong(left: int) -> str:
    if left <= 0:
        return _("That is not the code, and it holds no more. Ask us for a new one.")
    words = ngettext(
        "That is not the code. You can try once more.",
        "That is not the code. You can try %(n)s times more.", left,
    )  # fmt: skip
    return words % {"n": left}
