"""Tags as they are typed: `late, -new` puts one on and takes the other off."""

from makegood.kit.text import one_line


def tags_in(words: str) -> tuple[set[str], set[str]]:
    """The tags that are put on, and those that are taken off."""
    on: set[str] = set()
    off: set[str] = set()
    for word in words.replace(";", ",").split(","):
        word = word.strip()
        into = off if word.startswith("-") else on
        name = one_line(word.removeprefix("-" if into is off else "+").lstrip("#").lower(), 40)
        into |= {name.strip()} - {""}
    return on - off, off


def tag_words(on: set[str], off: set[str]) -> str:
    """The same, as one string."""
    put_on = [f"+{word}" if word.startswith(("-", "+")) else word for word in sorted(on)]
    return ", ".join(put_on + [f"-{word}" for word in sorted(off)])
