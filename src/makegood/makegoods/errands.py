"""What the shop can give itself is given by it: a coupon, a refund, articles sent once more.

All else is given by a person, and so is this where the shop cannot, or says no.
"""

import secrets

from makegood.errands.actions import ask, call_off
from makegood.errands.models import Errand
from makegood.kit.errors import Refused
from makegood.makegoods.actions import give
from makegood.makegoods.holding import key_of, locked, number_in
from makegood.makegoods.models import Makegood, Remedy
from makegood.makegoods.telling import HOUSE
from makegood.shop.connecting import abilities_of
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Order

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that look like others."""
CODE_LENGTH = 8
BY_THE_SHOP = {
    Remedy.COUPON.value: Ability.COUPON,
    Remedy.REFUND.value: Ability.REFUND,
    Remedy.REPLACEMENT.value: Ability.REPLACEMENT,
}


def ask_the_shop(makegood: Makegood) -> Errand | None:
    """Have the shop give what was approved, where it can; its money is taken already."""
    order, what = makegood.order, BY_THE_SHOP.get(makegood.remedy)
    if order is None or what is None or not makegood.face_minor:
        return None
    if what not in abilities_of(order.shop):
        return None
    wanted = _wanted(what, makegood, order)
    if wanted is None:
        return None
    try:
        return ask(
            order, wanted, key=key_of(makegood), conversation=makegood.conversation,
            taken_ref=makegood.ref, by=makegood.agent,
        )  # fmt: skip
    except Refused:
        return None  # the shop's books do not allow it: a person looks


def _wanted(what: Ability, makegood: Makegood, order: Order) -> Wanted | None:
    """As the shop is told; nothing where nobody said what is to be sent again."""
    if what == Ability.REPLACEMENT:
        lines = tuple((str(line), int(count)) for line, count in makegood.lines)
        return Wanted(what=what, order_id=order.external_id, lines=lines) if lines else None
    return Wanted(
        what=what, order_id=order.external_id, amount_minor=makegood.face_minor,
        currency=makegood.currency, valid_until=makegood.valid_until,
        code=_new_code() if what == Ability.COUPON else "",
    )  # fmt: skip


def give_what_was_done(errand: Errand) -> None:
    """The shop did it: the customer has it."""
    makegood = _of(errand)
    if makegood is not None and makegood.state == Makegood.State.APPROVED:
        code = str(errand.gave.get("code") or errand.wanted.get("code") or "")
        give(makegood, code=code, by=HOUSE)


def let_go(makegood: Makegood) -> None:
    """It is given by hand, or not at all: the shop is not asked any more. Raises `Refused`
    while nobody knows whether it did it."""
    errand = errand_of(makegood)
    if errand is None or errand.is_settled:
        return
    call_off(errand, by=makegood.agent)


def errand_of(makegood: Makegood) -> Errand | None:
    """What the shop was asked for it, where it was."""
    return Errand.objects.filter(key=key_of(makegood)).first()


def _of(errand: Errand) -> Makegood | None:
    found = Makegood.objects.filter(pk=number_in(errand.key)).first()
    return locked(found) if found is not None else None


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH))
