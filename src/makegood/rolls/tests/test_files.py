import pytest

from makegood.kit.errors import Refused
from makegood.kit.sheets import rows_of, written
from makegood.rolls.columns import guessed


def _cells(content: bytes) -> list[list[str]]:
    return [list(cells) for _number, cells in rows_of(content)]


@pytest.mark.parametrize(
    "content",
    [
        "Name,E-Mail\nJörg,j@example.com\n".encode(),
        "\ufeffName;E-Mail\r\nJörg;j@example.com\r\n".encode(),
        "Name;E-Mail\r\nJörg;j@example.com\r\n".encode("cp1252"),
        "sep=;\r\nName;E-Mail\r\nJörg;j@example.com\r\n".encode(),
        "Name\tE-Mail\r\nJörg\tj@example.com\r\n".encode("utf-16"),
        '"Name";"E-Mail"\n\n"Jörg";"j@example.com"\n;\n'.encode(),
    ],
)
def test_a_file_is_read_as_programs_write_it(content: bytes) -> None:
    assert _cells(content) == [["Name", "E-Mail"], ["Jörg", "j@example.com"]]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\0\0\0\0",
        b"a,b\n" + b"x" * 20_000 + b",y\n",
        b'a,b\n"' + b"x" * 200_000,
        b"\xff\xfea",
        b"email\n" + b"a@example.com\n" * 100_002,
        b"\x81\x8d\x8f,\n",
    ],
)
def test_what_is_no_file_of_people_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        _cells(content)


def test_a_control_character_does_not_come_in() -> None:
    assert _cells(b"a,b\nx\x01y,z\n")[1] == ["xy", "z"]


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_what_we_write_is_no_formula_and_comes_back_as_it_was(cell: str) -> None:
    text = written([["a", "b"], [cell, "x"]])
    assert f"'{cell}" in text
    if not cell[0].isspace():
        assert _cells(text.encode())[1] == [cell, "x"]


def test_columns_are_guessed_in_both_languages(db: None) -> None:
    german = ["Vorname", "Nachname", "E-Mail-Adresse", "Sprache", "Schlagwörter", "Umsatz"]
    assert guessed("customers", german) == ["first", "last", "email", "language", "tags", ""]
    assert guessed("agents", ["Full Name", "Email", "Group", "e-mail"]) == [
        "name", "email", "teams", "",
    ]  # fmt: skip
