"""A file as Excel, a shop or another desk writes it, as rows of words; or why it is none.

It is read as it streams by: a file of half a million lines takes no more room than a short one.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage

LARGEST = 40_000_000
MOST_LINES = 100_000
MOST_COLUMNS = 60
LONGEST_CELL = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Column:
    """One thing that a line can say."""

    word: str
    name: str | Promise
    guessed_by: frozenset[str]


def column(word: str, name: str | Promise, guessed_by: str) -> Column:
    """A column by its word, its name on pages, and what else it is called in files."""
    return Column(word=word, name=name, guessed_by=frozenset(guessed_by.split()) | {word})


def guessed_columns(known: Sequence[Column], header: Sequence[str]) -> list[str]:
    """What each column of a file seems to be; empty where nothing says so. Each thing once."""
    found: list[str] = []
    for title in header:
        bare = bare_title(title)
        like = (one.word for one in known if _is_called(one, bare) and one.word not in found)
        found.append(next(like, ""))
    return found


def _is_called(one: Column, bare: str) -> bool:
    """By what files call it, or by the name that our own page gives it."""
    return bare in one.guessed_by or (bare != "" and bare == bare_title(str(one.name)))


def bare_title(title: str) -> str:
    return "".join(letter for letter in title.lower() if letter not in " _.:")


def said(matched: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """A line by what its columns are; empty cells say nothing."""
    return {word: cell for word, cell in zip(matched, cells, strict=False) if word and cell}


def rows_of(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Every line that says anything, with its number; the header comes first."""
    if len(content) > LARGEST:
        raise Refused(_("This file is too large: 40 megabytes at most."))
    for count, row in enumerate(rows_in(io.BytesIO(content))):
        if count > MOST_LINES:
            raise Refused(_("This file has more than 100,000 lines: bring it in in parts."))
        yield row


def rows_in(stream: BinaryIO) -> Iterator[tuple[int, Sequence[str]]]:
    """The same of a file on the disk, however long it is; it is read twice, from its beginning."""
    encoding = _encoding(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, newline="")
    delimiter = _delimiter(text)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for row in reader:
            cells = [_plain(cell, reader.line_num) for cell in row[:MOST_COLUMNS]]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        where = {"line": reader.line_num}
        raise Refused(_("Line %(line)s is not as a CSV file has it.") % where) from error
    finally:
        if not stream.closed:
            text.detach()  # whoever opened it closes it


def _encoding(stream: BinaryIO) -> str:
    """By its mark, else UTF-8, else what Windows writes; a file that is no text is refused."""
    first = stream.read(65_536)
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    if b"\0" in first and encodings[0] != "utf-16":
        raise Refused(_("This is not a text file. Save it as CSV and try again."))
    for encoding in encodings:
        stream.seek(0)
        if _is_in(encoding, stream):
            return encoding
    raise Refused(_("The letters of this file cannot be read. Save it as CSV in UTF-8."))


def _is_in(encoding: str, stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := stream.read(PIECE):
            if len(piece) == PIECE and b"\n" not in piece and b"\r" not in piece:
                raise Refused(_("This file has no lines. Save it as CSV and try again."))
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: io.TextIOWrapper) -> str:
    """What stands between two cells: said by Excel in a first line, else counted there."""
    first = text.readline(PIECE)
    told = first.strip().strip('"').lower()
    if told.startswith("sep=") and len(told) == 5:
        return told[4]
    text.seek(0)
    outside = "".join(first.split('"')[::2])
    return max(";,\t|", key=lambda sign: (outside.count(sign), sign == ","))


def _plain(cell: str, line: int) -> str:
    if len(cell) > LONGEST_CELL:
        raise Refused(_("In line %(line)s a cell holds more than 10,000 letters.") % {"line": line})
    text = fit_for_storage(cell).strip()
    # What we write ourselves begins with ' where a spreadsheet would calculate.
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def tame(cell: str) -> str:
    """A cell of a file that we write, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def written(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a file that every spreadsheet opens."""
    out = io.StringIO()
    csv.writer(out).writerows([tame(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()
