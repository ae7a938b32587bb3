"""A passage is found however it is written, and nothing that only looks like it."""

import pytest

from makegood.redaction.pages import stands_in_page, taken_out_of_page
from makegood.redaction.passages import Passage
from makegood.redaction.spotting import spotted_in

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111-1111-1111-1111",
        "my 4111 1111\n> 1111 1111 card",
        "4111\u00a01111\u200b1111.1111",
        "x4111111111111111x",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    clean = Passage.of(CARD).taken_out(text, "#")
    assert "#" in clean
    assert "1111" not in clean


@pytest.mark.parametrize("text", ["4111 1111 1111 1112", "4111 1111", "4111" + " " * 40 + "1111"])
def test_another_number_is_left(text: str) -> None:
    assert Passage.of(CARD).taken_out(text, "#") == text


def test_a_short_passage_is_found_as_a_word_alone() -> None:
    assert Passage.of("Ada").taken_out("Ada, Adam, ADA! Canada", "#") == "#, Adam, #! Canada"


def test_what_our_own_code_reads_in_json_is_left() -> None:
    step = {"do": "note", "became": "done", "says": "A note was done"}
    passage = Passage.of("done")
    assert passage.taken_out_of(step, "[…]") == {**step, "says": "A note was […]"}
    assert not passage.stands_in({"do": "note", "became": "done"})


def test_what_json_holds_is_looked_through() -> None:
    held = {"a": ["my Secret1", {"b": "secret1"}], "n": 3, "x": None}
    clean = Passage.of("secret1").taken_out_of(held, "#")
    assert clean == {"a": ["my #", {"b": "#"}], "n": 3, "x": None}


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>My 4111 1111 1111 1111.</p>", "<p>My #.</p>"),
        ("<b>4111</b> 1111 <i>1111</i> 1111 &amp; co", "<b>#</b><i></i> &amp; co"),
        ('<a href="tel:4111111111111111">call</a>', "<a>call</a>"),
        ('<a href="?q=4111%201111%201111%201111">x</a>', "<a>x</a>"),
        ("<p>4111&nbsp;1111&#32;1111 1111</p>", "<p>#</p>"),
        ("<td>4111 1111</td><td>1111 1111</td>", "<td>#</td><td></td>"),
    ],
)  # fmt: skip
def test_it_is_taken_out_of_pages_across_their_tags(html: str, clean: str) -> None:
    passage = Passage.of(CARD)
    assert stands_in_page(passage, html)
    assert taken_out_of_page(passage, html, "#") == clean


def test_a_page_without_it_is_left() -> None:
    assert not stands_in_page(Passage.of(CARD), "<p>4111 and 1111</p>")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("card 4111 1111 1111 1111 exp 12/29", [("card", CARD)]),
        ("5500005555555559, thanks", [("card", "5500005555555559")]),
        ("378282246310005", [("card", "378282246310005")]),
        ("4111 1111 1111 1112", []),
        ("order 1234567890123456789012345", []),
        ("0000000000000000", []),
        ("IBAN DE89 3704 0044 0532 0130 00 BITTE", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("GB29NWBK60161331926819.", [("iban", "GB29NWBK60161331926819")]),
        ("DE89 3704 0044 0532 0130 01", []),
        ("ZZ89370400440532013000", []),
        ("tracking 00340434161094042557", []),
    ],
)
def test_numbers_that_should_not_lie_in_a_mail(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.what, one.words) for one in spotted_in(text)] == found


def test_only_its_last_signs_are_shown() -> None:
    assert spotted_in(CARD)[0].hint == "•••• 1111"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Caf\u00e9 M\u00fcller", "im Cafe\u0301 Mu\u0308ller, ja"),
        ("Cafe\u0301 Mu\u0308ller", "im Caf\u00e9 M\u00fcller, ja"),
        (CARD, "my \uff14\uff11\uff11\uff11 1111\u00a01111 1111"),
        ("Stra\u00dfe 7", "STRASSE 7"),
        ("\u00e9\u00e9\u00e9", "\u00e9\u00e9\u00e9"),
        ("office key", "o\ufb03ce key"),
    ],
)
def test_a_letter_is_the_same_in_each_of_its_forms(words: str, text: str) -> None:
    passage = Passage.of(words)
    assert passage.stands_in(text)
    assert not passage.stands_in(passage.taken_out(text, "#"))
    assert passage.letters == Passage.of(text[slice(*passage.places_in(text)[0])]).letters


@pytest.mark.parametrize(("words", "text"), [("cafe", "caf\u00e9"), ("cafe", "cafe\u0301")])
def test_another_letter_is_left(words: str, text: str) -> None:
    assert Passage.of(words).taken_out(text, "#") == text


def test_a_number_in_full_width_is_pointed_out() -> None:
    (one,) = spotted_in("\uff14\uff11\uff11\uff11 1111\u00a01111 1111")
    assert (one.what, one.hint) == ("card", "\u2022\u2022\u2022\u2022 1111")
