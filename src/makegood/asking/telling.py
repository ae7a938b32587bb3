"""The fields in words: for the help beside the box, and for the page in docs/."""

from collections.abc import Iterator

from makegood.asking.fields import Field, Kind, Vocabulary

KINDS = {
    Kind.CHOICE: "one of its words",
    Kind.NAME: "a name",
    Kind.WORDS: "words",
    Kind.NUMBER: "a number",
    Kind.AMOUNT: "an amount",
    Kind.LENGTH: "a length of time",
    Kind.MOMENT: "a time",
}


def table(vocabulary: Vocabulary) -> str:
    """Every field as a line of a table, with what it knows."""
    head = ["| field | also | asks | takes | for example |", "|---|---|---|---|---|"]
    return "\n".join([*head, *map(_line, vocabulary.fields)])


def _line(field: Field) -> str:
    also = ", ".join(f"`{name}`" for name in field.aliases)
    return f"| `{field.name}` | {also} | {field.says} | {_takes(field)} | `{field.example}` |"


def _takes(field: Field) -> str:
    choices = ", ".join(f"`{one.name}`" for one in field.choices)
    if field.kind == Kind.CHOICE:
        return choices
    return f"{KINDS[field.kind]}, or {choices}" if choices else KINDS[field.kind]


def choices(vocabulary: Vocabulary) -> Iterator[str]:
    """The words of each field that knows only a few, with their meaning and other names."""
    for field in vocabulary.fields:
        for one in field.choices:
            also = (
                f" (also {', '.join(f'`{name}`' for name in one.aliases)})" if one.aliases else ""
            )
            yield f"- `{field.name}:{one.name}`: {one.says}{also}"
