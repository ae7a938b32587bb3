"""Numbers and names as they are compared: without what people and shops write differently."""

from makegood.customers.finding import fold_word

LONGEST_NAME = 80


def folded(number: str) -> str:
    """A number as it is looked for: `#1001-B` and `1001 b` are one."""
    return "".join(letter for letter in number.casefold() if letter.isalnum())[:120]


def folded_tracking(number: str) -> str:
    """A parcel's number: `1Z 999 aa1` and `1z999AA1` are one."""
    return "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())


def folded_code(code: str) -> str:
    """A coupon's code as it is looked for: nobody minds how its letters are written."""
    return code.casefold()[:120]


def words_in(name: str) -> list[str]:
    """`Brandt, Anna-Maria` in its words, without case and accents."""
    plain = "".join(letter if letter.isalnum() else " " for letter in fold_word(name))
    return plain.split()


def folded_name(name: str) -> str:
    """A name as it is looked for, with what is mostly the surname first: `brandt anna maria`."""
    words = words_in(name)
    return " ".join([*words[-1:], *words[:-1]])[:LONGEST_NAME]
