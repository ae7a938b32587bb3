"""A shop's own fields as fields of the language: of a conversation, and of its customer.

Each is asked for by its word. A word that the language knows itself is asked for with its
noun before it: `customer-language`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext_lazy as _

from makegood.asking.fields import AMOUNT_PARTS, Choice, Field, Kind, Vocabulary
from makegood.asking.folding import fold
from makegood.asking.moments import bounds
from makegood.asking.tree import Range, Value, When, Word
from makegood.conversations.fields import CONVERSATIONS
from makegood.conversations.sql import NOTHING, Sql, both
from makegood.fields.models import Field as OwnField
from makegood.fields.queries import fields_seen
from makegood.fields.reading import folded

NONE = Choice(name="none", aliases=("keine", "keiner", "nichts"), says=_("says nothing"))
ANY = Choice(name="any", aliases=("irgendetwas", "etwas"), says=_("says anything"))
YES = Choice(name="yes", aliases=("ja",), says=_("yes"))
NO = Choice(name="no", aliases=("nein",), says=_("no"))
Asked = OwnField.Kind
KINDS = {
    Asked.NUMBER: Kind.AMOUNT,
    Asked.DATE: Kind.MOMENT,
    Asked.CHOICE: Kind.NAME,
    Asked.YES_NO: Kind.CHOICE,
}
EXAMPLES = {Asked.NUMBER: ">=10", Asked.DATE: "this year", Asked.YES_NO: "yes"}
MOST_READ = 100_000
"""Values of one field that are read through for words in their midst."""
THINGS = {
    "conversation": Sql("v.thing = c.id"),
    "customer": Sql("v.thing = c.customer_id"),
}


@dataclass(frozen=True)
class Own:
    """A field of the shop, under the word by which it is asked for."""

    word: str
    field: OwnField

    def asked(self) -> Field:
        """The same as the language knows it."""
        kind, own = Asked(self.field.kind), self.field
        example = own.choices[0] if own.choices else EXAMPLES.get(kind, "any")
        special = (YES, NO, NONE, ANY) if kind == Asked.YES_NO else (NONE, ANY)
        called = fold(own.name).replace(" ", "-")
        return Field(
            name=self.word,
            kind=KINDS.get(kind, Kind.WORDS),
            says=own.name,
            example=f"{self.word}:{_quoted(example)}",
            aliases=(called,) if called != self.word and _is_free(called) else (),
            choices=special,
        )

    def names(self) -> Sequence[tuple[str, str]]:
        """What it may say, where that is a list: as it is compared, and as it is written."""
        return [(folded(choice), choice) for choice in self.field.choices]


def _quoted(text: str) -> str:
    return text if text.isalnum() or text.startswith(">") else f'"{text}"'


def _is_free(word: str) -> bool:
    is_word = bool(word) and all(letter.isalnum() or letter in "-_" for letter in word)
    return is_word and CONVERSATIONS.named(word) is None


def own_fields(role: str) -> Mapping[str, Own]:
    """The fields that this role may see, by the words that ask for them."""
    found: dict[str, Own] = {}
    for noun in ("conversation", "customer"):
        for field in fields_seen(noun, role):
            is_free = _is_free(field.key) and field.key not in found
            word = field.key if is_free else f"{noun}-{field.key}"
            found[word] = Own(word, field)
    return found


def vocabulary_with(own: Mapping[str, Own]) -> Vocabulary:
    """The language with the shop's own fields behind its own ones."""
    taken, fields = set(own), list[Field]()
    for one in own.values():
        field = one.asked()
        free = tuple(name for name in field.aliases if name not in taken)
        taken |= set(free)
        fields.append(Field(**{**vars(field), "aliases": free}))
    every = [*CONVERSATIONS.fields, *fields]
    return Vocabulary(fields=every, words=CONVERSATIONS.words, number=CONVERSATIONS.number)


def names_no_known_field(text: str) -> bool:
    """Whether something stands before a colon that the language does not know itself."""
    parts = (part.lstrip("-(") for part in text.split())
    return any(":" in part and not CONVERSATIONS.named(part.partition(":")[0]) for part in parts)


def condition(own: Own, value: Value, values: Sequence[int | str], now: datetime) -> Sql:
    """Whether a conversation, or its customer, says this. `values` are what a name means."""
    says = _says(own, value, values, now)
    if says is None:
        return NOTHING
    here = both([THINGS[own.field.noun], Sql("v.field_id = %s", (own.field.pk,)), says])
    exists = Sql(f"EXISTS (SELECT 1 FROM fields_value v WHERE {here.text})", here.values)  # noqa: S608
    return Sql(f"NOT {exists.text}", exists.values) if value == Word("none") else exists


def numbers(own: Own, value: Value, values: Sequence[int | str], now: datetime) -> Iterator[Sql]:
    """The numbers of the conversations of which it holds, where an index or few rows tell them."""
    says = _says(own, value, values, now)
    if says is None or value == Word("none"):
        return
    source = Sql("fields_value v WHERE v.field_id = %s", (own.field.pk,))
    if "LIKE" in says.text:
        few = f"SELECT thing, folded FROM fields_value WHERE field_id = %s LIMIT {MOST_READ + 1}"  # noqa: S608
        yield Sql(f"SELECT COUNT(*) FROM ({few}) v", (own.field.pk,))  # noqa: S608
        source = Sql(f"({few}) v WHERE 1=1", (own.field.pk,))
    text = f"SELECT v.thing FROM {source.text} AND {says.text}"  # noqa: S608
    if own.field.noun == "customer":
        text = f"SELECT c.id FROM conversations_conversation c WHERE c.customer_id IN ({text})"  # noqa: S608
    yield Sql(text, (*source.values, *says.values))


def _says(own: Own, value: Value, values: Sequence[int | str], now: datetime) -> Sql | None:
    if value in (Word("any"), Word("none")):
        return Sql("1=1")
    if isinstance(value, Range):
        return _amount(value)
    if isinstance(value, When):
        return _day(value, now)
    if own.field.kind == Asked.CHOICE:
        return _one_of([str(one) for one in values])
    if own.field.kind == Asked.YES_NO:
        return Sql("v.folded = %s", (value.text,))
    return _words(value)


def _one_of(texts: Sequence[str]) -> Sql | None:
    places = ", ".join(["%s"] * len(texts))
    return Sql(f"v.folded IN ({places})", tuple(texts)) if texts else None


def _words(value: Word) -> Sql | None:
    text = folded(value.text)
    if value.is_quoted or not text:
        return Sql("v.folded = %s", (text,)) if text else None
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    begins = plain + "%" if value.is_beginning else f"%{plain}%"
    return Sql("v.folded LIKE %s ESCAPE '\\'", (begins,))


def _amount(value: Range) -> Sql:
    """Amounts are asked for in millionths, as they are kept."""
    ends = [(">=", value.low), ("<=", value.high)]
    parts = [
        Sql(f"v.number {sign} CAST(%s AS numeric)", (str(Decimal(end) / AMOUNT_PARTS),))
        for sign, end in ends
        if end is not None
    ]
    return both(parts)


def _day(value: When, now: datetime) -> Sql:
    """A day counts from its beginning on."""
    first, last = bounds(value, now)
    ends = [(">=", first), ("<", last)]
    days = partial(_first_day_from, now)
    return both([Sql(f'v."on" {sign} %s', (days(end),)) for sign, end in ends if end is not None])


def _first_day_from(now: datetime, at: datetime) -> str:
    """The first day that begins at this moment or after it."""
    local = at.astimezone(now.tzinfo)
    is_midnight = (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    day = local.date() if is_midnight else local.date() + timedelta(days=1)
    return day.isoformat()
