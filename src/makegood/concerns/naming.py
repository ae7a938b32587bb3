"""Numbers of orders in what a customer wrote: words that may be one, as numbers are compared."""

from collections.abc import Iterable

from makegood.shop.folding import folded

MOST = 60
LONGEST = 40
BARE, MARKED = 4, 3
"""So many signs at least: of digits alone, and with letters or a # besides."""
WITHIN = "#-_/."


def numbers_in_words(texts: Iterable[str]) -> list[str]:
    """What may be an order's number, in the order of the words, each once."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _words(text):
            if is_like_a_number(word):
                found[folded(word)] = None
                if len(found) >= MOST:
                    return list(found)
    return list(found)


def is_like_a_number(word: str) -> bool:
    """Whether so short a word can be meant as a number at all: `3` is how many lamps."""
    number = folded(word)
    if len(number) > LONGEST or not any(letter.isdigit() for letter in number):
        return False
    return len(number) >= (BARE if word.isdecimal() else MARKED)


def _words(text: str) -> list[str]:
    kept = "".join(letter if letter.isalnum() or letter in WITHIN else " " for letter in text)
    return [word.strip("-_/.") for word in kept.split()]
