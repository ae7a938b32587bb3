"""Which parts of a mail are its words, and which are files that came along."""

from dataclasses import dataclass, field

from makegood.channels.interface import Part
from makegood.kit.rx import rx

from .attachments import (
    EXTENSIONS,
    MAX_WRAPPED,
    Wrapped,
    file_part,
    note_kind,
    open_file,
    part_of,
    without_marks,
)
from .calendars import facts_of_calendar, words_for
from .charsets import clean_text, decode
from .flowed import unflow
from .htmltext import Reading, read_html
from .mime import Entity, Mail
from .params import parameters
from .quoting import Kind, Split, split
from .troubles import ENCRYPTED, TEXT_TOO_LONG
from .wrapped import take_yenc, unwrap

MAX_TEXT = 2_000_000
_META = rx(rb"(?i)<meta[^>]{0,200}charset=[\s\"']*([a-z0-9_:.\-]+)")
_BEFORE = (Kind.QUOTE, Kind.FORWARDED)

_BODIES = ("text/plain", "text/html", "text/enriched", "text/richtext", "text")
_REPORTS = (
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
)


@dataclass(slots=True)
class Contents:
    """The words and files of one mail."""

    split: Split = field(default_factory=Split)
    html: str = ""
    has_html: bool = False
    parts: list[Part] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def contents(
    mail: Mail, *, careful: bool = False, is_forward: bool = False, depth: int = 0
) -> Contents:
    """Everything a mail holds. `careful` reads no HTML and opens no files."""
    found = _Gathered()
    _gather(mail.root, found, "")
    told = Contents()
    inside = [] if careful else _open_wrapped(mail, found, told, depth)
    plain = "\n\n".join(filter(None, (_plain(mail, e, told) for e in found.plain)))
    sources = [] if careful else [_text(mail, e) for e in found.html]
    if not plain.strip() and not sources:
        plain, sources = _from_inside(inside)
    pages = [read_html(source) for source in sources]
    if careful and not plain:
        plain = "\n\n".join(_text(mail, e)[:MAX_TEXT] for e in found.html)
    _read_calendars(mail, found, told)
    if not plain.strip() and not pages:
        plain = words_for(told.facts)
    told.html = "\n<hr>\n".join(page.html for page in pages if page.html)
    told.has_html = bool(found.html)
    told.split = _words(plain, pages, is_forward=is_forward)
    told.troubles += [page.trouble for page in pages if page.trouble]
    if found.encrypted:
        told.troubles.append(ENCRYPTED)
    if not careful:
        told.parts[:0] = [part_of(mail, e, i) for i, e in enumerate(found.files, start=1)]
        told.parts += [picture for page in pages for picture in page.pictures]
    return told


def _open_wrapped(mail: Mail, found: "_Gathered", told: Contents, depth: int) -> list[Wrapped]:
    """Open what holds a mail of its own: `winmail.dat` and signed envelopes."""
    opened: list[Wrapped] = []
    for entity in list(found.files):
        wrapped = open_file(mail, entity, told.parts) if depth < MAX_WRAPPED else None
        if wrapped is None:
            continue
        found.files.remove(entity)
        if wrapped.mail is not None:
            inner = contents(wrapped.mail, depth=depth + 1)
            told.parts += inner.parts
            told.facts.update({**inner.facts, "signed": "S/MIME"})
            wrapped.text = wrapped.text or inner.split.whole
            wrapped.html = wrapped.html or inner.html
        opened.append(wrapped)
    for entity in found.files:
        note_kind(entity, told.facts, told.troubles)
    return opened


def _from_inside(inside: list[Wrapped]) -> tuple[str, list[str]]:
    plain = "\n\n".join(each.text for each in inside if each.text.strip())
    return plain, [each.html for each in inside if each.html]


def _read_calendars(mail: Mail, found: "_Gathered", told: Contents) -> None:
    for entity in found.files:
        if entity.kind in ("text/calendar", "application/ics"):
            for name, value in facts_of_calendar(_text(mail, entity)).items():
                told.facts.setdefault(name, value)


def _words(plain: str, pages: list[Reading], *, is_forward: bool) -> Split:
    """The text, split; from the HTML where the plain part is empty or hides its quote."""
    from_plain = split(plain, is_forward=is_forward)
    page_text = "\n\n".join(page.text for page in pages)
    if not page_text.strip():
        return from_plain
    marks = pages[0].marks if len(pages) == 1 else ()
    if _says_less(plain, page_text):
        return split(page_text, marks, is_forward=is_forward)
    if any(piece.kind in _BEFORE for piece in from_plain.folded):
        return from_plain
    from_html = split(page_text, marks, is_forward=is_forward)
    return from_html if any(piece.kind in _BEFORE for piece in from_html.folded) else from_plain


def _says_less(plain: str, page: str) -> bool:
    """Whether the plain part is empty, or only says that the words are in the other."""
    return not plain.strip() or (len(plain) * 4 < len(page) and len(plain.split()) < 60)


@dataclass(slots=True)
class _Gathered:
    plain: list[Entity] = field(default_factory=list)
    html: list[Entity] = field(default_factory=list)
    files: list[Entity] = field(default_factory=list)
    encrypted: bool = False


def _gather(entity: Entity, found: _Gathered, within: str) -> None:
    kind = entity.kind
    if kind == "multipart/alternative" and entity.children:
        _gather_alternative(entity, found)
    elif entity.children:
        found.encrypted = found.encrypted or kind == "multipart/encrypted"
        for child in entity.children:
            _gather(child, found, kind)
    elif (kind in _BODIES or _is_odd_text(entity)) and not _is_file(entity):
        (found.html if kind == "text/html" else found.plain).append(entity)
    elif entity.depth == 0 and entity.start >= entity.end:
        return
    elif not (within == "multipart/report" and kind.startswith(_REPORTS)):
        found.encrypted = found.encrypted or _is_smime_envelope(entity)
        found.files.append(entity)


def _gather_alternative(entity: Entity, found: _Gathered) -> None:
    """Of several ways of saying one thing, the plain and the richest; the rest are files."""
    inner = _Gathered()
    for child in entity.children:
        _gather(child, inner, entity.kind)
    found.plain += inner.plain[:1] if len(inner.html) else inner.plain
    found.html += inner.html
    found.files += inner.files
    found.encrypted = found.encrypted or inner.encrypted


def _is_odd_text(entity: Entity) -> bool:
    """A kind of text that nobody knows, where the whole mail is nothing else (RFC 2046, 4.1.4)."""
    known = entity.kind in EXTENSIONS
    return entity.depth == 0 and entity.kind.startswith("text/") and not known


def _is_file(entity: Entity) -> bool:
    disposition = parameters(entity.first("content-disposition"))
    if disposition.value == "attachment":
        return True
    return bool(disposition.text("filename") or entity.content.text("name")) and entity.depth > 0


def _is_smime_envelope(entity: Entity) -> bool:
    if entity.kind not in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return False
    return entity.content.text("smime-type").lower() in ("enveloped-data", "")


def _text(mail: Mail, entity: Entity) -> str:
    return _decoded(mail.body(entity), entity)


def _decoded(body: bytes, entity: Entity) -> str:
    charset = entity.content.text("charset")
    if entity.kind == "text/html" and charset.lower() in ("", "us-ascii"):
        # Many programs leave it to the page to say so.
        said = _META.search(body[:4_000])
        charset = said.group(1).decode("ascii", "replace") if said else charset
    return decode(body, charset)


def _plain(mail: Mail, entity: Entity, told: Contents) -> str:
    body, files = take_yenc(mail.body(entity))
    told.parts += [file_part(name, content) for name, content in files]
    text = clean_text(_decoded(body, entity))
    if entity.kind in ("text/enriched", "text/richtext"):
        text = without_marks(text)
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        told.troubles.append(TEXT_TOO_LONG)
    if entity.content.text("format").lower() == "flowed":
        text = unflow(text, delsp=entity.content.text("delsp").lower() == "yes")
    unwrapped = unwrap(text)
    told.parts += [file_part(name, content) for name, content in unwrapped.files]
    if unwrapped.is_signed:
        told.facts["signed"] = "PGP"
    if unwrapped.is_encrypted and ENCRYPTED not in told.troubles:
        told.troubles.append(ENCRYPTED)
    return unwrapped.text.strip("\n")
