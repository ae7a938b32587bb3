"""The HTML of a mail: safe to show, and as plain text with its quotes marked."""

import binascii
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from makegood.channels.interface import Part
from makegood.kit.foreign_html import (
    MAX_CHARACTERS,
    clean_mail_html,
    cleaner_for_rewriting,
    is_too_tangled,
)
from makegood.kit.rx import rx

from .charsets import clean_text
from .quoting import Mark
from .troubles import HTML_TOO_LONG, HTML_TOO_TANGLED

# What mail programs put around the answered mail and around signatures. They do so in every
# language. `all`: everything inside was said before; `below`: everything from there on was.
_HINTS: dict[str, dict[str, str]] = {
    "class": {
        **dict.fromkeys(("yahoo_quoted", "protonmail_quote", "tutanota_quote"), "all"),
        **dict.fromkeys(("zmail_extra", "freshdesk_quote", "ntes-mailmaster-quote"), "all"),
        **dict.fromkeys(("moz-cite-prefix", "gmail_attr", "airmail_on", "gmail_quote_attr"), "all"),
        **dict.fromkeys(("OutlookMessageHeader", "zmail_extra_hr"), "below"),
        **dict.fromkeys(("gmail_signature", "moz-signature", "front-signature"), "signature"),
        **dict.fromkeys(("protonmail_signature_block", "-x-evo-signature"), "signature"),
        **dict.fromkeys(("gmail_signature_prefix", "ms-outlook-mobile-signature"), "signature"),
        **dict.fromkeys(("gmail_quote", "spark_quote", "clean_bq", "moz-quote"), "cite"),
        "ms-outlook-mobile-reference-message": "below",
    },
    "id": {
        **dict.fromkeys(("appendonsend", "divRplyFwdMsg", "stopSpelling"), "below"),
        "mail-editor-reference-message-container": "below",
        **dict.fromkeys(("OLK_SRC_BODY_SECTION", "isReplyContent", "reply-intro"), "all"),
        **dict.fromkeys(("ms-outlook-mobile-signature", "composer_signature"), "signature"),
        **dict.fromkeys(("Signature", "AppleMailSignature", "appleMailSignature"), "signature"),
    },
    "name": {"quote": "all", "messageSignatureSection": "signature"},
    "type": {"cite": "cite"},
}
# Outlook puts `x_` before the names that it finds in the mail that is answered.
_WORDS = {
    attribute: {prefix + word for word in hints for prefix in ("", "x_", "x_x_", "ecx")}
    for attribute, hints in _HINTS.items()
}
_MAX_MARKS = 200
_PARAGRAPHS = {"p", "blockquote", "ul", "ol", "dl", "table", "pre", "hr", "figure"} | {
    f"h{level}" for level in range(1, 7)
}
_LINES = {"div", "br", "li", "dt", "dd", "tr", "caption", "address", "article", "aside"} | {
    *("center", "figcaption", "footer", "header", "main", "nav", "section")
}
_DATA_IMAGE = r"(?i)data:image/(png|jpe?g|gif|webp);base64,([a-z0-9+/=\s]+|[a-z0-9+/=%]+)"
_VOID = {"br", "hr", "img", "wbr", "col"}
_MAX_DATA_IMAGES = 50


@dataclass(slots=True)
class Reading:
    """What one HTML body gave."""

    html: str = ""
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    """What the mail program says of the lines of `text`."""
    pictures: list[Part] = field(default_factory=list)
    trouble: str = ""


def read_html(source: str) -> Reading:
    """Clean a body and say it in plain text. Linear, and bounded in depth and size."""
    source = clean_text(source)
    if "yahoo_quoted" in source:
        # Yahoo puts a word of its own before the names that it finds in a mail.
        source = rx(r"ydp[0-9a-z]{1,24}yahoo_quoted").sub("yahoo_quoted", source)
    source, pictures = _lift_pictures(source)
    reading = Reading(pictures=pictures)
    if len(source) > MAX_CHARACTERS:
        source = source[:MAX_CHARACTERS]
        reading.trouble = HTML_TOO_LONG
    if is_too_tangled(source):
        reading.trouble = HTML_TOO_TANGLED
        reading.text = _bare_words(source)
        return reading
    teller = _Teller()
    teller.feed(_first_pass.clean(source))
    teller.close()
    reading.html = clean_mail_html("".join(teller.html)).strip()
    reading.text, reading.marks = teller.told()
    return reading


class _Teller(HTMLParser):
    """Walks well-formed HTML once: tells it as text, and moves pictures out of `src`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.html: list[str] = []
        self.lines: list[str] = []
        self.words: list[str] = []
        self.quotes = 0
        self.pre = 0
        self.marks: list[Mark] = []
        self.open: list[tuple[str, str, int]] = []
        self.link = ""
        self.link_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kind = self.kind_of(tag, given)
        self.html.append(_picture(given) if tag == "img" else _start_tag(tag, given))
        if tag in _PARAGRAPHS:
            self.end_line(blank=True)
        elif tag in _LINES:
            self.end_line(force=tag == "br")
        if tag not in _VOID:
            self.begin(tag, kind)
        elif kind == "below":
            self.marks.append(Mark("below", len(self.lines), len(self.lines)))
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.pre += 1
        elif tag == "li":
            self.words.append("- ")
        elif tag in ("td", "th") and self.words:
            self.words.append(" ")
        elif tag == "img" and given.get("alt") and len(given["alt"]) < 100:
            self.words.append(f"[{given['alt']}]")
        elif tag == "a":
            self.link, self.link_words = given.get("href", ""), []

    def handle_endtag(self, tag: str) -> None:
        self.html.append(f"</{tag}>")
        if tag == "a" and self.link:
            self.tell_link()
        if tag in _PARAGRAPHS:
            self.end_line(blank=True)
        elif tag in _LINES:
            self.end_line()
        self.finish(tag)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)

    def handle_data(self, data: str) -> None:
        self.html.append(escape(data, quote=False))
        self.link_words.append(data)
        if not self.pre:
            self.words.append(data)
            return
        first, *rest = data.split("\n")
        self.words.append(first)
        for line in rest:
            self.end_line(force=True)
            self.words.append(line)

    def kind_of(self, tag: str, given: dict[str, str]) -> str:
        """What the mail program says of this element, if anything."""
        for attribute, hints in _HINTS.items():
            for word in given.get(attribute, "").split():
                bare = word.removeprefix("ecx").removeprefix("x_").removeprefix("x_")
                if bare in hints:
                    return hints[bare]
        return "indent" if tag == "blockquote" else ""

    def begin(self, tag: str, kind: str) -> None:
        """Remember an element that says something of its lines, until it ends."""
        if kind and kind != "cite":
            self.end_line()
        self.open.append((tag, kind, len(self.lines)))

    def finish(self, tag: str) -> None:
        while self.open:
            opened, kind, start = self.open.pop()
            if kind and kind != "cite" and len(self.marks) < _MAX_MARKS:
                self.end_line()
                told = "quote" if kind == "all" else kind
                self.marks.append(Mark(told, start, len(self.lines)))
            if opened == tag:
                return

    def tell_link(self) -> None:
        words = "".join(self.link_words).strip()
        target = self.link.strip()
        if words and target.startswith("http") and target.rstrip("/") != words.rstrip("/"):
            self.words.append(f" ({target})")
        self.link = ""

    def end_line(self, *, blank: bool = False, force: bool = False) -> None:
        """Finish the line that is being told, if there is one."""
        words = "".join(self.words).replace("\xa0", " ")
        self.words = []
        line = words.rstrip() if self.pre else " ".join(words.split())
        if line or force:
            self.lines.append("> " * self.quotes + line)
        if blank and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * self.quotes)

    def told(self) -> tuple[str, list[Mark]]:
        """The whole text, and what the mail program says of its lines."""
        self.end_line()
        first = next((i for i, line in enumerate(self.lines) if line.strip()), 0)
        text = "\n".join(line.rstrip() for line in self.lines[first:]).rstrip()
        marks = [Mark(m.kind, max(0, m.start - first), m.end - first) for m in self.marks]
        return text, marks


def _start_tag(tag: str, given: dict[str, str]) -> str:
    inside = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
    return f"<{tag}{inside}>"


def _picture(given: dict[str, str]) -> str:
    """A picture that waits to be asked for. One of a single pixel only counts readers: gone."""
    source = given.pop("src", "").strip()
    is_counter = given.get("width", "") in ("0", "1") or given.get("height", "") in ("0", "1")
    if source[:4].lower() == "cid:":
        return _start_tag("img", {**given, "data-cid": source[4:].strip("<>")})
    return "" if is_counter or not source else _start_tag("img", {**given, "data-src": source})


def _lift_pictures(source: str) -> tuple[str, list[Part]]:
    """Pictures written into the HTML itself become files, so that they are shown and kept."""
    if "data:image/" not in source:
        return source, []
    out: list[str] = []
    pictures: list[Part] = []
    at = 0
    for found in rx(_DATA_IMAGE).finditer(source):
        if len(pictures) >= _MAX_DATA_IMAGES:
            break
        kind = "jpeg" if found.group(1).lower() == "jpg" else found.group(1).lower()
        name = f"picture-{len(pictures) + 1}.{kind}"
        try:
            content = binascii.a2b_base64(found.group(2).replace("%3D", "="))
        except binascii.Error:
            continue
        cid = f"{name}@inside"
        pictures.append(
            Part(
                name=name,
                content_type=f"image/{kind}",
                content=content,
                cid=cid,
                is_inline=True,
            )
        )
        out += [source[at : found.start()], f"cid:{cid}"]
        at = found.end()
    return "".join([*out, source[at:]]), pictures


def _bare_words(source: str) -> str:
    """The words between the tags, when the tags are beyond reading."""
    out: list[str] = []
    for piece in source.split("<"):
        _tag, closed, words = piece.partition(">")
        out.append(words if closed else piece)
    return "\n".join(line.strip() for line in " ".join(out).split("\n") if line.strip())


_first_pass = cleaner_for_rewriting(_WORDS)
