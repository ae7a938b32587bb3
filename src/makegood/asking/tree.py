"""What a question means once it was understood: tests, joined by and, or and not."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Where something stands in what was typed."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Word:
    """A name or words, as typed; in quotes it means itself and nothing else."""

    text: str
    is_quoted: bool = False
    is_beginning: bool = False
    span: Span = dataclasses.field(default=Span(), compare=False, repr=False)


@dataclass(frozen=True)
class Range:
    """Whole numbers from one to another, both included; None: no end on that side.

    Lengths of time are ranges of seconds.
    """

    low: int | None
    high: int | None
    span: Span = dataclasses.field(default=Span(), compare=False, repr=False)


@dataclass(frozen=True)
class When:
    """A moment in the calendar: in it (`=`), before or after it, or from one to another (`..`)."""

    comparison: str
    moment: str
    until: str = ""
    span: Span = dataclasses.field(default=Span(), compare=False, repr=False)


Value = Word | Range | When


@dataclass(frozen=True)
class Test:
    """One field has one of these values."""

    field: str
    values: tuple[Value, ...]
    span: Span = dataclasses.field(default=Span(), compare=False, repr=False)

    __test__ = False  # for pytest


@dataclass(frozen=True)
class Not:
    part: "Node"


@dataclass(frozen=True)
class AllOf:
    """Every part holds. Without parts: everything."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Node", ...]


Node = Test | Not | AllOf | AnyOf


def all_of(parts: Sequence[Node]) -> Node:
    """Joined by and; what is joined so already is taken in."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AllOf) else [part])
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(parts: Sequence[Node]) -> Node:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AnyOf) else [part])
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def not_(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts that must all hold."""
    return node.parts if isinstance(node, AllOf) else (node,)


def tests(node: Node) -> Iterator[Test]:
    """Every test in the tree, from left to right."""
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Test):
            yield part
        elif isinstance(part, Not):
            waiting.append(part.part)
        else:
            waiting.extend(reversed(part.parts))
