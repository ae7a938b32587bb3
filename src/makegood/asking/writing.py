"""A question said again from its tree, in the one way that reads back as the same tree."""

from collections.abc import Callable

from makegood.asking.fields import AMOUNT_PARTS, Kind, Vocabulary
from makegood.asking.moments import length_in_words
from makegood.asking.tree import AllOf, Node, Not, Range, Test, Value, When, Word


def _amount(parts: int) -> str:
    whole, part = divmod(abs(parts), AMOUNT_PARTS)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if parts < 0 else text


SAID: dict[Kind, Callable[[int], str]] = {Kind.LENGTH: length_in_words, Kind.AMOUNT: _amount}


def write(node: Node, vocabulary: Vocabulary) -> str:
    """The question as one would type it."""
    return _written(node, vocabulary, is_inside=False)


def _written(node: Node, vocabulary: Vocabulary, *, is_inside: bool) -> str:
    if isinstance(node, Test):
        return _test(node, vocabulary)
    if isinstance(node, Not):
        return "-" + _written(node.part, vocabulary, is_inside=True)
    # `a b OR c` needs no brackets: and binds more closely than or.
    is_and = isinstance(node, AllOf)
    parts = [_written(part, vocabulary, is_inside=is_and) for part in node.parts]
    text = (" " if is_and else " OR ").join(parts)
    return f"({text})" if is_inside else text


def _test(test: Test, vocabulary: Vocabulary) -> str:
    field = vocabulary.named(test.field)
    kind = field.kind if field else Kind.WORDS
    value = ",".join(_value(one, kind) for one in test.values)
    if test.field == vocabulary.words.name:
        return value
    numbered = vocabulary.number
    if numbered and test.field == numbered.name and value.isdecimal():
        return f"#{value}"
    return f"{test.field}:{value}"


def _value(value: Value, kind: Kind) -> str:
    if isinstance(value, Word):
        if value.is_quoted:
            return '"' + value.text.replace('"', '""') + '"'
        return value.text + ("*" if value.is_beginning else "")
    if isinstance(value, When):
        return _when(value)
    return _range(value, kind)


def _when(value: When) -> str:
    if value.comparison == "..":
        text = f"{value.moment}..{value.until}"
    else:
        is_instant = value.moment.startswith("-") or value.moment == "now"
        usual = ">=" if is_instant else "="
        text = ("" if value.comparison == usual else value.comparison) + value.moment
    return f'"{text}"' if " " in text else text


def _range(value: Range, kind: Kind) -> str:
    said = SAID.get(kind, str)
    low, high = value.low, value.high
    if low is None and kind == Kind.AMOUNT:
        return f"<={said(high or 0)}"
    if low is None:
        return f"<={said(high or 0)}" if (high or 0) >= 0 else "<0"
    if high is None:
        return f">={said(low)}"
    return said(low) if low == high and kind != Kind.LENGTH else f"{said(low)}..{said(high)}"
