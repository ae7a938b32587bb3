"""A file as Excel, a shop or another desk writes it, as rows of words; or why it is none."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage

LARGEST = 40_000_000
MOST_LINES = 100_000
MOST_COLUMNS = 60
LONGEST_CELL = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Every line that says anything, with its number; the header comes first."""
    if len(content) > LARGEST:
        raise Refused(_("This file is too large: 40 megabytes at most."))
    text = _decoded(content)
    delimiter, text = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    count = 0
    try:
        for row in reader:
            cells = [_plain(cell, reader.line_num) for cell in row[:MOST_COLUMNS]]
            if not any(cells):
                continue
            count += 1
            if count > MOST_LINES + 1:
                raise Refused(_("This file has more than 100,000 lines: bring it in in parts."))
            yield reader.line_num, cells
    except csv.Error as error:
        where = {"line": reader.line_num}
        raise Refused(_("Line %(line)s is not as a CSV file has it.") % where) from error


def _decoded(content: bytes) -> str:
    """By its mark, else UTF-8, else what Windows writes; a file that is no text is refused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    if b"\0" in content[:65_536] and encodings[0] != "utf-16":
        raise Refused(_("This is not a text file. Save it as CSV and try again."))
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("The letters of this file cannot be read. Save it as CSV in UTF-8."))


def _delimiter(text: str) -> tuple[str, str]:
    """What stands between two cells: said by Excel in a first line, else counted there."""
    first, _end, rest = text.partition("\n")
    told = first.strip().strip('"').lower()
    if told.startswith("sep=") and len(told) == 5:
        return told[4], rest
    outside = "".join(first.split('"')[::2])
    return max(";,\t|", key=lambda sign: (outside.count(sign), sign == ",")), text


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
