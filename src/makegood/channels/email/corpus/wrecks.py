"""Mails that were broken on the way, or never whole: charsets, headers, and what is missing."""

import base64
import quopri
from collections.abc import Iterator

from .case import Case

_TEXTS = {
    "Grüße aus Köln, schöne Lampe für uns": "latin-1 cp1252 iso8859-15 cp850 "
                                            "mac-roman utf-8 utf-7 utf-16",
    "Příliš žluťoučký kůň, děkuji za lampu": "iso8859-2 cp1250 mac-latin2 utf-8",
    "Dziękuję, proszę wysłać żółtą lampę": "iso8859-2 cp1250 utf-8",
    "Здравствуйте, моя лампа не работает, помогите": "koi8-r cp1251 iso8859-5 "
                                                     "cp866 mac-cyrillic utf-8",
    "Добрий день, моя лампа не працює, їжак": "koi8-u cp1251 utf-8",
    "Καλημέρα σας, η λάμπα μου δεν λειτουργεί": "iso8859-7 cp1253 mac-greek utf-8",
    "Merhaba, lambam çalışmıyor, teşekkürler": "iso8859-9 cp1254 utf-8",
    "שלום, המנורה שלי לא עובדת, תודה רבה": "iso8859-8 cp1255 utf-8",
    "مرحبا، المصباح لا يعمل، شكرا لكم": "iso8859-6 cp1256 utf-8",
    "こんにちは。ランプが壊れています。ありがとう": "iso2022-jp cp932 euc-jp utf-8",
    "您好，我的灯不亮了，请问什么时候能换新的": "gb18030 gbk gb2312 hz utf-8",
    "您好，我的燈不亮了，請問什麼時候能換新的": "big5 utf-8",
    "안녕하세요. 제 램프가 고장났습니다. 감사합니다": "euc-kr cp949 iso2022-kr utf-8",
    "สวัสดีครับ โคมไฟเสีย ขอบคุณ": "tis-620 cp874 utf-8",
    "Paldies, sūtiet jaunu lampu": "iso8859-13 cp1257 utf-8",
    "Chào bạn, đèn của tôi bị hỏng": "utf-8",
}  # fmt: skip
_MIME = {
    "latin-1": "iso-8859-1", "gb18030": "gb18030", "cp932": "Shift_JIS", "mac-roman": "macintosh",
    "iso2022-jp": "ISO-2022-JP", "iso2022-kr": "ISO-2022-KR", "hz": "HZ-GB-2312", "big5": "Big5",
    "cp949": "ks_c_5601-1987", "gbk": "GBK", "gb2312": "GB2312", "mac-latin2": "x-mac-ce",
    "mac-greek": "x-mac-greek", "mac-cyrillic": "x-mac-cyrillic", "cp866": "IBM866",
}  # fmt: skip
# Charsets that can be told by their letters where nobody names them.
_TOLD = "koi8-r cp1251 iso8859-5 cp866 cp1253 cp1255 cp1256 cp932 euc-jp gb18030 gbk big5 cp949 "
_TOLD_ALONE = frozenset((_TOLD + "utf-8 iso2022-jp euc-kr gb2312").split())
_HEAD = b"From: Ida <ida@customer.test>\nTo: support@lantern.test\n"


def wrecks() -> Iterator[Case]:
    """Everything that is wrong with a mail and must not matter."""
    yield from _charsets()
    yield from _headers()
    yield from _missing()
    yield from _damaged()


def _label(codec: str) -> str:
    if codec.startswith("iso8859"):
        return codec.replace("iso8859", "ISO-8859")
    return _MIME.get(codec, codec.replace("cp125", "windows-125"))


def _charsets() -> Iterator[Case]:
    for number, (text, codecs) in enumerate(_TEXTS.items()):
        for codec in codecs.split():
            data, label = text.encode(codec), _label(codec).encode()
            name = f"charset-{codec}-{number}"
            groups = ("charset", codec)
            kind = b"Content-Type: text/plain; charset=%s\n" % label
            body64 = b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
            yield Case(f"{name}-base64", _HEAD + kind + body64, {"reply": text}, groups)
            if codec != "utf-16":
                qp = b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(data)
                yield Case(f"{name}-qp", _HEAD + kind + qp, {"reply": text}, groups)
                yield Case(f"{name}-raw", _HEAD + kind + b"\n" + data, {"reply": text}, groups)
                word = b"Subject: =?%s?B?%s?=\n\nx" % (label, base64.b64encode(data))
                yield Case(f"{name}-word", _HEAD + word, {"subject": text}, groups)
            if codec in _TOLD_ALONE:
                yield Case(f"{name}-unsaid", _HEAD + b"\n" + data, {"reply": text}, groups)
                lie = b"Content-Type: text/plain; charset=iso-8859-1\n\n"
                yield Case(f"{name}-lie", _HEAD + lie + data, {"reply": text}, groups)
                odd = b"Content-Type: text/plain; charset=x-nobody-knows\n\n"
                yield Case(f"{name}-odd", _HEAD + odd + data, {"reply": text}, groups)
                raw = _HEAD + b"Subject: " + data + b"\n\nx"
                yield Case(f"{name}-raw-subject", raw, {"subject": text}, groups)


def _headers() -> Iterator[Case]:
    split = "Größe".encode()
    one, two = base64.b64encode(split[:3]), base64.b64encode(split[3:])
    cases: dict[str, tuple[bytes, dict[str, object]]] = {
        "split-character": (b"Subject: =?utf-8?B?%s?=\n =?utf-8?B?%s?=" % (one, two),
                            {"subject": "Größe"}),
        "word-broken-by-line": (b"Subject: =?utf-8?B?R3LD\n tsOfZQ==?=", {"subject": "Größe"}),
        "q-with-spaces": (b"Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe und mehr?=",
                          {"subject": "Größe und mehr"}),
        "language": (b"Subject: =?utf-8*de?Q?Gr=C3=B6=C3=9Fe?=", {"subject": "Größe"}),
        "lower-case": (b"Subject: =?UTF-8?b?R3LDtsOfZQ==?=", {"subject": "Größe"}),
        "no-padding": (b"Subject: =?utf-8?B?R3LDtsOfZQ?=", {"subject": "Größe"}),
        "glued": (b"Subject: Re:=?utf-8?Q?Gr=C3=B6=C3=9Fe?=!", {"subject": "Re:Größe!"}),
        "folded-tabs": (b"Subject: one\n\ttwo\n three", {"subject": "one two three"}),
        "no-colon-space": (b"Subject:one", {"subject": "one"}),
        "space-before-colon": (b"Subject : one", {"subject": "one"}),
        "upper-case": (b"SUBJECT: one", {"subject": "one"}),
        "two-subjects": (b"Subject: one\nSubject: two", {"subject": "one"}),
        "control": (b"Subject: o\x07ne\x00", {"subject": "one"}),
        "comment-date": (b"Date: Mon, 2 Mar 2026 09:00:00 +0100 (CET)",
                         {"date": "2026-03-02T08:00:00+00:00"}),
        "short-date": (b"Date: 2 Mar 26 9:00 GMT", {"date": "2026-03-02T09:00:00+00:00"}),
        "absurd-date": (b"Date: Mon, 99 Foo 12345 99:99:99 +9999", {"date": None}),
        "old-date": (b"Date: Thu, 01 Jan 1970 00:00:00 +0000", {"date": None}),
        "id-without-brackets": (b"Message-ID: a@b.test", {"message_id": "<a@b.test>"}),
        "id-with-spaces": (b"Message-ID: < a@b.test >", {"message_id": "<a@b.test>"}),
        "references": (b"References: <a@x.test>\n <b@x.test>\nIn-Reply-To: <b@x.test>",
                       {"references": ["<b@x.test>", "<a@x.test>"]}),
    }  # fmt: skip
    for name, (header, expected) in cases.items():
        yield Case(f"header-{name}", _HEAD + header + b"\n\nwords", {**expected, "reply": "words"})
    yield from _senders()


def _senders() -> Iterator[Case]:
    senders = {
        "bare": (b"ida@x.test", "ida@x.test"), "angle": (b"<ida@x.test>", "ida@x.test"),
        "comment": (b"ida@x.test (Ida Berg)", "ida@x.test"),
        "quoted": (b'"Berg, Ida" <ida@x.test>', "ida@x.test"),
        "case": (b"Ida <IDA@X.Test>", "ida@x.test"), "no-close": (b"Ida <ida@x.test", "ida@x.test"),
        "no-brackets": (b"Ida Berg ida@x.test", "ida@x.test"),
        "route": (b"<@a.test,@b.test:ida@x.test>", "ida@x.test"),
        "group": (b"Lamps: ida@x.test;", "ida@x.test"), "none": (b"", ""),
        "word": (b"=?utf-8?Q?Ida_B=C3=B6rg?= <ida@x.test>", "ida@x.test"),
        "idn": ("ida@bücher.test".encode(), "ida@xn--bcher-kva.test"),
        "dot": (b"ida.@x.test", "ida.@x.test"), "two-at": (b'"a@b"@x.test', '"a@b"@x.test'),
        "mailto": (b"Ida <mailto:ida@x.test>", "ida@x.test"),
        "spaces": (b"Ida < ida@x.test >", "ida@x.test"),
        "nothing": (b"undisclosed-recipients:;", ""), "name": (b"Ida Berg", ""),
    }  # fmt: skip
    for name, (value, address) in senders.items():
        raw = b"From: " + value + b"\nSubject: x\n\nwords"
        yield Case(f"sender-{name}", raw, {"sender": address, "reply": "words"})


def _missing() -> Iterator[Case]:
    wholes = {
        "nothing": (b"", ""), "newline": (b"\n", ""), "body-only": (b"\n\nwords", "words"),
        "no-headers": (b"just words\nand more", "just words\nand more"),
        "no-body": (b"From: ida@x.test", ""), "header-colon": (b": x\n\nwords", ": x\n\nwords"),
        "nul": (b"From: ida@x.test\n\nwo\x00rds", "words"),
        "bom": (b"From: ida@x.test\n\n\xef\xbb\xbfwords", "words"),
        "cr": (b"From: ida@x.test\r\rwords\rmore", "words\nmore"),
        "crcrlf": (b"From: ida@x.test\r\n\r\nwords\r\n", "words"),
        "mbox": (b"From ida Mon Mar  2 09:00:00 2026\nFrom: ida@x.test\n\nwords", "words"),
        "no-boundary": (b"Content-Type: multipart/mixed\n\nwords", "words"),
        "wrong-boundary": (
            b"Content-Type: multipart/mixed; boundary=a\n\n--b\n\nwords", "--b\n\nwords"),
        "cut": (b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nwords", "words"),
        "empty-alternative": (
            b"Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\n"
            b"\n--a\nContent-Type: text/html\n\n<p>words</p>\n--a--", "words"),
        "bad-base64": (b"Content-Transfer-Encoding: base64\n\nd29y!!ZHM\n==", "words"),
        "bad-qp": (b"Content-Transfer-Encoding: quoted-printable\n\nwo=72ds=ZZ=", "words=ZZ"),
        "odd-encoding": (b"Content-Transfer-Encoding: x-none\n\nwords", "words"),
        "encoding-8-bit": (b"Content-Transfer-Encoding: 8-bit\n\nwords", "words"),
        "no-type": (b"Content-Type: \n\nwords", "words"),
        "odd-type": (b"Content-Type: text\n\nwords", "words"),
        "type-junk": (b"Content-Type: text/plain; charset\n\nwords", "words"),
        "charset-quotes": (
            b"Content-Type: text/plain; charset=\"'utf-8'\"\n\nw\xc3\xb6rds", "wörds"),
    }  # fmt: skip
    for name, (raw, reply) in wholes.items():
        yield Case(f"missing-{name}", raw, {"reply": reply}, ("missing", name))


def _damaged() -> Iterator[Case]:
    """One mail cut at every tenth byte, and with bytes knocked out: it must still be read."""
    whole = (
        b"From: Ida <ida@customer.test>\nSubject: =?utf-8?B?R3LDtsOfZQ==?=\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html\n\n'
        b"<p>Hello <b>there</b></p><blockquote type=cite>x</blockquote>\n--b\n"
        b"Content-Type: image/png; name*=utf-8''l%C3%A4mp.png\nContent-Transfer-Encoding: base64\n"
        b"\niVBORw0KGgo=\n--b--\n"
    )
    for at in range(0, len(whole), 10):
        yield Case(f"cut-{at}", whole[:at])
        yield Case(f"hole-{at}", whole[:at] + whole[at + 7 :])
        yield Case(f"junk-{at}", whole[:at] + b"\xff\x00\x80=?" + whole[at:])
