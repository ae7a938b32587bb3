"""Which way a text runs: by its first letter that says so, as browsers decide it."""

import unicodedata
from itertools import islice

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = {"L"}, {"R", "AL"}
_LOOKED_AT = 2_000
RIGHT_TO_LEFT = frozenset({"ar", "arc", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
"""Languages whose usual script runs so."""


def direction_of(text: str) -> str:
    """`rtl` or `ltr`; empty where no letter says so."""
    for letter in islice(text, _LOOKED_AT):
        kind = unicodedata.bidirectional(letter)
        if kind in _LEFT_TO_RIGHT:
            return "ltr"
        if kind in _RIGHT_TO_LEFT:
            return "rtl"
    return ""


def direction_of_language(language: str) -> str:
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT else "ltr"
