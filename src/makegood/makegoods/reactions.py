from makegood.errands.events import ErrandDone
from makegood.errands.models import Errand
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.ledger.reactions import reacts_to
from makegood.makegoods.actions import redeem, use_after_all
from makegood.makegoods.errands import ask_the_shop, give_what_was_done, let_go
from makegood.makegoods.events import MakegoodApproved, MakegoodDeclined, MakegoodGiven
from makegood.makegoods.models import Approval, Makegood
from makegood.makegoods.telling import HOUSE
from makegood.makegoods.waiting import is_not_needed
from makegood.shop.events import OrderChanged, OrderPlaced
from makegood.shop.models import Order

USABLE = (Makegood.State.GIVEN, Makegood.State.TAKEN_BACK, Makegood.State.EXPIRED)
"""A code that ended here may still be good at the shop's till."""


def _makegood(event: Event) -> Makegood | None:
    rows = Makegood.objects.select_related("order__shop", "conversation", "agent")
    return rows.filter(pk=event.facts["makegood"]).first()


@reacts_to(MakegoodApproved)
def let_the_shop_give_it(event: Event) -> None:
    makegood = _makegood(event)
    if makegood is not None:
        ask_the_shop(makegood)


@reacts_to(MakegoodDeclined, MakegoodGiven)
def ask_the_shop_no_more(event: Event) -> None:
    makegood = _makegood(event)
    if makegood is not None:
        let_go(makegood)


@reacts_to(MakegoodDeclined)
def nobody_has_to_answer_any_more(event: Event) -> None:
    approval = Approval.objects.filter(makegood=event.facts["makegood"]).first()
    if approval is not None:
        is_not_needed(approval, by=HOUSE)


@reacts_to(ErrandDone)
def count_it_as_given(event: Event) -> None:
    errand = Errand.objects.filter(pk=_subject(event, "errand")).first()
    if errand is not None:
        give_what_was_done(errand)


@reacts_to(OrderPlaced, OrderChanged)
def see_what_was_redeemed(event: Event) -> None:
    """An order on which a code of ours was used."""
    order = Order.objects.filter(pk=_subject(event, "order")).first()
    if order is None or not order.codes:
        return
    ours = Makegood.objects.filter(code__in=order.codes, state__in=USABLE).exclude(order=order)
    for makegood in ours.select_related("order"):
        if makegood.order is not None and makegood.order.shop_id != order.shop_id:
            continue
        if makegood.state == Makegood.State.GIVEN:
            redeem(makegood, with_=order.ref, at=order.placed_at, by=HOUSE)
        else:
            use_after_all(makegood, with_=order.ref, at=order.placed_at, by=HOUSE)


def _subject(event: Event, noun: str) -> int:
    refs = [subject.ref for subject in event.subjects.all()]
    return next((ref_id(ref) for ref in refs if ref.startswith(f"{noun}:")), 0)
