"""Where a part of a mail begins and ends, and how its bytes were packed, as odd programs do it."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from .case import Case

HEAD = b"From: Ida <ida@customer.test>\nTo: support@lantern.test\nSubject: x\nMIME-Version: 1.0\n"
_WORDS = {"reply": "words"}


Made = Iterator[tuple[str, bytes, dict[str, Any]]]


def odd_parts() -> Iterator[Case]:
    """Whatever stands where a part of a mail should stand."""
    for group, cases in (
        ("boundary", _boundaries()),
        ("boundary", _boundaries_within()),
        ("transfer", _transfers()),
        ("transfer", _escapes()),
        ("transfer", _wholes()),
        ("transfer", _old_ways()),
    ):
        for name, raw, expected in cases:
            yield Case(f"{group}-{name}", HEAD + raw, expected, ("part", group))


def mixed(body: bytes, boundary: bytes = b"b", kind: bytes = b"mixed") -> bytes:
    return b"Content-Type: multipart/%s; boundary=%s\n\n%s" % (kind, boundary, body)


_PDF = b"--b\nContent-Type: application/pdf; name=lamp.pdf\n\n%PDF\n"
_SAID = b"--b\nContent-Type: text/plain\n\nwords\n"


def _boundaries() -> Made:
    files = {**_WORDS, "files": ["lamp.pdf"]}
    yield "never-closed", mixed(_SAID + _PDF), files
    yield "closed-early", mixed(_SAID + b"--b--\n" + _PDF), files
    yield (
        "trailing-spaces",
        mixed(_SAID.replace(b"--b\n", b"--b  \t\n") + _PDF + b"--b-- \n"),
        files,
    )
    yield "quoted", mixed(_SAID + _PDF + b"--b--", b'"b"'), files
    yield "quoted-space-end", mixed(_SAID + _PDF + b"--b--", b'"b "'), files
    yield "single-quotes", mixed(_SAID + _PDF + b"--b--", b"'b'"), files
    odd = b"--=_(a'+,-./:?)\n\nwords\n--=_(a'+,-./:?)--\n"
    yield "all-signs", mixed(odd, b'"=_(a\'+,-./:?)"'), _WORDS
    yield "signs-unquoted", mixed(b"--=_a:b/c?d\n\nwords\n--=_a:b/c?d--\n", b"=_a:b/c?d"), _WORDS
    yield "of-dashes", mixed(b"------\n\nwords\n--------\n", b"----"), _WORDS
    yield "preamble", mixed(b"This is MIME.\n" + _SAID + _PDF + b"--b--\n"), files
    yield "epilogue", mixed(_SAID + _PDF + b"--b--\nScanned by nobody.\n"), files
    inner = mixed(b"--bb\n\nwords\n--bb--\n", b"bb", b"alternative")
    nested = mixed(b"--b\n" + inner + b"\n" + _PDF + b"--b--\n")
    yield "prefix-of-inner", nested, files
    inner = mixed(b"--b\n\nwords\n--b--\n", b"b", b"alternative")
    yield (
        "prefix-of-outer",
        mixed(
            b"--bb\n" + inner + b"\n--bb\nContent-Type: application/pdf;"
            b" name=lamp.pdf\n\nx\n--bb--\n",
            b"bb",
        ),
        files,
    )
    same = b"--b\n" + mixed(b"--b\n\nwords\n--b--\n", b"b", b"alternative") + b"\n--b--\n"
    yield "same-inside", mixed(same), {"has": ["words"]}
    yield "no-parts", mixed(b"--b--\n"), {"reply": "--b--"}
    yield "empty-part", mixed(b"--b\n--b\n\nwords\n--b--\n"), _WORDS
    yield "words-without", mixed(b"words\n"), _WORDS
    yield "no-parameter", b"Content-Type: multipart/mixed\n\n" + _SAID, {"has": ["words"]}


def _boundaries_within() -> Made:
    files = {**_WORDS, "files": ["lamp.pdf"]}
    yield (
        "empty-parameter",
        b'Content-Type: multipart/mixed; boundary=""\n\n' + _SAID,
        {"has": ["words"]},
    )
    yield (
        "two-parameters",
        (b"Content-Type: multipart/mixed; boundary=b; boundary=c\n\n" + _SAID),
        _WORDS,
    )
    yield (
        "folded-parameter",
        (b'Content-Type: multipart/mixed;\n\tboundary=\n\t"b"\n\n' + _SAID),
        _WORDS,
    )
    yield "commented", b"Content-Type: multipart/mixed (odd); boundary=b (odd)\n\n" + _SAID, _WORDS
    yield "rfc2231", b"Content-Type: multipart/mixed; boundary*=us-ascii''b\n\n" + _SAID, _WORDS
    yield (
        "in-sections",
        b"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n"
        + (_SAID.replace(b"--b", b"--ab")),
        _WORDS,
    )
    yield "crlf", mixed(_SAID + _PDF + b"--b--\n").replace(b"\n", b"\r\n"), files
    yield "not-at-start", mixed(b"--b\n\nwords --b inside\n--b--"), {"reply": "words --b inside"}
    yield "long", mixed(b"--" + b"a" * 200 + b"\n\nwords\n", b"a" * 200), _WORDS
    yield "no-blank-line", mixed(b"--b\nwords\n--b--"), _WORDS
    yield "headers-only", mixed(b"--b\nContent-Type: text/plain\n--b\n\nwords\n--b--"), _WORDS
    yield "unclosed-quote", b'Content-Type: multipart/mixed; boundary="b\n\n' + _SAID, _WORDS


def packed(encoding: bytes, body: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return b"Content-Type: %s\nContent-Transfer-Encoding: %s\n\n%s" % (kind, encoding, body)


def _transfers() -> Made:
    said = "Größe"
    coded = base64.b64encode(said.encode())
    yield "base64", packed(b"base64", coded), {"reply": said}
    yield (
        "base64-one-line",
        packed(b"base64", base64.b64encode(b"words " * 3_000)),
        {"reply": ("words " * 3_000).strip()},
    )
    yield "base64-no-padding", packed(b"base64", coded.rstrip(b"=")), {"reply": said}
    yield "base64-much-padding", packed(b"base64", coded + b"===="), {"reply": said}
    yield (
        "base64-garbage",
        packed(b"base64", b"!" + coded[:3] + b"\x00*\n " + coded[3:]),
        {"reply": said},
    )
    yield "base64-footer", packed(b"base64", coded + b"\n\n--\nList footer!\n"), {"kept": [said]}
    yield (
        "base64-that-is-none",
        packed(b"base64", "Wo ist die Größe? Bitte!".encode()),
        {"reply": "Wo ist die Größe? Bitte!"},
    )
    yield (
        "base64-plain-words",
        packed(b"base64", b"Where is my lamp? It is late.\nIda"),
        {"reply": "Where is my lamp? It is late.\nIda"},
    )
    yield "base64-case", packed(b"BASE64", coded), {"reply": said}
    yield "base64-comment", packed(b"base64 (odd)", coded), {"reply": said}
    yield "base64-quoted", packed(b'"base64"', coded), {"reply": said}
    yield "base64-b", packed(b"b", coded), {"reply": said}
    yield (
        "base64-short-lines",
        packed(b"base64", b"\n".join(coded[i : i + 2] for i in range(0, 12, 2))),
        {"reply": said},
    )
    yield "qp", packed(b"quoted-printable", b"Gr=C3=B6=C3=9Fe"), {"reply": said}


def _escapes() -> Made:
    said = "Größe"
    coded = base64.b64encode(said.encode())
    yield "qp-lower", packed(b"quoted-printable", b"Gr=c3=b6=c3=9fe"), {"reply": said}
    yield "qp-soft", packed(b"quoted-printable", b"Gr=\n=C3=B6=C3=\n=9Fe"), {"reply": said}
    yield "qp-soft-space", packed(b"quoted-printable", b"Gr= \n=C3=B6=C3=9Fe"), {"reply": said}
    yield "qp-soft-crlf", packed(b"quoted-printable", b"Gr=\r\n=C3=B6=C3=9Fe\r\n"), {"reply": said}
    yield (
        "qp-bad",
        packed(b"quoted-printable", b"a=b =XY 100%= sure = yes="),
        {"reply": "a=b =XY 100%= sure = yes"},
    )
    yield (
        "qp-raw-8bit",
        packed(b"quoted-printable", "Größe =E2=82=AC".encode()),
        {"reply": "Größe €"},
    )
    yield (
        "qp-none",
        packed(b"quoted-printable", b"see https://x.test/?a=1&b=2"),
        {"has": ["https://x.test/?a"]},
    )
    yield "qp-name", packed(b"quotedprintable", b"Gr=C3=B6=C3=9Fe"), {"reply": said}
    yield "qp-short", packed(b"qp", b"Gr=C3=B6=C3=9Fe"), {"reply": said}
    yield "qp-underscore", packed(b"quoted_printable", b"Gr=C3=B6=C3=9Fe"), {"reply": said}
    yield "seven-that-is-eight", packed(b"7bit", said.encode()), {"reply": said}
    yield "binary", packed(b"binary", said.encode()), {"reply": said}
    yield "unknown", packed(b"x-lamp", said.encode()), {"reply": said}
    yield "empty", packed(b"", said.encode()), {"reply": said}
    part = b"--b\nContent-Transfer-Encoding: base64\n\n" + coded + b"\n--b--\n"
    yield (
        "multipart-qp",
        (b"Content-Transfer-Encoding: quoted-printable\n" + mixed(part)),
        {"reply": said},
    )
    b"--b\nContent-Type: text/plain; charset=utf-8\n\n" + said.encode() + b"\n--b--\n"


def _wholes() -> Made:
    said = "Größe"
    whole = b"--b\nContent-Type: text/plain; charset=utf-8\n\n" + said.encode() + b"\n--b--\n"
    yield (
        "multipart-base64-said",
        (b"Content-Transfer-Encoding: base64\n" + mixed(whole)),
        {"reply": said},
    )
    yield (
        "multipart-base64",
        (b"Content-Transfer-Encoding: base64\n" + mixed(base64.encodebytes(whole))),
        {"reply": said},
    )
    inner = b"From: bo@x.test\nSubject: Inner\n\nHello\n"
    rfc = b"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    yield (
        "mail-base64",
        mixed(b"--b\n\nwords\n" + rfc + base64.encodebytes(inner) + b"--b--\n"),
        {"files": ["Inner.eml"], **_WORDS},
    )
    uu = b"begin 644 lamp.txt\n" + binascii.b2a_uu(b"It is dark") + b"`\nend\n"
    yield (
        "uu-part",
        mixed(
            b"--b\n\nwords\n--b\nContent-Type: application/octet-stream\n"
            b"Content-Disposition: attachment; filename=lamp.txt\n"
            b"Content-Transfer-Encoding: x-uuencode\n\n" + uu + b"--b--\n"
        ),
        {"files": ["lamp.txt"], **_WORDS},
    )
    yield (
        "uu-two",
        b"\nwords\n\n" + uu + b"\n" + uu.replace(b"lamp", b"shade"),
        {"files": ["lamp.txt", "shade.txt"], **_WORDS},
    )


def _old_ways() -> Made:
    uu = b"begin 644 lamp.txt\n" + binascii.b2a_uu(b"It is dark") + b"`\nend\n"
    yield (
        "uu-spaces",
        b"\nwords\n\n" + uu.replace(b"lamp.txt", b"my lamp.txt"),
        {"files": ["my lamp.txt"], **_WORDS},
    )
    yield "uu-cut", b"\nwords\n\n" + uu.replace(b"end\n", b""), {"kept": ["words"]}
    dark = bytes((byte + 42) % 256 for byte in b"It is dark")
    yenc = b"=ybegin line=128 size=10 name=lamp.txt\n" + dark + b"\n=yend size=10\n"
    yield "yenc", b"\nwords\n\n" + yenc, {"files": ["lamp.txt"], **_WORDS}
    hqx = b"(This file must be converted with BinHex 4.0)\n\n:abc:\n"
    yield "binhex", b"\nwords\n\n" + hqx, {"kept": ["words"]}
