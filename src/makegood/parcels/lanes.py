"""Which way a parcel goes: from which shop, with whom, how, to which country and area."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from makegood.kit.rx import rx
from makegood.parcels.lengths import Lengths, Spread, spread
from makegood.parcels.models import Learned

FIVE_DIGITS = frozenset({"DE", "FR", "IT", "ES", "US", "FI", "SE", "PL", "CZ", "SK", "GR", "TR"})
FOUR_DIGITS = frozenset({"AT", "CH", "BE", "NL", "DK", "NO", "HU", "LU", "AU", "PT", "BG", "SI"})
LETTERS = frozenset({"GB", "IE", "CA"})
EVERYTHING = "||||"
MONTHS_BACK = 12
"""What is older says nothing of how long it takes now."""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """From a shop by a carrier and a method to a country and an area of it."""

    shop: int
    carrier: str = ""
    method: str = ""
    country: str = ""
    area: str = ""

    def circles(self) -> tuple[str, ...]:
        """From the lane itself outwards: the country, the carrier, everything."""
        shop, method = str(self.shop), self.method.casefold().replace("|", " ")
        inner = f"{shop}|{self.carrier}|{method}|{self.country}|{self.area}"
        whole = f"{shop}|{self.carrier}|{method}|{self.country}|"
        outer = (f"|{self.carrier}||{self.country}|", f"|{self.carrier}|||", EVERYTHING)
        return tuple(dict.fromkeys((inner, whole, *outer)))


def area_of(address: str, country: str) -> str:
    """How the postcode in an address begins: `79` of 79098 Freiburg, `SW` of SW1A 2AA."""
    if country in LETTERS:
        found = rx(r"\b([A-Za-z]{1,2})[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}\b").search(address)
        return found.group(1).upper() if found else ""
    digits = 5 if country in FIVE_DIGITS else 4 if country in FOUR_DIGITS else 0
    if not digits:
        return ""
    found = list(rx(rf"\b[0-9]{{{digits}}}\b").finditer(address))
    return str(found[-1].group(0)[:2]) if found else ""


def month_of(at: datetime) -> date:
    return at.date().replace(day=1)


def lengths_in(circles: Iterable[str], clock: str, until: date) -> Mapping[str, Lengths]:
    """What was learned of these circles in the twelve months up to this one."""
    since = (until - timedelta(days=30 * MONTHS_BACK)).replace(day=1)
    found: dict[str, Lengths] = {}
    rows = Learned.objects.filter(
        lane__in=list(circles), clock=clock, month__gt=since, month__lte=until
    )
    for row in rows:
        found.setdefault(row.lane, Lengths()).lay_upon(lengths_of(row))
    return found


def lengths_of(row: Learned) -> Lengths:
    return Lengths(
        n=row.n, weekends=row.weekends,
        days={int(piece): count for piece, count in row.days.items()},
        work={int(piece): count for piece, count in row.work.items()},
    )  # fmt: skip


def spread_of(lane: Lane, clock: str, begins: datetime) -> Spread | None:
    """How long parcels of a lane take from a moment on, by what was known in that month."""
    circles = lane.circles()
    known = lengths_in(circles, clock, month_of(begins))
    return spread([known.get(one, Lengths()) for one in circles])


def spread_from(known: Mapping[str, Lengths], circles: Sequence[str]) -> Spread | None:
    return spread([known.get(one, Lengths()) for one in circles])
