"""What was given to make up for something, as evidence: that the customer was not left alone."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from makegood.disputes.checklist import Kind
from makegood.disputes.packet import gives_pieces
from makegood.disputes.pieces import Piece, when
from makegood.makegoods.models import Makegood
from makegood.makegoods.queries import had_for
from makegood.shop.models import Order


@gives_pieces
def what_was_given(order: Order) -> Sequence[Piece]:
    """What the customer has, and not what was only wanted; our own reasons stay with us."""
    rows = [row for one in had_for(order) for row in _rows(one)]
    if not rows:
        return []
    title = _("Given to make up for it")
    return [Piece(name="makegoods", kind=Kind.MAKE_GOODS, title=title, rows=rows)]


def _rows(makegood: Makegood) -> Sequence[tuple[str, str]]:
    given = when(makegood.given_at) if makegood.given_at else ""
    said = [str(makegood.face) if makegood.face_minor else "", makegood.words, makegood.code]
    name = f"{makegood.get_remedy_display()} · {given}"
    rows = [(name, " · ".join(filter(None, said)))]
    if makegood.redeemed_at is not None:
        rows.append((_("Used by the customer"), when(makegood.redeemed_at)))
    return rows
