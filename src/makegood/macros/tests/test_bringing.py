"""Files: looked at, brought in whole or not at all, taken out again."""

import json
from typing import Any

import pytest

from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.macros.bringing import bring_in, look_into, undo_import
from makegood.macros.files import read_file, write_file
from makegood.macros.models import Macro, SavedReply

REPLIES = """name,shortcut,for,language,text
Late,late,all,en,"It is late,
dear {customer.first_name|you}."
Late,,all,de,Es verspätet sich.
Formula,,team:Front,en,'=1+1
"""
MACROS = """name;for;act;with
Close;all;tag;done
Close;all;resolve;
"""


def test_replies_come_in_with_their_languages(olga: Any, front: Any) -> None:
    assert look_into("replies", REPLIES, by=olga).wrong == []
    assert not SavedReply.objects.exists()
    assert bring_in("replies", REPLIES, by=olga).count == 2
    late = SavedReply.objects.get(name="Late")
    assert list(late.texts) == ["en", "de"]
    assert late.texts["en"] == "It is late,\ndear {customer.first_name|you}."
    assert SavedReply.objects.get(name="Formula").texts == {"en": "=1+1"}
    assert SavedReply.objects.get(name="Formula").team == front


def test_macros_come_in_with_semicolons(olga: Any) -> None:
    bring_in("macros", MACROS, by=olga)
    assert [act["do"] for act in Macro.objects.get().acts] == ["tag", "resolve"]


def test_everything_wrong_is_said_with_its_line_and_nothing_comes_in(olga: Any) -> None:
    content = REPLIES + "Odd,,all,en,Dear {nobody}\nGood,,all,en,Hello\n,,all,en,Hello\n"
    look = look_into("replies", content, by=olga)
    assert [one.partition(":")[0] for one in look.wrong] == [
        "Line 5, “Formula”",
        "Line 6, “Odd”",
        "Line 8, “?”",
    ]
    with pytest.raises(Refused, match="Line 5"):
        bring_in("replies", content, by=olga)
    assert not SavedReply.objects.exists()


@pytest.mark.parametrize(
    ("what", "content", "words"),
    [
        ("replies", "", "columns"),
        ("replies", "name,shortcut,for,language,text\n", "nothing in this file"),
        ("replies", "title,words\na,b\n", "Line 1: the columns"),
        ("replies", 'name,text\na,"b\n', "Line"),
        ("replies", "name,text\na,b\na,c\n", "Line 3"),
        ("replies", "[{", "Line 1: this is not JSON"),
        ("replies", '{"name": "x"}', "list"),
        ("replies", '[{"name": 3}]', "Entry 1"),
        ("macros", '[{"name": "a", "acts": [{"with": "x"}]}]', "Entry 1"),
        ("macros", "x" * 1_000_001, "too large"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(what: str, content: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_file(what, content)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_goes_out_comes_in_the_same(olga: Any, front: Any, nora: Any, form: str) -> None:
    texts = {"en": '=cmd "x",\nsecond line;', "de": "Grüße"}
    save_reply(None, ReplyWish(name="A", shortcut="a", texts=texts, team=front), by=olga)
    acts = [("assign", nora.email), ("team", "Front"), ("reply", "-1, ja"), ("resolve", "")]
    save_macro(None, MacroWish(name="M", acts=acts), by=olga)
    files = {
        "replies": write_file("replies", list(SavedReply.objects.all()), form),
        "macros": write_file("macros", list(Macro.objects.all()), form),
    }
    kept = Macro.objects.get().acts
    SavedReply.objects.all().delete()
    Macro.objects.all().delete()
    for what, content in files.items():
        bring_in(what, content, by=olga)
    reply = SavedReply.objects.get()
    assert (reply.texts, reply.shortcut, reply.team) == (texts, "a", front)
    assert Macro.objects.get().acts == kept


def test_a_cell_that_a_spreadsheet_would_calculate_is_tamed(olga: Any) -> None:
    save_reply(None, ReplyWish(name="A", texts={"en": "=1+1"}), by=olga)
    assert ",'=1+1" in write_file("replies", list(SavedReply.objects.all()), "csv")


def test_an_import_is_taken_out_but_not_what_was_changed_since(olga: Any, front: Any) -> None:
    brought = bring_in("replies", REPLIES, by=olga)
    late = SavedReply.objects.get(name="Late")
    save_reply(late, ReplyWish(name="Late", texts={"en": "Mine now."}), by=olga)
    assert undo_import(brought, by=olga) == 1
    assert list(SavedReply.objects.values_list("name", flat=True)) == ["Late"]
    assert undo_import(brought, by=olga) == 0
    assert Event.objects.filter(kind="import.undone").count() == 1


def test_json_says_the_same(olga: Any) -> None:
    told = [{"name": "Late", "texts": {"en": "It is late."}, "shortcut": "late"}]
    bring_in("replies", json.dumps(told), by=olga)
    assert SavedReply.objects.get().shortcut == "late"
