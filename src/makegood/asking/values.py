"""What stands after a field's colon, read as that field's kind of value."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.asking.fields import AMOUNT_PARTS, Field, Kind
from makegood.asking.moments import length, moment
from makegood.asking.pieces import split, unquoted
from makegood.asking.problems import Problem, nearest, problem
from makegood.asking.tree import Range, Span, Value, When, Word

COMPARISONS = (">=", "<=", ">", "<", "=")
LARGEST = 10**15
MOST_PLACES, MOST_DIGITS = 6, 13
MOST_VALUES = 40
SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Typed:
    """One value as it was typed, and where."""

    field: Field
    text: str
    start: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


def values(field: Field, text: str, start: int) -> list[Value] | Problem:
    """Every value of a list; the first that makes no sense is the problem."""
    if field.kind == Kind.WORDS:
        parts = [(text, 0)]
    else:
        parts = split(text, ",")
    whole = Span(start, start + len(text))
    if len(parts) > MOST_VALUES:
        return problem(whole, _("These are too many values at once."))
    found: list[Value] = []
    for part, at in parts:
        if not part:
            return problem(whole, _("Here a value is missing."))
        typed = Typed(field, part, start + at)
        value = _special(typed) or _READERS[field.kind](typed)
        if isinstance(value, Problem):
            return value
        if value not in found:
            found.append(value)
    return found


def _special(typed: Typed) -> Word | None:
    """`none` and its like, of fields that take other values as well; in quotes they are none."""
    choice = typed.field.choice(typed.text)
    return Word(choice.name, span=typed.span) if choice is not None else None


def _choice(typed: Typed) -> Value | Problem:
    name, _is_quoted = unquoted(typed.text)
    choice = typed.field.choice(name)
    if choice is not None:
        return Word(choice.name, span=typed.span)
    names = [one.name for one in typed.field.choices]
    words = _("“%(field)s” knows no “%(value)s”; it knows %(choices)s.")
    told = {"field": typed.field.name, "value": name, "choices": ", ".join(names)}
    return problem(typed.span, words % told, nearest(name, names))


def _name(typed: Typed) -> Value | Problem:
    name, is_quoted = unquoted(typed.text)
    choice = None if is_quoted else typed.field.choice(name)
    if choice is not None:
        return Word(choice.name, span=typed.span)
    is_beginning = not is_quoted and name.endswith("*")
    name = name.rstrip("*") if is_beginning else name.strip() if is_quoted else name
    if not name:
        return problem(typed.span, _("Here a value is missing."))
    return Word(name, is_quoted, is_beginning, typed.span)


def _words(typed: Typed) -> Value | Problem:
    text, is_quoted = unquoted(typed.text)
    is_beginning = not is_quoted and text.endswith("*")
    text = text.rstrip("*") if is_beginning else text
    if not any(letter.isalnum() for letter in text):
        return problem(typed.span, _("Here a word is missing."))
    if is_beginning and len(text) < SHORTEST_BEGINNING:
        words = _("Give at least %(count)s letters before the *.") % {"count": SHORTEST_BEGINNING}
        return problem(typed.span, words)
    return Word(text, is_quoted, is_beginning, typed.span)


def _number(typed: Typed) -> Value | Problem:
    words = _("“%(value)s” is no number. Write 5, >=5 or 2..5.")
    return _range(typed, _whole, words, 1)


def _amount(typed: Typed) -> Value | Problem:
    words = _("“%(value)s” is no amount. Write 5, >=12.5 or 2..5.")
    return _range(typed, _millionths, words, 1)


def _millionths(text: str) -> int | None:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _dot, part = digits.replace(",", ".").partition(".")
    is_number = (whole + part).isascii() and (whole + part).isdigit()
    if not is_number or not whole or len(part) > MOST_PLACES or len(whole) > MOST_DIGITS:
        return None
    return sign * (int(whole) * AMOUNT_PARTS + int(part.ljust(MOST_PLACES, "0")))


def _length(typed: Typed) -> Value | Problem:
    words = _("“%(value)s” is no length of time. Write 30m, >2h or 1d..3d.")
    return _range(typed, length, words, 0)


def _whole(text: str) -> int | None:
    digits = text.removeprefix("#")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST)) - 1
    return int(digits) if is_number else None


def _range(
    typed: Typed, read: Callable[[str], int | None], words: str, step: int
) -> Range | Problem:
    """`step` is how far "more than" lies from "at least": lengths of time have no next one."""
    text, _is_quoted = unquoted(typed.text)
    comparison, rest = _compared(text)
    wrong = problem(typed.span, words % {"value": text})
    first, dots, last = rest.partition("..")
    low, high = read(first.strip()), read(last.strip()) if dots else None
    if low is None or (dots and (high is None or comparison)):
        return wrong
    if dots:
        if high is not None and high < low:
            return problem(typed.span, _("This range ends before it begins."))
        return Range(low, high, typed.span)
    ends = {
        "": (low, low if step else None), "=": (low, low if step else None),
        ">": (low + step, None), ">=": (low, None),
        "<": (None, low - step), "<=": (None, low),
    }  # fmt: skip
    return Range(*ends[comparison], typed.span)


def _compared(text: str) -> tuple[str, str]:
    text = text.replace("≥", ">=").replace("≤", "<=")
    found = next((one for one in COMPARISONS if text.startswith(one)), "")
    return found, text[len(found) :].strip()


def _moment(typed: Typed) -> Value | Problem:
    text, _is_quoted = unquoted(typed.text)
    comparison, rest = _compared(text)
    first, dots, last = rest.partition("..")
    low = moment(unquoted(first.strip())[0])
    high = moment(unquoted(last.strip())[0]) if dots else ""
    if not low or (dots and (not high or comparison)):
        words = _("“%(value)s” is no time. Write 2026-03-01, today, last week, -3d or +2h.")
        return problem(typed.span, words % {"value": text})
    if dots:
        return When("..", low, high, typed.span)
    # `-3d` alone is a moment that just passed: what is meant is the time since; `+2h` until then.
    if low.startswith("+") and not comparison:
        return When("..", "now", low, typed.span)
    is_instant = low.startswith("-") or low == "now"
    comparison = comparison.removeprefix("=") if len(comparison) == 1 else comparison
    return When(comparison or (">=" if is_instant else "="), low, "", typed.span)


_READERS: dict[Kind, Callable[[Typed], Value | Problem]] = {
    Kind.CHOICE: _choice,
    Kind.NAME: _name,
    Kind.WORDS: _words,
    Kind.NUMBER: _number,
    Kind.AMOUNT: _amount,
    Kind.LENGTH: _length,
    Kind.MOMENT: _moment,
}
