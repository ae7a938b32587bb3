"""Numbers as they are compared: without what people and shops write differently."""


def folded(number: str) -> str:
    """A number as it is looked for: `#1001-B` and `1001 b` are one."""
    return "".join(letter for letter in number.casefold() if letter.isalnum())[:120]


def folded_tracking(number: str) -> str:
    """A parcel's number: `1Z 999 aa1` and `1z999AA1` are one."""
    return "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())
