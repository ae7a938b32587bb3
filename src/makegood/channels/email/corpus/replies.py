"""Answers from many mail programs, in many languages, above, below and between the quote."""

import tomllib
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from .case import SHOP, SHOP_MAIL, Case, alternative, message

Speech = dict[str, Any]
SPEECH: dict[str, Speech] = tomllib.loads(
    (Path(__file__).parent / "speech.toml").read_text("utf-8")
)
_SHOP_SAYS = [
    "Dear Ida,",
    "",
    "your lamp leaves on Friday.",
    "Is that all right for you?",
    "",
    "Nora",
]
_OLDER = ["On 1 Mar 2026, at 08:00, Ida Berg <ida@customer.test> wrote:", "", "> Where is it?"]
_SIGNATURE = "-- \nIda Berg\nTel. +49 30 1234567"


def replies() -> Iterator[Case]:
    """Every language in every program."""
    for language, speech in SPEECH.items():
        for program, make in _PROGRAMS.items():
            for posting, raw, lines in make(speech):
                expected = {"lines": lines, "kind": "person"}
                name = f"{language}-{program}-{posting}"
                yield Case(name, raw, expected, ("reply", language, program, posting))


Made = Iterator[tuple[str, bytes, list[str]]]


def _said(speech: Speech) -> str:
    return "\n\n".join(speech["words"])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _introduced(speech: Speech, program: str) -> str:
    return str(speech[program]).format(n=SHOP, m=SHOP_MAIL)


def _marked(depth_more: bool = True) -> str:
    quoted = _SHOP_SAYS + (["", *_OLDER] if depth_more else [])
    return "\n".join(f"> {line}".rstrip() for line in quoted)


def _block(speech: Speech, *, mails: bool = True) -> str:
    one, sent, to, subject, when = speech["labels"]
    sender = f"{SHOP} <{SHOP_MAIL}>" if mails else SHOP
    return f"{one}: {sender}\n{sent}: {when}\n{to}: Ida Berg\n{subject}: Re: Your lamp"


def _wrapped(line: str) -> str:
    """An introduction as programs wrap it, before the address."""
    head, angle, tail = line.rpartition(" <")
    return f"{head}\n<{tail}" if angle and len(line) > 60 else line


def _gmail(speech: Speech) -> Made:
    said, above = _said(speech), _introduced(speech, "gmail")
    yield "plain", message(f"{said}\n\n{above}\n\n{_marked()}\n"), _lines(said)
    yield "wrapped", message(f"{said}\n\n{_wrapped(above)}\n\n{_marked()}\n"), _lines(said)
    yield "signed", message(f"{said}\n\n{_SIGNATURE}\n\n{above}\n{_marked()}\n"), _lines(said)
    yield "below", message(f"{above}\n\n{_marked()}\n\n{said}\n"), _lines(said)
    yield (
        "around",
        message(f"{_lines(said)[0]}\n\n{above}\n{_marked()}\n\n{said}\n"),
        [
            _lines(said)[0],
            *_lines(said),
        ],
    )
    page = (
        f'<div dir="ltr"><div>{_html(said)}</div></div><br>'
        f'<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f"{escape(above)}<br></div><blockquote class="
        '"gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid #ccc">'
        f'<div dir="ltr">{_html(chr(10).join(_SHOP_SAYS))}</div></blockquote></div>'
    )
    yield "html", message(page, kind="text/html"), _lines(said)
    yield "both", alternative(f"{said}\n\n{_wrapped(above)}\n\n{_marked()}\n", page), _lines(said)
    forward = (
        f"{said}\n\n---------- {speech['forwarded']} ---------\n{_block(speech)}\n\n"
        + "\n".join(_SHOP_SAYS)
    )
    yield "forward", message(forward, subject="Fwd: Your lamp"), _lines(said)
    between = f"{above}\n> {_SHOP_SAYS[2]}\n\n{_lines(said)[0]}\n\n> {_SHOP_SAYS[3]}\n\n"
    yield "between", message(between + _lines(said)[1] + "\n"), _lines(said)[:2]


def _html(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def _apple(speech: Speech) -> Made:
    said, above = _said(speech), _introduced(speech, "apple")
    phone = speech["phone"]
    yield "plain", message(f"{said}\n\n> {above}\n> \n{_marked()}\n"), _lines(said)
    yield "phone", message(f"{said}\n\n{phone}\n\n{above}\n\n{_marked()}\n"), _lines(said)
    page = (
        f'<html><body dir="auto">{_html(said)}<div><br><div id="AppleMailSignature" dir="ltr">'
        f'{phone}</div><div dir="ltr"><br><blockquote type="cite">{escape(above)}<br><br>'
        f'</blockquote></div><blockquote type="cite"><div dir="ltr">﻿{_html(_SHOP_SAYS[2])}</div>'
        "</blockquote></div></body></html>"
    )
    yield "html", message(page, kind="text/html"), _lines(said)
    alone = f"{said}\n\n{phone}\n"
    yield "no-quote", message(alone), _lines(said)


def _thunderbird(speech: Speech) -> Made:
    said, above = _said(speech), _introduced(speech, "thunderbird")
    yield "below", message(f"{above}\n{_marked()}\n\n{said}\n"), _lines(said)
    yield "above", message(f"{said}\n\n{above}\n{_marked()}\n"), _lines(said)
    yield "signed-below", message(f"{above}\n{_marked()}\n\n{said}\n\n{_SIGNATURE}\n"), _lines(said)
    page = (
        f'<p>{_html(said)}</p><div class="moz-signature">-- <br>Ida</div>'
        f'<div class="moz-cite-prefix">{escape(above)}<br></div><blockquote type="cite" '
        f'cite="mid:1@lantern.test"><p>{_html(_SHOP_SAYS[2])}</p></blockquote>'
    )
    yield "html", message(page, kind="text/html"), _lines(said)
    page = (
        f'<div class="moz-cite-prefix">{escape(above)}</div><blockquote type="cite"><p>One?</p>'
        f"</blockquote><p>{_html(_lines(said)[0])}</p><blockquote type=cite><p>Two?</p>"
        f"</blockquote><p>{_html(_lines(said)[1])}</p>"
    )
    yield "between-html", message(page, kind="text/html"), _lines(said)[:2]


def _outlook(speech: Speech) -> Made:
    said, block = _said(speech), _block(speech)
    rest = "\n".join(_SHOP_SAYS)
    named = _block(speech, mails=False)
    yield "desktop", message(f"{said}\n\n{named}\n\n{rest}\n"), _lines(said)
    rule = "_" * 32
    yield "web", message(f"{said}\n{rule}\n{block}\n\n{rest}\n"), _lines(said)
    old = f"-----{speech['original']}-----"
    yield "dashes", message(f"{said}\n\n{old}\n{named}\n\n{rest}\n"), _lines(said)
    marked = "\n".join(f"> {line}".rstrip() for line in f"{old}\n{block}\n\n{rest}".split("\n"))
    yield "marked", message(f"{said}\n\n{marked}\n"), _lines(said)
    bold = block.replace(": ", ":* ").replace("\n", "\n*")
    yield "stars", message(f"{said}\n\n*{bold}\n\n{rest}\n"), _lines(said)
    legal = speech["print"]
    yield "print", message(f"{said}\n\n{legal}\n\n{block}\n\n{rest}\n"), _lines(said)
    yield "print-alone", message(f"{said}\n\n{legal}\n"), _lines(said)
    head = "<br>".join(
        f"<b>{escape(line.partition(': ')[0])}:</b> {escape(line.partition(': ')[2])}"
        for line in block.split("\n")
    )
    page = (
        f'<div class="elementToProof">{_html(said)}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">'
        f'<font face="Calibri">{head}</font><div>&nbsp;</div></div><div>{_html(rest)}</div>'
    )
    yield "web-html", message(page, kind="text/html"), _lines(said)
    paragraphs = "".join(f'<p class="MsoNormal">{_html(part)}</p>' for part in said.split("\n\n"))
    page = (
        f'<div class="WordSection1">{paragraphs}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{head}</p></div></div><p class="MsoNormal">{_html(rest)}</p></div>'
    )
    yield "desktop-html", message(page, kind="text/html"), _lines(said)
    flat = " ".join(block.split("\n"))
    yield "flat", message(f"{said}\n\n{flat}\n\n{rest}\n"), _lines(said)


def _yahoo(speech: Speech) -> Made:
    said, above = _said(speech), _introduced(speech, "yahoo")
    rest = "\n".join(_SHOP_SAYS)
    yield "plain", message(f" {said}\n\n    {above} \n \n {rest}\n"), _lines(said)
    page = (
        f'<div class="ydp1yahoo-style-wrap"><div>{_html(said)}</div></div><div id="yahoo_quoted_1" '
        f'class="yahoo_quoted"><div><div>{escape(above)}</div><div><br></div><div>{_html(rest)}'
        "</div></div></div>"
    )
    yield "html", message(page, kind="text/html"), _lines(said)


def _samsung(speech: Speech) -> Made:
    said = _said(speech)
    one, _sent, to, subject, _when = speech["labels"]
    block = f"{one}: {SHOP} <{SHOP_MAIL}>\nDate: 02.03.26 09:30 (GMT+01:00)\n{to}: a\n{subject}: x"
    old = f"-------- {speech['original']} --------"
    yield "plain", message(f"{said}\n\n{old}\n{block}\n\nHello Ida\n"), _lines(said)
    page = (
        f'<div dir="auto">{_html(said)}</div><div><br></div><div style="font-size:100%"><!-- x -->'
        f"<div>{old}</div><div>{_html(block)}</div><div><br></div></div>Hello Ida"
    )
    yield "html", message(page, kind="text/html"), _lines(said)


def _proton(speech: Speech) -> Made:
    said, above = _said(speech), _introduced(speech, "yahoo")
    sent = "Sent with [Proton Mail](https://proton.me/) secure email."
    yield "plain", message(f"{said}\n\n{sent}\n\n{above}\n\n{_marked()}\n"), _lines(said)
    old = f"------- {speech['original']} -------"
    yield "old", message(f"{said}\n\n{sent}\n\n{old}\n{above}\n\n{_marked()}\n"), _lines(said)
    page = (
        f"<div>{_html(said)}</div><div class=protonmail_signature_block><div>Sent with Proton"
        f'</div></div><div class="protonmail_quote">{escape(above)}<br><blockquote class='
        f'"protonmail_quote" type="cite">{_html(_SHOP_SAYS[2])}</blockquote><br></div>'
    )
    yield "html", message(page, kind="text/html"), _lines(said)


def _gmx(speech: Speech) -> Made:
    said = _said(speech)
    one, sent, to, subject, when = speech["labels"]
    block = f'{sent}: {when}\n{one}: "{SHOP}" <{SHOP_MAIL}>\n{to}: ida@customer.test\n{subject}: x'
    yield "plain", message(f"{said}\n \n\n{block}\n\nHello Ida\n"), _lines(said)
    page = (
        f'<div>{_html(said)}<div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px;">'
        f'<div style="margin:0 0 10px 0;">{_html(block)}</div><div name="quoted-content">Hello'
        "</div></div></div></div>"
    )
    yield "html", message(page, kind="text/html"), _lines(said)


def _zoho(speech: Speech) -> Made:
    said, above = _said(speech), _introduced(speech, "gmail").rstrip(":：")
    yield "plain", message(f"{said}\n\n\n---- {above} ---- \n\nHello Ida\n"), _lines(said)
    page = (
        f"<div>{_html(said)}<br></div><div><br></div><div class='zmail_extra'>============ x "
        f"<br>{escape(above)}<br><blockquote>Hello</blockquote></div>"
    )
    yield "html", message(page, kind="text/html"), _lines(said)


_PROGRAMS: dict[str, Callable[[Speech], Made]] = {
    "gmail": _gmail,
    "apple": _apple,
    "thunderbird": _thunderbird,
    "outlook": _outlook,
    "yahoo": _yahoo,
    "samsung": _samsung,
    "proton": _proton,
    "gmx": _gmx,
    "zoho": _zoho,
}
