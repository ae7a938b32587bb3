"""Files under odd names, and parts of odd kinds."""

from collections.abc import Iterator

from .case import Case
from .odd_parts import HEAD, Made, mixed

_WORDS = {"reply": "words"}
_PDF = b"--b\nContent-Type: application/pdf; name=lamp.pdf\n\n%PDF\n"


def odd_files() -> Iterator[Case]:
    """Every name, and every kind of part."""
    for group, cases in (
        ("file", _names()),
        ("kind", _kinds()),
        ("kind", _odd_kinds()),
        ("kind", _mails_within()),
        ("kind", _calendars()),
    ):
        for name, raw, expected in cases:
            yield Case(f"{group}-{name}", HEAD + raw, expected, ("part", group))


def _file(disposition: bytes, kind: bytes = b"application/pdf") -> bytes:
    return mixed(
        b"--b\n\nwords\n--b\nContent-Type: "
        + kind
        + (b"\nContent-Disposition: " + disposition if disposition else b"")
        + b"\n\n%PDF\n--b--\n"
    )


_NAMES: dict[str, tuple[bytes, bytes, str]] = {
    "both-agree": (b"attachment; filename=lamp.pdf", b"application/pdf; name=lamp.pdf", "lamp.pdf"),
    "conflict": (b"attachment; filename=lamp.pdf", b"application/pdf; name=other.exe", "lamp.pdf"),
    "type-only": (b"attachment", b"application/pdf; name=lamp.pdf", "lamp.pdf"),
    "no-disposition": (b"", b"application/pdf; name=lamp.pdf", "lamp.pdf"),
    "none": (b"", b"application/pdf", "attachment-1.pdf"),
    "none-octets": (b"attachment", b"application/octet-stream", "attachment-1.bin"),
    "none-word": (b"attachment", b"application/msword", "attachment-1.doc"),
    "none-xlsx": (b"attachment", b"application/vnd.openxmlformats-officedocument"
                  b".spreadsheetml.sheet", "attachment-1.xlsx"),
    "none-jpg": (b"attachment", b"image/jpg", "attachment-1.jpg"),
    "none-mp3": (b"attachment", b"audio/mpeg", "attachment-1.mp3"),
    "continued": (b"attachment; filename*0=la; filename*1=mp; filename*2=.pdf", b"application/pdf",
                  "lamp.pdf"),
    "continued-mixed": (b"attachment; filename*0*=utf-8''L%C3%A4; filename*1=\"mp 1\";"
                        b" filename*2*=%2Epdf", b"application/pdf", "Lämp 1.pdf"),
    "continued-unordered": (b"attachment; filename*1=mp.pdf; filename*0=la", b"application/pdf",
                            "lamp.pdf"),
    "continued-gap": (b"attachment; filename*0=lamp; filename*2=.pdf", b"application/pdf",
                      "lamp.pdf"),
    "continued-type": (b"attachment", b"application/pdf; name*0*=utf-8''L%C3%A4; name*1*=mp.pdf",
                       "Lämp.pdf"),
    "mid-character": (b"attachment; filename*0*=utf-8''L%C3; filename*1*=%A4mp.pdf",
                      b"application/pdf", "Lämp.pdf"),
    "extended-wins": (b"attachment; filename=\"L?mp.pdf\"; filename*=utf-8''L%C3%A4mp.pdf",
                      b"application/pdf", "Lämp.pdf"),
    "extended-quoted": (b"attachment; filename*=\"utf-8''L%C3%A4mp.pdf\"", b"application/pdf",
                        "Lämp.pdf"),
    "extended-koi8": (b"attachment; filename*=koi8-r''%CC%C1%CD%D0%C1.pdf", b"application/pdf",
                      "лампа.pdf"),
    "extended-sjis": (b"attachment; filename*=shift_jis'ja'%93%94.pdf", b"application/pdf",
                      "灯.pdf"),
    "percent-plain": (b"attachment; filename=\"L%C3%A4mp.pdf\"", b"application/pdf", "Lämp.pdf"),
    "percent-real": (b"attachment; filename=\"100%.pdf\"", b"application/pdf", "100%.pdf"),
    "word": (b"attachment; filename=\"=?utf-8?B?TMOkbXAucGRm?=\"", b"application/pdf", "Lämp.pdf"),
    "words": (b"attachment; filename=\"=?utf-8?Q?L=C3=A4?=\n =?utf-8?Q?mp.pdf?=\"",
              b"application/pdf", "Lämp.pdf"),
    "word-and-ending": (b"attachment; filename=\"=?utf-8?Q?L=C3=A4mp?=.pdf\"", b"application/pdf",
                        "Lämp.pdf"),
    "word-spaces": (b"attachment; filename==?utf-8?Q?my_l=C3=A4mp.pdf?=", b"application/pdf",
                    "my lämp.pdf"),
    "word-jis": (b"attachment; filename=\"=?ISO-2022-JP?B?GyRCRXQbKEIucGRm?=\"",
                 b"application/pdf", "灯.pdf"),
    "raw-sjis": ("attachment; filename=\"ランプのえです.pdf\"".encode("cp932"), b"application/pdf",
                 "ランプのえです.pdf"),
    "raw-gbk": ("attachment; filename=\"您的发票单.pdf\"".encode("gb18030"), b"application/pdf",
                "您的发票单.pdf"),
    "raw-cyrillic": ("attachment; filename=\"моя лампа.pdf\"".encode("cp1251"),
                     b"application/pdf", "моя лампа.pdf"),
    "apostrophes": (b"attachment; filename='lamp.pdf'", b"application/pdf", "lamp.pdf"),
    "typographic": ("attachment; filename=“lamp.pdf”".encode(), b"application/pdf", "“lamp.pdf”"),
    "path-unix": (b"attachment; filename=\"/etc/passwd\"", b"application/pdf", "passwd"),
    "path-windows": (b"attachment; filename=\"C:\\\\Users\\\\x\\\\lamp.pdf\"", b"application/pdf",
                     "lamp.pdf"),
    "path-bare": (b"attachment; filename=\"C:\\Users\\new\\lamp.pdf\"", b"application/pdf",
                  "lamp.pdf"),
    "path-percent": (b"attachment; filename*=utf-8''..%2F..%2Flamp.pdf", b"application/pdf",
                     "lamp.pdf"),
    "path-word": (b"attachment; filename=\"=?utf-8?Q?..=2F..=2Flamp.pdf?=\"", b"application/pdf",
                  "lamp.pdf"),
    "path-fullwidth": ("attachment; filename=\"a／b.pdf\"".encode(), b"application/pdf", "b.pdf"),
    "drive": (b"attachment; filename=\"C:lamp.pdf\"", b"application/pdf", "C_lamp.pdf"),
    "device": (b"attachment; filename=\"CON\"", b"application/pdf", "_CON"),
    "device-ending": (b"attachment; filename=\"nul.txt\"", b"application/pdf", "_nul.txt"),
    "rlo": ("attachment; filename=\"lamp\u202efdp.exe\"".encode(), b"application/pdf",
            "lampfdp.exe"),
    "isolate": ("attachment; filename=\"\u2067lamp\u2069.pdf\"".encode(), b"application/pdf",
                "lamp.pdf"),
    "newline": (b"attachment; filename*=utf-8''la%0Amp.pdf", b"application/pdf", "la mp.pdf"),
    "nul": (b"attachment; filename*=utf-8''lamp.pdf%00.exe", b"application/pdf", "lamp.pdf.exe"),
    "long": (b"attachment; filename=\"" + b"a" * 500 + b".pdf\"", b"application/pdf",
             "a" * 146 + ".pdf"),
    "dot-first": (b"attachment; filename=\".htaccess\"", b"application/pdf", "htaccess"),
    "spaces-only": (b"attachment; filename=\"   \"", b"application/pdf", "attachment-1.pdf"),
    "case": (b"Attachment; FileName=lamp.pdf", b"Application/PDF", "lamp.pdf"),
    "no-space": (b"attachment;filename=lamp.pdf", b"application/pdf", "lamp.pdf"),
    "equals-space": (b"attachment; filename = lamp.pdf", b"application/pdf", "lamp.pdf"),
    "comma": (b"attachment, filename=lamp.pdf", b"application/pdf; name=lamp.pdf", "lamp.pdf"),
    "filename-first": (b"filename=lamp.pdf; attachment", b"application/pdf", "lamp.pdf"),
    "comment": (b"attachment (odd); filename=lamp.pdf", b"application/pdf", "lamp.pdf"),
}  # fmt: skip


def _names() -> Made:
    for name, (disposition, kind, found) in _NAMES.items():
        yield name, _file(disposition, kind), {"files": [found], "reply": "words"}
    cid = b"--b\nContent-Type: text/html\n\n<p>words <img src=cid:%s></p>\n--b\nContent-Type: "
    cid += b"image/png\nContent-ID: %s\n\nx\n--b--\n"
    for name, used, given in (
        ("brackets", b"1@x", b"<1@x>"),
        ("bare", b"1@x", b"1@x"),
        ("escaped", b"1%40x", b"<1@x>"),
        ("spaces", b"1@x", b" < 1@x > "),
    ):
        yield (
            f"cid-{name}",
            mixed(cid % (used, given), kind=b"related"),
            {"reply": "words", "inlines": ["1@x"]},
        )
    unused = cid % (b"2@x", b"<1@x>")
    yield "cid-not-used", mixed(unused, kind=b"related"), {"files": ["attachment-1.png"]}
    start = (
        b'Content-Type: multipart/related; boundary=b; start="<root@x>"\n\n--b\n'
        b"Content-Type: image/png\nContent-ID: <1@x>\n\nx\n--b\nContent-Type: text/html\n"
        b"Content-ID: <root@x>\n\n<p>words</p>\n--b--\n"
    )
    yield "related-start", start, _WORDS


def _kinds() -> Made:
    words = b"--b\n\nwords\n"
    yield "two-texts", mixed(words + b"--b\n\nmore\n--b--"), {"reply": "words\n\nmore"}
    yield (
        "text-after-file",
        mixed(words + _PDF + b"--b\n\nmore\n--b--"),
        {"reply": "words\n\nmore", "files": ["lamp.pdf"]},
    )
    yield "inline-text", mixed(b"--b\nContent-Disposition: inline\n\nwords\n--b--"), _WORDS
    yield (
        "text-file",
        mixed(
            words + b"--b\nContent-Type: text/plain; name=log.txt\n"
            b"Content-Disposition: attachment\n\nlog\n--b--"
        ),
        {"files": ["log.txt"], **_WORDS},
    )
    yield (
        "body-said-attachment",
        b"Content-Disposition: attachment\n\nwords",
        {"files": ["attachment-1.txt"]},
    )
    alternative = (
        b"--b\nContent-Type: text/html\n\n<p>words</p>\n--b\n"
        b"Content-Type: text/plain\n\nwords\n--b--\n"
    )
    yield "alternative-turned", mixed(alternative, kind=b"alternative"), _WORDS
    alternative = (
        b"--b\nContent-Type: text/plain\n\nwords\n--b\nContent-Type: text/html\n\n"
        b"<p>words</p>\n--b\nContent-Type: application/pdf; name=lamp.pdf\n\nx\n--b--\n"
    )
    yield (
        "alternative-with-file",
        mixed(alternative, kind=b"alternative"),
        {"files": ["lamp.pdf"], **_WORDS},
    )


def _odd_kinds() -> Made:
    words = b"--b\n\nwords\n"
    yield (
        "alternative-one",
        mixed(b"--b\nContent-Type: text/html\n\n<p>words</p>\n--b--", kind=b"alternative"),
        _WORDS,
    )
    amp = (
        b"--b\nContent-Type: text/plain\n\nwords\n--b\nContent-Type: text/x-amp-html\n\n<html>"
        b"\n--b\nContent-Type: text/html\n\n<p>words</p>\n--b--\n"
    )
    yield "alternative-amp", mixed(amp, kind=b"alternative"), _WORDS
    yield (
        "multipart-unknown",
        mixed(words + _PDF, kind=b"x-lamp"),
        {"files": ["lamp.pdf"], **_WORDS},
    )
    yield (
        "appledouble",
        mixed(
            words + b"--b\nContent-Type: multipart/appledouble; boundary=c\n\n"
            b'--c\nContent-Type: application/applefile; name="%lamp.pdf"\n\n'
            b"x\n--c\nContent-Type: application/pdf; name=lamp.pdf\n\nx\n--c--\n"
            b"--b--\n"
        ),
        {"files": ["%lamp.pdf", "lamp.pdf"], **_WORDS},
    )
    yield (
        "vcard",
        mixed(words + b"--b\nContent-Type: text/vcard\n\nBEGIN:VCARD\n--b--"),
        {"files": ["attachment-1.vcf"], **_WORDS},
    )
    yield "type-broken", b"Content-Type: text/plain charset=utf-8\n\nwords", _WORDS
    yield "type-html-short", b"Content-Type: html\n\nwords", _WORDS
    yield "type-unknown-text", b"Content-Type: text/x-lamp\n\nwords", _WORDS
    yield "type-twice", b"Content-Type: text/plain\nContent-Type: text/html\n\nwords", _WORDS


def _mails_within() -> Made:
    words = b"--b\n\nwords\n"
    yield (
        "type-unknown",
        b"Content-Type: application/x-lamp\n\nwords",
        {"files": ["attachment-1.bin"]},
    )
    inner = (
        b"--b\nContent-Type: message/rfc822\n\nFrom: bo@x.test\nSubject: =?utf-8?Q?L=C3=A4mp?="
        b"\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ninner words\n--c\n"
        b"Content-Type: application/pdf; name=inner.pdf\n\nx\n--c--\n\n--b--\n"
    )
    yield "forward-as-file", mixed(words + inner), {"files": ["Lämp.eml"], **_WORDS}
    yield (
        "forward-alone",
        b"Content-Type: message/rfc822\n\nFrom: bo@x.test\nSubject: In\n\nHi",
        {"files": ["In.eml"]},
    )
    yield (
        "global",
        mixed(words + b"--b\nContent-Type: message/global\n\nSubject: In\n\nHi\n--b--"),
        {"files": ["In.eml"], **_WORDS},
    )
    digest = b"--b\n\nwords\n--b\nContent-Type: multipart/digest; boundary=d\n\n--d"
    digest += b"\n\nSubject: one\n\n1\n--d\n\nSubject: two\n\n2\n--d--\n--b--"
    yield "digest-inside", mixed(digest), {"files": ["one.eml", "two.eml"], **_WORDS}
    ftp = (
        b'Content-Type: message/external-body; access-type=anon-ftp; site="x.test"; '
        b'directory="pub"; name="lamp.pdf"\n\nContent-Type: application/pdf\n\n'
    )
    yield (
        "external-ftp",
        mixed(words + b"--b\n" + ftp + b"\n--b--"),
        {"fact": {"elsewhere": "x.test/pub/lamp.pdf"}, **_WORDS},
    )
    piece = b'Content-Type: message/partial; id="a@x"; number=1\n\nFrom: ida@x.test\n\nwords'
    yield "partial-first", piece, {"fact": {"piece": "1"}}


def _calendars() -> Made:
    words = b"--b\n\nwords\n"
    report = (
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b"
        b"\n\n--b\n\nRead.\n--b--\n"
    )
    yield "report-empty", report, {"kind": "receipt", "recipients": []}
    for method, words_said in (("REQUEST", "request"), ("REPLY", "reply"), ("CANCEL", "cancel")):
        calendar = (
            f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VTIMEZONE\r\nTZID:W. Europe"
            "\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nEND:STANDARD"
            "\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
            "DTSTART;TZID=W. Europe:20260302T093000\r\nDURATION:PT1H\r\n"
            "SUMMARY;LANGUAGE=de:Lampe\\, neu\r\nORGANIZER;CN=Ida:MAILTO:ida@x.test\r\n"
            "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\n"
            "DESCRIPTION:REMINDER\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        part = (
            f"--b\nContent-Type: text/calendar; method={method}; charset=utf-8\n\n{calendar}\n--b--"
        ).encode()
        yield (
            f"calendar-{words_said}",
            mixed(words + part, kind=b"alternative"),
            {
                "fact": {
                    "invitation": words_said,
                    "what": "Lampe, neu",
                    "begins": "2026-03-02 09:30 W. Europe",
                },
                "kind": "calendar",
            },
        )
