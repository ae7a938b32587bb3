"""Coupons and carts as shops tell of them, and what a shop deleted: marked, never removed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from makegood.ledger.actors import Actor
from makegood.shop.folding import folded_code
from makegood.shop.models import Cart, Coupon, Product, Shop
from makegood.shop.seen import hash_of
from makegood.shop.seen_goods import CartSeen, CouponSeen, GoneSeen

OF_A_COUPON = (
    "code", "currency", "amount_minor", "basis_points", "least_minor", "valid_until", "uses",
    "most_uses", "is_gone",
)  # fmt: skip
OF_A_CART = ("email", "currency", "value_minor", "changed_at", "became", "is_over")
KEPT_FOR = timedelta(days=90)
REMOVED_AT_ONCE = 500
GOING: Mapping[str, type[Product] | type[Coupon]] = {"product": Product, "coupon": Coupon}


@transaction.atomic
def put_coupon(shop: Shop, seen: CouponSeen, by: Actor) -> None:
    """Let a coupon be as it is told; newer wins, and nothing of it is a fact."""
    now, told = timezone.now(), seen.digest()
    said = {word: getattr(seen, word) for word in OF_A_COUPON}
    said |= {"folded": folded_code(seen.code), "told_at": seen.told_at, "told": told}
    row, is_new = Coupon.objects.select_for_update().get_or_create(
        shop=shop, external_id=seen.external_id, defaults={**said, "heard_at": now}
    )
    if is_new:
        return
    if _is_newer(seen.told_at, told, row):
        for word, value in said.items():
            setattr(row, word, value)
    row.heard_at = now
    row.save()


@transaction.atomic
def put_cart(shop: Shop, seen: CartSeen, by: Actor) -> None:
    """Let a cart be as it is told. One that nobody touched for long is not taken any more."""
    if seen.changed_at < timezone.now() - KEPT_FOR:
        return
    told = seen.digest()
    said = {word: getattr(seen, word) for word in OF_A_CART}
    said |= {"email": seen.email.casefold(), "told_at": seen.told_at, "told": told}
    said["lines"] = [vars(line) for line in seen.lines]
    row, is_new = Cart.objects.select_for_update().get_or_create(
        shop=shop, external_id=seen.external_id, defaults=said
    )
    if not is_new and _is_newer(seen.told_at, told, row):
        for word, value in said.items():
            setattr(row, word, value)
        row.save()


def _is_newer(at: datetime, told: str, row: Coupon | Cart) -> bool:
    return row.told != told and (at, told) > (row.told_at, row.told)


@transaction.atomic
def put_gone(shop: Shop, seen: GoneSeen, by: Actor) -> None:
    """Mark what a shop deleted. One that is not known yet is kept as gone: older news may come."""
    Shop.objects.select_for_update().get(pk=shop.pk)
    if seen.what == "cart":
        Cart.objects.filter(shop=shop, external_id=seen.external_id).update(is_over=True)
        return
    said = {"is_gone": True, "told_at": seen.told_at, "told": hash_of({"is_gone": True})}
    rows = GOING[seen.what]._default_manager
    there = rows.filter(shop=shop, external_id=seen.external_id)
    if there.exists():
        there.filter(told_at__lt=seen.told_at).update(**said)
        return
    number = seen.external_id
    said |= {"shop": shop, "external_id": number, "heard_at": timezone.now()}
    if seen.what == "product":
        Product.objects.create(title=number, **said)
    else:
        folded = folded_code(number)
        Coupon.objects.create(code=number, folded=folded, currency=shop.currency, **said)


def mark_unheard(shop: Shop, what: str, since: datetime) -> None:
    """What a look at everything did not find any more is gone there."""
    if what in GOING:
        rows = GOING[what]._default_manager.filter(shop=shop, is_gone=False)
        rows.filter(heard_at__lt=since).update(is_gone=True, told="")


def forget_old_carts() -> int:
    """A cart is of somebody: it goes some time after they left it."""
    old = Cart.objects.filter(changed_at__lt=timezone.now() - KEPT_FOR).order_by("changed_at")
    some = list(old.values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    if some:
        Cart.objects.filter(pk__in=some).delete()
    return len(some)


def forget_carts(addresses: Sequence[str]) -> None:
    Cart.objects.filter(email__in=[one for one in addresses if one]).delete()
