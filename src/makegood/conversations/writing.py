"""A letter of ours: what was typed, as clean HTML and as plain text, signed, with its files."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from makegood.channels.interface import OutgoingFile
from makegood.conversations.models import Attachment, Message
from makegood.kit.direction import direction_of_language
from makegood.kit.markdown import written
from makegood.kit.written_html import for_mail, for_page, mail_page

AddressOf = Callable[[Attachment], str]
_DASHES = '<p style="margin:0">-- </p>'


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What leaves: the same words twice, and the files; pictures stand where they were put."""

    text: str
    html: str
    files: tuple[OutgoingFile, ...] = ()


def letter(
    source: str,
    *,
    signature: str = "",
    language: str = "",
    files: Iterable[Attachment] = (),
    domain: str = "",
) -> Letter:
    """A letter of what was typed, in the language of whom it is for."""
    body, name = written(source), written(signature)
    direction = body.direction or direction_of_language(language)
    carried = tuple(_carried(one, body.pictures, domain) for one in files)
    places = {one.cid.partition("@")[0]: one.cid for one in carried if one.cid}

    def source_of(picture: str) -> str:
        return f"cid:{places[picture]}" if picture in places else ""

    text, html = body.text, for_mail(body.html, source_of, direction)
    if name.text.strip():
        text = f"{text}\n\n-- \n{name.text}".lstrip("\n")
        own = name.direction or direction
        html += f'<div dir="{own}">{_DASHES}{for_mail(name.html, source_of, own)}</div>'
    page = mail_page(html, language=language, direction=direction)
    return Letter(text=text, html=page, files=carried)


def _carried(one: Attachment, in_the_text: Iterable[str], domain: str) -> OutgoingFile:
    """A file as it goes along. A picture in the text has the name that it is called by there."""
    stands = bool(one.cid) and one.cid in in_the_text
    return OutgoingFile(
        sha256=one.file.sha256,
        name=one.name,
        content_type=one.content_type,
        size=one.file.size,
        cid=f"{one.cid}@{domain or 'localhost'}" if stands else "",
    )


def is_written_here(message: Message) -> bool:
    """Whether its HTML was made of what one of us typed. All other HTML stays in its frame."""
    return bool(message.html) and not message.is_incoming() and message.arrival_id is None


def on_page(html: str, files: Iterable[Attachment], address_of: AddressOf) -> Markup:
    """What was written here, for a page of ours; its pictures lie among these files."""
    places = {one.cid: one for one in files if one.cid}
    return for_page(html, lambda name: address_of(places[name]) if name in places else "")


def beside(text: str, files: Iterable[Attachment]) -> Sequence[Attachment]:
    """The files that do not stand in the text already."""
    pictures = written(text).pictures
    return [one for one in files if not one.is_inline and one.cid not in pictures]
