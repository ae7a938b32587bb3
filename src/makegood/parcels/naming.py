"""Carriers as they are compared: shops, trackers and people call one of them many names."""

from makegood.shop.folding import folded, folded_tracking

FAMILIES = (
    "dhl", "dpd", "gls", "hermes", "evri", "ups", "usps", "fedex", "tnt", "royalmail",
    "parcelforce", "laposte", "colissimo", "chronopost", "mondialrelay", "postnl", "bpost",
    "correos", "postnord", "bring", "posti", "inpost", "canadapost", "purolator", "auspost",
    "sendle", "aramex", "yodel", "amazon", "asendia", "swisspost", "deutschepost",
)  # fmt: skip
ALIASES = {
    "united parcel service": "ups", "federal express": "fedex", "us postal": "usps",
    "unitedstatespostal": "usps", "australiapost": "auspost", "australia post": "auspost",
    "la poste": "laposte", "die post": "swisspost", "osterreichischepost": "austrianpost",
    "österreichische post": "austrianpost", "österreichischepost": "austrianpost",
    "myhermes": "evri", "amzl": "amazon",
}  # fmt: skip


def family_of(carrier: str) -> str:
    """`DHL Express`, `dhl-germany` and `DHLParcel` are `dhl`; an unknown one is its letters."""
    plain = folded(carrier)
    for name, family in ALIASES.items():
        if folded(name) in plain:
            return family
    for family in sorted(FAMILIES, key=len, reverse=True):
        if plain.startswith(family):
            return family
    return plain[:60]


def is_same(one: str, other: str) -> bool:
    """Whether two carriers' names can be one; who says none may mean any."""
    mine, theirs = family_of(one), family_of(other)
    return mine == theirs or not mine or not theirs


__all__ = ["family_of", "folded_tracking", "is_same"]
