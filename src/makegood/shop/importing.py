"""What lines of a file say of one order: pure, and exact or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from makegood.customers.actions import canonical_address
from makegood.kit.errors import Refused
from makegood.kit.money import known_currency, read_decimal, read_money
from makegood.kit.text import fit_for_storage, one_line, plain_name
from makegood.shop.models import Order, Scan
from makegood.shop.seen import (
    Buyer,
    CreditSeen,
    LineSeen,
    OrderSeen,
    PaymentSeen,
    RefundSeen,
    ScanSeen,
    ShipmentSeen,
)

Said = Mapping[str, str]
MOST_OF_ONE = 10_000_000
EARLIEST, LATEST = 1990, 2100
MORE_NAMES = {"eire": "IE", "rsa": "ZA", "usa": "US", "uk": "GB", "england": "GB", "brd": "DE"}


@dataclass(frozen=True, kw_only=True)
class Where:
    """What a line leaves out: the shop's currency and zone, when the file came, its columns."""

    currency: str
    zone: ZoneInfo
    told_at: datetime
    columns: frozenset[str]


def check_line(said: Said, where: Where) -> str:
    """The number of the order that a line belongs to; refused where it can be no order's."""
    number = one_line(said.get("number", ""), 120)
    if not number:
        raise Refused(_("It names no order."))
    quantity_of(said)
    unit = read_money(said.get("unit", ""), currency_of(said, where))
    if unit.minor < 0:
        raise Refused(_("A price cannot be below zero."))
    for word in ("placed", "paid_at", "cancelled_at", "sent_at", "delivered_at"):
        if said.get(word):
            read_when(said[word], where.zone)
    return number


def quantity_of(said: Said) -> int:
    """A whole number; below zero where something was given back."""
    number = read_decimal(said.get("quantity", ""))
    if number != number.to_integral_value() or not 0 < abs(number) < MOST_OF_ONE:
        raise Refused(_("“%(word)s” is no quantity.") % {"word": said.get("quantity", "")[:20]})
    return int(number)


def currency_of(said: Said, where: Where) -> str:
    return known_currency(said["currency"]) if said.get("currency") else where.currency


def read_when(text: str, zone: ZoneInfo) -> datetime:
    """A moment as shops write it, in UTC: ISO, day.month.year, or seconds since 1970."""
    bare = text.strip()[:40]
    try:
        at = _seconds(bare) or _german(bare) or _iso(bare)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        told = _("“%(word)s” is no time that is understood here, such as 2026-01-31 14:30.")
        raise Refused(told % {"word": bare})
    at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    if not EARLIEST <= at.year <= LATEST:
        raise Refused(_("“%(word)s” lies outside of what orders are.") % {"word": bare})
    return at


def _seconds(bare: str) -> datetime | None:
    digits = bare.removesuffix(".0")
    return (
        datetime.fromtimestamp(int(digits), UTC) if digits.isdecimal() and len(digits) > 8 else None
    )


def _german(bare: str) -> datetime | None:
    day, _space, clock = bare.partition(" ")
    if day.count(".") != 2:
        return None
    date = datetime.strptime(day, "%d.%m.%Y")  # noqa: DTZ007  # its zone is put on by the caller
    hours = clock.strip() or "00:00"
    time = datetime.strptime(hours, "%H:%M:%S" if hours.count(":") == 2 else "%H:%M")  # noqa: DTZ007
    return datetime.combine(date, time.time())


def _iso(bare: str) -> datetime | None:
    # Shopify writes a space before the offset.
    day, _space, rest = bare.partition(" ")
    if len(day) == 10 and not rest and "T" not in bare:
        bare = f"{day} 00:00"
    return parse_datetime(bare.removesuffix(" UTC") + "Z" if bare.endswith(" UTC") else bare)


def seen_in(number: str, lines: Sequence[Said], where: Where) -> OrderSeen | CreditSeen:
    """One order, or one credit where everything in it was given back."""
    whole = _whole(lines)
    currency = currency_of(whole, where)
    if any(currency_of(line, where) != currency for line in lines if line.get("currency")):
        raise Refused(_("Its lines name different currencies."))
    if not whole.get("placed"):
        raise Refused(_("It does not say when it was placed."))
    if all(quantity_of(line) < 0 for line in lines):
        return _credit(number, lines, whole, where)
    return _order(number, lines, whole, where)


def _whole(lines: Sequence[Said]) -> dict[str, str]:
    """What is said of the whole order: some shops say it in its first line alone."""
    whole: dict[str, str] = {}
    for line in lines:
        for word, cell in line.items():
            whole.setdefault(word, cell)
    return whole


def _credit(number: str, lines: Sequence[Said], whole: Said, where: Where) -> CreditSeen:
    currency, taken = currency_of(whole, where), dict[str, int]()
    amount = 0
    for line in lines:
        count = -quantity_of(line)
        amount += read_money(line["unit"], currency).minor * count
        sku = one_line(line.get("sku", ""), 120)
        taken[sku] = taken.get(sku, 0) + count
    if not amount:
        raise Refused(_("It gives back nothing that has a price."))
    who = _buyer(whole)
    return CreditSeen(
        external_id=number, at=read_when(whole["placed"], where.zone), currency=currency,
        amount_minor=amount, buyer=who.buyer, email=who.email,
        reason=one_line(whole.get("title", ""), 250), taken=tuple(taken.items()),
    )  # fmt: skip


def _order(number: str, lines: Sequence[Said], whole: Said, where: Where) -> OrderSeen:
    currency, placed = currency_of(whole, where), read_when(whole["placed"], where.zone)

    def amount(word: str) -> int:
        return read_money(whole[word], currency).minor if whole.get(word) else 0

    bought = _lines(lines, currency)
    worth = sum(one.unit_minor * one.quantity - one.discount_minor for one in bought)
    total = (
        amount("total") if whole.get("total") else worth + amount("shipping") - amount("discount")
    )
    return OrderSeen(
        external_id=number, number=number, placed_at=placed, told_at=where.told_at,
        currency=currency, total_minor=total, shipping_minor=amount("shipping"),
        discount_minor=amount("discount"), tax_minor=amount("tax"),
        standing=_standing(whole, where),
        paid=Order.Paid.UNPAID if _is_unpaid(whole, where) else Order.Paid.PAID,
        method=one_line(whole.get("method", ""), 120), buyer=_buyer(whole), lines=bought,
        payments=_payments(whole, total, currency, where),
        refunds=_given_back(lines, currency, placed),
        shipments=_shipments(whole, where),
    )  # fmt: skip


def _standing(whole: Said, where: Where) -> str:
    """A file that tells nothing of parcels is a list of what is over."""
    if whole.get("cancelled_at"):
        return Order.Standing.CANCELLED
    tells = where.columns & {"sent_at", "delivered_at", "tracking"}
    is_over = whole.get("delivered_at") or not tells
    return Order.Standing.COMPLETED if is_over else Order.Standing.OPEN


def _is_unpaid(whole: Said, where: Where) -> bool:
    return "paid_at" in where.columns and not whole.get("paid_at")


def _lines(lines: Sequence[Said], currency: str) -> tuple[LineSeen, ...]:
    """What was bought; how many of an article were given back in the same order is kept on it."""
    back: dict[str, int] = {}
    for line in lines:
        if (count := quantity_of(line)) < 0:
            back[line.get("sku", "")] = back.get(line.get("sku", ""), 0) - count
    found = []
    for place, line in enumerate(lines, 1):
        sku, count = line.get("sku", ""), quantity_of(line)
        if count < 0:
            continue
        refunded = min(count, back.get(sku, 0))
        back[sku] = back.get(sku, 0) - refunded
        off = line.get("line_discount", "")
        found.append(
            LineSeen(
                external_id=str(place), sku=one_line(sku, 120),
                title=one_line(line.get("title", "") or sku or "?", 250), quantity=count,
                unit_minor=read_money(line["unit"], currency).minor, refunded=refunded,
                discount_minor=read_money(off, currency).minor if off else 0,
            )
        )  # fmt: skip
    return tuple(found)


def _given_back(lines: Sequence[Said], currency: str, at: datetime) -> tuple[RefundSeen, ...]:
    """Lines below zero within an order."""
    found = []
    for place, line in enumerate(lines, 1):
        count, unit = quantity_of(line), read_money(line["unit"], currency)
        if count < 0 and unit.minor:
            reason = one_line(line.get("title", "") or line.get("sku", ""), 250)
            found.append(
                RefundSeen(
                    external_id=str(place), amount_minor=unit.times(-count).minor,
                    currency=currency, at=at, reason=reason,
                )
            )  # fmt: skip
    return tuple(found)


def _payments(whole: Said, total: int, currency: str, where: Where) -> tuple[PaymentSeen, ...]:
    if not whole.get("paid_at"):
        return ()
    at, means = read_when(whole["paid_at"], where.zone), one_line(whole.get("means", ""), 60)
    return (
        PaymentSeen(external_id="1", amount_minor=total, currency=currency, at=at, means=means),
    )


def _shipments(whole: Said, where: Where) -> tuple[ShipmentSeen, ...]:
    """That something was sent is the shop's word: a label. That it was delivered is a scan."""
    if not (whole.get("tracking") or whole.get("sent_at") or whole.get("delivered_at")):
        return ()
    sent = read_when(whole["sent_at"], where.zone) if whole.get("sent_at") else None
    scans: tuple[ScanSeen, ...] = ()
    if whole.get("delivered_at"):
        at = read_when(whole["delivered_at"], where.zone)
        scans = (ScanSeen(kind=Scan.Kind.DELIVERED, at=at),)
    carrier, tracking = (
        one_line(whole.get("carrier", ""), 60),
        one_line(whole.get("tracking", ""), 120),
    )
    return (
        ShipmentSeen(
            external_id="1", carrier=carrier, tracking=tracking, label_at=sent, scans=scans
        ),
    )


def _buyer(whole: Said) -> Buyer:
    email = whole.get("email", "")
    buyer = whole.get("buyer", "")
    return Buyer(
        # What a spreadsheet made a fraction of is a number still.
        buyer=one_line(buyer.removesuffix(".0"), 120),
        email=canonical_address("email", email) if "@" in email else "",
        phone=one_line(whole.get("phone", ""), 40),
        name=plain_name(whole.get("name", "")),
        address=fit_for_storage(whole.get("address", ""))[:500].strip(),
        country=country_of(whole.get("country", "")),
    )


def country_of(text: str) -> str:
    """A country by its two letters or its name in English or German; empty where it is none."""
    bare = text.strip()
    if len(bare) == 2 and bare.upper() in Locale("en").territories and bare.isalpha():
        return "GB" if bare.upper() == "UK" else bare.upper()
    return _countries().get(bare.casefold(), "")


@cache
def _countries() -> dict[str, str]:
    named = dict(MORE_NAMES)
    for language in ("en", "de"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                named.setdefault(name.casefold(), code)
    return named
