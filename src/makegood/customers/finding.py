"""The words that customers are found by: kept in step by whoever changes a name or a handle.

A table of words and not the full-text index: people are looked up by how a name begins,
while typing, in the order of when they were last seen.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from makegood.customers.models import Customer, CustomerTag, FoundBy, Handle
from makegood.fields.reading import phone_digits
from makegood.kit.bulk import load

LONGEST = 80
LAST = "\U0010ffff"
MOST_ASKED = 6
CHUNK = 2000
WALKED = 500


def fold_word(text: str) -> str:
    """For comparing: no case, no accents, so that Müller is found by `muller`, too."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(kept.split())[:LONGEST]


def words_of_name(name: str) -> set[str]:
    return {word for word in _pieces(fold_word(name)) if word}


def words_of_address(address: str) -> set[str]:
    """The whole, what stands before the @ and its pieces, and the domain."""
    whole = fold_word(address)
    local, _at, domain = whole.rpartition("@")
    words = {whole, domain, local, *_pieces(local)} if local else {whole, *_pieces(whole)}
    digits = phone_digits(address)
    return {word for word in words | {digits} if word}


def _pieces(text: str) -> Iterable[str]:
    spaced = "".join(letter if letter.isalnum() else " " for letter in text)
    return spaced.split()


def find_again(customers: Iterable[int]) -> None:
    """Let these be found by what they are called now."""
    numbers = list(customers)
    wanted = _words_of(numbers)
    known = set(FoundBy.objects.filter(customer__in=numbers).values_list("customer_id", "word"))
    for customer, word in known - wanted:
        FoundBy.objects.filter(customer=customer, word=word).delete()
    fresh = [FoundBy(customer_id=customer, word=word) for customer, word in wanted - known]
    FoundBy.objects.bulk_create(fresh, ignore_conflicts=True)


def find_anew(customer: Customer, handle: Handle) -> None:
    """The words of somebody who was met this moment: nothing has to be read for them."""
    words = words_of_name(customer.name) | words_of_address(handle.address)
    FoundBy.objects.bulk_create(
        [FoundBy(customer=customer, word=word) for word in sorted(words)], ignore_conflicts=True
    )


def _words_of(customers: Sequence[int]) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    people = Customer.objects.filter(pk__in=customers, merged_into=None, forgotten_at=None)
    for pk, name in people.values_list("pk", "name"):
        found |= {(pk, word) for word in words_of_name(name)}
    handles = Handle.objects.filter(customer__in=customers, customer__forgotten_at=None)
    for pk, address, name in handles.values_list("customer_id", "address", "name"):
        found |= {(pk, word) for word in words_of_address(address) | words_of_name(name)}
    for pk, word in CustomerTag.objects.filter(customer__in=customers).values_list(
        "customer_id", "word"
    ):
        found.add((pk, fold_word(word)))
    return found


def find_everybody() -> None:
    """Make the words of all customers anew: for imports and sample desks."""
    FoundBy.objects.all().delete()
    at = 0
    while numbers := list(
        Customer.objects.filter(pk__gt=at).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        load(FoundBy, ("customer_id", "word"), sorted(_words_of(numbers)))
        at = numbers[-1]


def named_like(customers: "QuerySet[Customer]", typed: str) -> "QuerySet[Customer]":
    """Those who are found by every word that was typed, or by a word that begins so."""
    for word in _asked(typed)[:MOST_ASKED]:
        found = FoundBy.objects.filter(_begins(word)).values("customer")
        customers = customers.filter(pk__in=found)
    return customers


def _asked(typed: str) -> Sequence[str]:
    """An address or a domain as a whole, a telephone number as its digits, names in pieces."""
    if phone_digits(typed):
        return [phone_digits(typed)]
    words: list[str] = []
    for part in fold_word(typed).split():
        part = part.strip(".,;:<>()\"'")
        words += [part] if "." in part or "@" in part else _pieces(part)
    return words


def _near(word: str) -> Sequence[int]:
    """Whom the word itself finds, and what begins with it: so many steps of each walk."""
    if connection.vendor == "postgresql":
        begins, ends = "word LIKE %s", [f"{connection.ops.prep_for_like_query(word)}%"]
    else:
        begins, ends = "word >= %s AND word < %s", [word, word + LAST]
    walk = "SELECT * FROM (SELECT customer_id FROM customers_foundby WHERE {} LIMIT %s) AS walk"
    itself = walk.format("word = %s ORDER BY customer_id DESC")
    begun = walk.format(f"{begins} ORDER BY word, customer_id")
    with connection.cursor() as cursor:
        cursor.execute(f"{itself} UNION ALL {begun}", [word, WALKED, *ends, WALKED])
        return [pk for (pk,) in cursor.fetchall()]


def _numbers(pks: Sequence[int]) -> RawSQL:
    """Many numbers as one value: the ORM takes longer over a thousand than the database."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(pks)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(pks))])


def _begins(word: str) -> Q:
    """A walk along the index, as each database knows it."""
    if connection.vendor == "postgresql":
        return Q(word__startswith=word)
    return Q(word__gte=word, word__lt=word + LAST)


def found_by_all(words: Iterable[str], *, most: int) -> Sequence[int]:
    """The customers who are found by every one of these very words."""
    customers = Customer.objects.filter(merged_into=None, forgotten_at=None)
    for word in words:
        customers = customers.filter(pk__in=FoundBy.objects.filter(word=word).values("customer"))
    return list(customers.order_by("-pk").values_list("pk", flat=True)[:most])


def first_named_like(
    customers: "Callable[[], QuerySet[Customer]]", typed: str, *, most: int
) -> Sequence[int]:
    """A few who are found by what was typed, the newest first among those that were looked at.

    While somebody types, an answer now is worth more than the whole: the longest word itself and
    what begins with it are walked along their index for `WALKED` steps each, and no further.
    Most words are nobody's name: then `customers` are not even asked for.
    """
    words = sorted(_asked(typed)[:MOST_ASKED], key=len, reverse=True)
    near = _near(words[0]) if words else ()
    if not near:
        return []
    found = customers().filter(pk__in=_numbers(near))
    for word in words[1:]:
        found = found.filter(Exists(FoundBy.objects.filter(_begins(word), customer=OuterRef("pk"))))
    return list(found.order_by("-last_seen_at", "-pk").values_list("pk", flat=True)[:most])
