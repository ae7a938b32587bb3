"""A passage taken out of HTML: of its text across tags, of what its tags say, or the page goes."""

from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import unquote

from makegood.redaction.passages import Passage

LONGEST = 4_000_000


class _Reader(HTMLParser):
    """Our own sanitised HTML as pieces: text, or a tag as it is written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[bool, str]] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append((True, data))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.pieces.append((False, self.get_starttag_text() or f"<{tag}>"))

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append((False, f"</{tag}>"))


def stands_in_page(passage: Passage, html: str) -> bool:
    """Whether it stands in the text of a page, across its tags, or in a tag."""
    return bool(html) and (
        len(html) > LONGEST or passage.stands_in(html) or _stands(passage, _pieces(html))
    )


def taken_out_of_page(passage: Passage, html: str, mark: str) -> str:
    """The page without the passage; empty where it cannot be taken out with certainty."""
    if len(html) > LONGEST:
        return ""
    clean = [
        (is_text, piece if is_text else _bare(passage, piece)) for is_text, piece in _pieces(html)
    ]
    whole = "".join(piece for is_text, piece in clean if is_text)
    gone = [False] * len(whole)
    marks = set()
    for begin, end in passage.places_in(whole):
        gone[begin:end] = [True] * (end - begin)
        marks.add(begin)
    written, at = [], 0
    for is_text, piece in clean:
        if not is_text:
            written.append(piece)
            continue
        kept = (
            (mark if at + index in marks else "") + ("" if gone[at + index] else sign)
            for index, sign in enumerate(piece)
        )
        written.append(escape("".join(kept), quote=False))
        at += len(piece)
    page = "".join(written)
    return "" if _stands(passage, _pieces(page)) else page


def _pieces(html: str) -> list[tuple[bool, str]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.pieces


def _stands(passage: Passage, pieces: list[tuple[bool, str]]) -> bool:
    whole = "".join(piece for is_text, piece in pieces if is_text)
    return passage.stands_in(whole) or any(
        passage.stands_in(_said(piece)) for is_text, piece in pieces if not is_text
    )


def _said(tag: str) -> str:
    """What a tag says, once as it is written and once as a browser reads its addresses."""
    plain = unescape(tag)
    return f"{plain}\n{unquote(plain)}"


def _bare(passage: Passage, tag: str) -> str:
    """A tag that says it keeps its name alone."""
    if not passage.stands_in(_said(tag)):
        return tag
    return f"<{tag.strip('<>/ ').split()[0]}>"
