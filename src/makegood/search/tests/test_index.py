"""The same answers on both databases, whatever stands in the documents and the question."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.search import documents, rebuilding
from makegood.search.actions import drop, drop_everything, put
from makegood.search.documents import Document, Source
from makegood.search.language import parse
from makegood.search.models import Indexed
from makegood.search.queries import Scope, count, find, find_best
from makegood.search.words import words

EVERYTHING = Scope(numbers=None, sees_internal=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Shelf:
    """Things of our own, so that the index is tried without any app above it."""

    def __init__(self) -> None:
        self.things: dict[int, Document] = {}

    def add(self, pk: int, **fields: object) -> Document:
        values: dict[str, object] = {
            "ref": f"thing:{pk}",
            "about": f"matter:{pk}",
            "scope": 1,
            "at": NOON + timedelta(minutes=pk),
            **fields,
        }
        self.things[pk] = Document(**values)  # type: ignore[arg-type]
        put([self.things[pk]])
        return self.things[pk]

    def source(self) -> Source:
        def read(pks: Sequence[int]) -> list[Document]:
            return [self.things[pk] for pk in pks if pk in self.things]

        return Source(
            noun="thing",
            read=read,
            show=read,
            walk=lambda after, limit: sorted(pk for pk in self.things if pk > after)[:limit],
        )


@pytest.fixture
def shelf(db: None, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()
    monkeypatch.setattr(documents, "_SOURCES", {"thing": shelf.source()})
    return shelf


def refs(typed: str, scope: Scope = EVERYTHING) -> list[str]:
    return [hit.ref for hit in find(typed, scope=scope).hits]


def test_beginnings_phrases_fields_and_negation(shelf: Shelf) -> None:
    shelf.add(1, subject="Late parcel", text="My parcel is late.", customer="Ida Berg", tags="vip")
    shelf.add(2, subject="Parcel", text="It came too late, the parcel", files="Rechnung.pdf")
    shelf.add(3, subject="Größe", text="Wie groß ist die Lampe?", customer="Jürgen")

    assert refs("parc") == ["thing:2", "thing:1"]
    assert refs('"late parcel"') == ["thing:1"]
    assert refs('"late the parcel"') == ["thing:2"]
    assert refs("subject:late") == ["thing:1"]
    assert refs("from:ida late") == ["thing:1"]
    assert refs("late -from:ida") == ["thing:2"]
    assert refs("tag:vip") == ["thing:1"]
    assert refs("rechnung") == ["thing:2"]
    assert refs("GROSSE jurgen") == ["thing:3"]
    assert refs("pa") == []
    assert refs("lampe late") == []


def test_no_phrase_spans_two_fields(shelf: Shelf) -> None:
    shelf.add(1, subject="lamp", text="red", customer="ida")
    assert refs('"lamp red"') == refs('"lamp ida"') == []


def test_who_may_not_see_it_does_not_find_it(shelf: Shelf) -> None:
    shelf.add(1, text="lamp", scope=1)
    shelf.add(2, text="lamp", scope=2)
    shelf.add(3, text="lamp", scope=2, is_internal=True)
    assert refs("lamp", Scope(numbers=[2], sees_internal=True)) == ["thing:3", "thing:2"]
    assert refs("lamp", Scope(numbers=[2])) == ["thing:2"]
    assert refs("lamp", Scope(numbers=[])) == []
    assert refs("i2 ~i2 internal ~internal", EVERYTHING) == []


def test_newest_first_by_the_things_own_time(shelf: Shelf) -> None:
    shelf.add(1, text="lamp", at=NOON)
    shelf.add(2, text="lamp", at=NOON - timedelta(days=4000))
    shelf.add(3, text="lamp", at=NOON - timedelta(days=40))
    assert refs("lamp") == ["thing:1", "thing:3", "thing:2"]


def test_a_thing_changes_and_goes(shelf: Shelf) -> None:
    shelf.add(1, text="lamp")
    shelf.add(1, text="chair", at=NOON + timedelta(days=9))
    assert refs("lamp") == []
    assert refs("chair") == ["thing:1"]
    drop(["thing:1"])
    assert refs("chair") == []
    assert not Indexed.objects.exists()


def test_many_things_of_one_second_all_have_a_place(shelf: Shelf) -> None:
    things = [
        Document(ref=f"thing:{pk}", about=f"matter:{pk}", scope=1, at=NOON, text="lamp")
        for pk in range(400)
    ]
    shelf.things = dict(enumerate(things))
    put(things)
    put(things)
    assert Indexed.objects.count() == 400
    assert count("lamp", scope=EVERYTHING) == 400
    assert count("lamp", scope=EVERYTHING, most=100) == 100


def test_pages_show_each_whole_once(shelf: Shelf) -> None:
    for pk in range(1, 60):
        shelf.add(pk, text="lamp", about=f"matter:{pk % 7}")
    shown: list[str] = []
    after = ""
    for _page in range(10):
        found = find("lamp", scope=EVERYTHING, after=after, limit=2)
        shown += [hit.about for hit in found.hits]
        if not (after := found.next):
            break
    assert sorted(shown) == sorted({f"matter:{n}" for n in range(7)})


def test_a_snippet_marks_what_was_found(shelf: Shelf) -> None:
    before = "Guten Tag, " + "wirklich " * 30
    shelf.add(1, subject="Eine große Frage", text=f"{before}meine Lampe ist groß. Danke!")
    hit = find("gros", scope=EVERYTHING).hits[0]
    assert [piece.text for piece in hit.subject if piece.is_match] == ["große"]
    assert [piece.text for piece in hit.snippet if piece.is_match] == ["groß"]
    told = "".join(piece.text for piece in hit.snippet)
    assert told.startswith("…")
    assert "meine Lampe ist groß. Danke!" in told


def test_the_best_stands_first_when_asked(shelf: Shelf) -> None:
    shelf.add(1, subject="Brass lamp", text="Is the brass lamp still sold?")
    shelf.add(2, text="Thank you for everything, also for the lamp made of brass.")
    assert refs("lamp brass") == ["thing:2", "thing:1"]
    best = find_best("lamp brass", scope=EVERYTHING).hits
    assert best[0].ref == "thing:1"


def test_rebuilding_from_nothing_gives_the_same(shelf: Shelf) -> None:
    for pk in range(1, 40):
        shelf.add(pk, text=f"lamp number{pk % 5}", at=NOON + timedelta(days=pk))
    before = [refs(typed) for typed in ("lamp", "number3", "lamp -number1")]
    del shelf.things[7]
    rebuilding.rebuild(from_nothing=True)
    assert [refs(typed) for typed in ("lamp", "number3", "lamp -number1")] == [
        [ref for ref in found if ref != "thing:7"] for found in before
    ]


def test_rebuilding_beside_the_index_mends_it(shelf: Shelf) -> None:
    for pk in (1, 2, 3):
        shelf.add(pk, text="lamp")
    drop(["thing:1"])
    del shelf.things[3]
    assert rebuilding.rebuild() == 2
    assert sorted(Indexed.objects.values_list("ref", flat=True)) == ["thing:1", "thing:2"]
    assert refs("lamp") == ["thing:2", "thing:1"]


TYPED = st.text(alphabet=st.sampled_from("ab \":-*()~^{}%'\\&|!<>ß"), max_size=24) | st.text(
    max_size=24
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(max_size=30), max_size=4), typed=TYPED)
def test_the_index_agrees_with_reading_everything(
    shelf: Shelf, texts: list[str], typed: str
) -> None:
    """And nothing that is typed is read as a language of the database."""
    drop_everything()
    shelf.things = {}
    for pk, text in enumerate(texts, 1):
        shelf.add(pk, text=text)
    found = {hit.ref for hit in find(typed, scope=EVERYTHING).hits}
    assert found == {f"thing:{pk}" for pk, text in enumerate(texts, 1) if _matches(text, typed)}


def _matches(text: str, typed: str) -> bool:
    question = parse(typed)
    there = words(text)
    return question.asks_for_something() and all(
        term.is_negated != (term.field in ("", "text") and _stands_in(there, term))
        for term in question.terms
    )


def _stands_in(there: list[str], term: object) -> bool:
    wanted, size = term.words, len(term.words)  # type: ignore[attr-defined]
    for at in range(len(there) - size + 1):
        here = there[at : at + size]
        last = here[-1][: len(wanted[-1])] if term.is_beginning else here[-1]  # type: ignore[attr-defined]
        if tuple(here[:-1]) == wanted[:-1] and last == wanted[-1]:
            return True
    return False
