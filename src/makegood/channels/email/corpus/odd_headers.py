"""Headers as odd programs write them: addresses, encoded words, dates, line ends, folding."""

import base64
from collections.abc import Iterator

from .case import Case

_HEAD = b"From: Ida <ida@customer.test>\nTo: support@lantern.test\n"


def odd_headers() -> Iterator[Case]:
    """Every strange form that the RFCs allow, and some that they do not."""
    yield from _senders()
    yield from _recipients()
    yield from _words()
    yield from _dates()
    yield from _lines()


# From header → (name, address).
_FROM: dict[str, tuple[bytes, str, str]] = {
    "comment-after": (b"Ida Berg <ida@x.test> (at home)", "Ida Berg", "ida@x.test"),
    "comment-before": (b"(at home) Ida Berg <ida@x.test>", "Ida Berg", "ida@x.test"),
    "comment-nested": (b"ida@x.test (Ida (the first) Berg)", "Ida (the first) Berg", "ida@x.test"),
    "comment-in-local": (b"ida(home)@x.test", "home", "ida@x.test"),
    "comment-with-address": (b"ida@x.test (not bo@y.test)", "not bo@y.test", "ida@x.test"),
    "comment-in-angle": (b"Ida <ida@x.test(work)>", "Ida", "ida@x.test"),
    "spaces-in-address": (b"Ida < ida @ x.test >", "Ida", "ida@x.test"),
    "quoted-local": (b'"Ida Berg" <"ida.berg"@x.test>', "Ida Berg", "ida.berg@x.test"),
    "quoted-local-bare": (b'"ida.berg"@x.test', "", "ida.berg@x.test"),
    "domain-literal": (b"Ida <ida@[192.0.2.1]>", "Ida", "ida@[192.0.2.1]"),
    "domain-literal-6": (b"<ida@[IPv6:2001:db8::1]>", "", "ida@[ipv6:2001:db8::1]"),
    "group-of-one": (b"Lamps: Ida <ida@x.test>;", "Ida", "ida@x.test"),
    "group-quoted": (b'"Lamps: all": Ida <ida@x.test>;', "Ida", "ida@x.test"),
    "escaped-quote": (b'"Ida \\"Lamp\\" Berg" <ida@x.test>', 'Ida "Lamp" Berg', "ida@x.test"),
    "unescaped-quote": (b'"Ida "Lamp" Berg" <ida@x.test>', 'Ida "Lamp" Berg', "ida@x.test"),
    "open-quote": (b'"Ida Berg <ida@x.test>', "Ida Berg", "ida@x.test"),
    "angle-twice": (b"Ida <<ida@x.test>>", "Ida", "ida@x.test"),
    "address-as-name": (b'"ida@x.test" <ida@x.test>', "", "ida@x.test"),
    "other-address-as-name": (b'"boss@bank.test" <ida@x.test>', "boss@bank.test", "ida@x.test"),
    "other-address-bare": (b"boss@bank.test <ida@x.test>", "boss@bank.test", "ida@x.test"),
    "comma-unquoted": (b"Berg, Ida <ida@x.test>", "Berg, Ida", "ida@x.test"),
    "semicolon-end": (b"Ida <ida@x.test>;", "Ida", "ida@x.test"),
    "comma-end": (b"Ida <ida@x.test>,", "Ida", "ida@x.test"),
    "name-behind": (b"<ida@x.test> Ida Berg", "Ida Berg", "ida@x.test"),
    "square": (b"Ida [ida@x.test]", "Ida", "ida@x.test"),
    "apostrophes": (b"'ida@x.test' <ida@x.test>", "", "ida@x.test"),
    "plus": (b"ida+lamps=x@x.test", "", "ida+lamps=x@x.test"),
    "slash": (b"/C=DE/O=Lamps/S=Berg/@x.test", "", "/c=de/o=lamps/s=berg/@x.test"),
    "apostrophe-local": (b"Ida <o'berg@x.test>", "Ida", "o'berg@x.test"),
    "dots-inside": (b"Ida <ida..berg@x.test>", "Ida", "ida..berg@x.test"),
    "dot-end": (b"Ida <ida@x.test.>", "Ida", "ida@x.test"),
    "eai": ("Ида <ида@почта.test>".encode(), "Ида", "ида@xn--80a1acny.test"),
    "eai-chinese": ("<灯@例子.test>".encode(), "", "灯@xn--fsqu00a.test"),
    "raw-utf-8": ("Jürgen Groß <ida@x.test>".encode(), "Jürgen Groß", "ida@x.test"),
    "raw-latin": ("Jürgen Groß <ida@x.test>".encode("latin-1"), "Jürgen Groß", "ida@x.test"),
    "raw-cyrillic": ("Иван Петров <ida@x.test>".encode("koi8-r"), "Иван Петров", "ida@x.test"),
    "word": (b"=?utf-8?B?w4lsaXNl?= <ida@x.test>", "Élise", "ida@x.test"),
    "word-quoted": (b'"=?utf-8?B?w4lsaXNl?=" <ida@x.test>', "Élise", "ida@x.test"),
    "word-glued": (b"=?utf-8?B?w4lsaXNl?=<ida@x.test>", "Élise", "ida@x.test"),
    "word-of-all": (b"=?utf-8?Q?=C3=89lise_=3Cida=40x=2Etest=3E?=", "Élise", "ida@x.test"),
    "word-with-comma": (b"=?utf-8?Q?Berg=2C_Ida?= <ida@x.test>", "Berg, Ida", "ida@x.test"),
    "word-with-angle": (b"=?utf-8?Q?<bo@y.test>?= <ida@x.test>", "<bo@y.test>", "ida@x.test"),
    "word-in-comment": (b"ida@x.test (=?utf-8?Q?=C3=89lise?=)", "Élise", "ida@x.test"),
    "word-in-angle": (b"Ida <=?utf-8?Q?ida=40x=2Etest?=>", "Ida", "ida@x.test"),
    "words-two": (b"=?utf-8?Q?Ida?= =?utf-8?Q?_Berg?= <ida@x.test>", "Ida Berg", "ida@x.test"),
    "words-folded": (b"=?utf-8?Q?Ida?=\n =?utf-8?Q?_Berg?=\n <ida@x.test>", "Ida Berg",
                     "ida@x.test"),
    "exchange": (b"\"Ida Berg\" <IMCEAEX-_O=X@x.test>", "Ida Berg", "imceaex-_o=x@x.test"),
    "mailto-angle": (b"Ida <mailto:ida@x.test>", "Ida", "ida@x.test"),
    "smtp-angle": (b"Ida <SMTP:ida@x.test>", "Ida", "ida@x.test"),
    "nul": (b"Ida\x00 <ida@x\x00.test>", "Ida", "ida@x.test"),
    "tabs": (b"Ida\t<ida@x.test>\t", "Ida", "ida@x.test"),
    "two": (b"Ida <ida@x.test>, Bo <bo@x.test>", "Ida", "ida@x.test"),
    "empty-angle": (b"Ida <>", "Ida", ""),
    "local-only": (b"ida", "ida", ""),
    "root": (b"root (Cron Daemon)", "root (Cron Daemon)", ""),
}  # fmt: skip


def _senders() -> Iterator[Case]:
    for name, (value, person, address) in _FROM.items():
        raw = b"From: " + value + b"\nTo: support@lantern.test\n\nwords"
        expected = {"from": {"name": person, "address": address}, "reply": "words"}
        yield Case(f"from-{name}", raw, expected, ("header", "from"))
    sent = b"From: Ida <ida@x.test>, Bo <bo@x.test>\nSender: Bo <bo@x.test>\n\nwords"
    yield Case("from-two-and-sender", sent, {"sender": "ida@x.test"}, ("header", "from"))
    sent = b"Sender: Bo <bo@x.test>\n\nwords"
    yield Case("from-sender-alone", sent, {"sender": "bo@x.test"}, ("header", "from"))
    sent = b"From: ida@x.test\nFrom: bo@x.test\n\nwords"
    yield Case("from-header-twice", sent, {"sender": "ida@x.test"}, ("header", "from"))
    sent = b"From: nobody\nReply-To: Ida <ida@x.test>\n\nwords"
    expected = {"reply_to": {"name": "Ida", "address": "ida@x.test"}}
    yield Case("from-reply-to", sent, expected, ("header", "from"))


_TO: dict[str, tuple[bytes, list[str]]] = {
    "group": (b"Friends: a@x.test, b@x.test; c@x.test", ["a@x.test", "b@x.test", "c@x.test"]),
    "groups": (b"A: a@x.test;, B: b@x.test;", ["a@x.test", "b@x.test"]),
    "empty-group": (b"undisclosed-recipients:;, a@x.test", ["a@x.test"]),
    "commas": (b"a@x.test,,,b@x.test,", ["a@x.test", "b@x.test"]),
    "semicolons": (b"a@x.test; b@x.test", ["a@x.test", "b@x.test"]),
    "spaces": (b"a@x.test b@x.test", ["a@x.test", "b@x.test"]),
    "quoted-comma": (b'"A, B" <a@x.test>, b@x.test', ["a@x.test", "b@x.test"]),
    "comment-comma": (b"a@x.test (one, two), b@x.test", ["a@x.test", "b@x.test"]),
    "route": (b"<@p.test,@q.test:a@x.test>, b@x.test", ["a@x.test", "b@x.test"]),
    "one-broken": (b"Ida, a@x.test, <bo@, b@x.test", ["a@x.test", "b@x.test"]),
    "open-angle": (b"A <a@x.test, B <b@x.test>", ["a@x.test", "b@x.test"]),
    "open-quote": (b'"A <a@x.test>, B <b@x.test>', ["a@x.test", "b@x.test"]),
    "open-comment": (b"a@x.test (one, b@x.test", ["a@x.test"]),
    "folded": (b"a@x.test,\n\tb@x.test,\n c@x.test", ["a@x.test", "b@x.test", "c@x.test"]),
    "words": (b"=?utf-8?Q?=C3=89?= <a@x.test>, =?utf-8?Q?B=2C?= <b@x.test>",
              ["a@x.test", "b@x.test"]),
}  # fmt: skip


def _recipients() -> Iterator[Case]:
    for name, (value, found) in _TO.items():
        raw = b"From: ida@x.test\nTo: " + value + b"\n\nwords"
        yield Case(f"to-{name}", raw, {"recipients-named": found}, ("header", "to"))
    raw = b"From: ida@x.test\nTo: a@x.test\nTo: b@x.test\n\nwords"
    yield Case("to-twice", raw, {"recipients-named": ["a@x.test", "b@x.test"]}, ("header", "to"))


def _b(text: bytes) -> bytes:
    return base64.b64encode(text)


_EURO = "Größe €".encode()
_KANA = "半角ｶﾅ".encode("cp932")
# Subject header → what it says.
_SUBJECTS: dict[str, tuple[bytes, str]] = {
    "mid-character": (b"=?utf-8?B?%s?=\n =?utf-8?B?%s?=" % (_b(_EURO[:9]), _b(_EURO[9:])),
                      "Größe €"),
    "mid-character-q": (b"=?utf-8?Q?Gr=C3?=\n =?utf-8?Q?=B6=C3=9Fe?=", "Größe"),
    "mid-character-mixed": (b"=?utf-8?Q?Gr=C3?= =?UTF-8?B?%s?=" % _b(_EURO[3:]), "Größe €"),
    "no-space-between": (b"=?utf-8?Q?one?==?utf-8?Q?_two?=", "one two"),
    "no-space-before": (b"Re:=?utf-8?Q?one?=", "Re:one"),
    "no-space-after": (b"=?utf-8?Q?one?=two", "onetwo"),
    "quoted": (b'"=?utf-8?Q?one_two?="', '"one two"'),
    "language": (b"=?iso-8859-1*en?Q?one?=", "one"),
    "language-long": (b"=?us-ascii*en-GB?Q?one?=", "one"),
    "unknown-charset": (b"=?x-klingon?Q?Gr=C3=B6=C3=9Fe?=", "Größe"),
    "unknown-encoding": (b"=?utf-8?X?one?=", "=?utf-8?X?one?="),
    "unclosed": (b"=?utf-8?Q?one", "=?utf-8?Q?one"),
    "not-closed-well": (b"=?utf-8?B?b25l=?=", "one"),
    "empty": (b"=?utf-8?Q??=", ""),
    "empty-then-word": (b"=?utf-8?B??= =?utf-8?Q?one?=", "one"),
    "base64-spaces": (b"=?utf-8?B?b2 5l?=", "one"),
    "base64-url": (b"=?utf-8?B?Pz8_?=", "???"),
    "q-equals-at-end": (b"=?utf-8?Q?one=?=", "one"),
    "q-bad-hex": (b"=?utf-8?Q?one=ZZ?=", "one=ZZ"),
    "q-tab": (b"=?utf-8?Q?one\ttwo?=", "one two"),
    "q-question": (b"=?utf-8?Q?one??=", "one?"),
    "charset-case": (b"=?Utf-8?q?one?=", "one"),
    "utf8-without-dash": (b"=?UTF8?Q?Gr=C3=B6?=", "Grö"),
    "cp1252-as-latin": (b"=?iso-8859-1?Q?=84one=93_=80?=", "„one“ €"),
    "cp1252-as-ascii": (b"=?us-ascii?Q?Gr=F6=DFe?=", "Größe"),
    "utf-8-as-latin": (b"=?iso-8859-1?Q?Gr=C3=B6=C3=9Fe?=", "Größe"),
    "gb18030-as-gb2312": (b"=?gb2312?B?%s?=" % _b("镕灯".encode("gb18030")), "镕灯"),
    "kana-half": (b"=?shift_jis?B?%s?=" % _b(_KANA), "半角ｶﾅ"),
    "kana-half-iso": (b"=?iso-2022-jp?B?%s?=" % _b("半角ｶﾅ".encode("iso2022-jp-ext")), "半角ｶﾅ"),
    "kana-half-50221": (b"=?iso-2022-jp?B?%s?=" % _b(b"\x1b(I6E\x1b(B"), "ｶﾅ"),
    "kana-raw-8bit-in-jis": (b"=?iso-2022-jp?B?%s?=" % _b(b"\x1b$BEt\x1b(B ok"), "灯 ok"),
    "jis-circled": (b"=?iso-2022-jp?B?%s?=" % _b(b"\x1b$B-!\x1b(B"), "①"),
    "jis-cut": (b"=?iso-2022-jp?B?%s?=\n =?iso-2022-jp?B?%s?="
                % (_b(b"\x1b$BEt"), _b(b"$,\x1b(B")), "灯が"),
    "jis-raw": (b"\x1b$BEt$,\x1b(B", "灯が"),
    "utf-7": (b"=?utf-7?Q?Gr+APYA3w-e?=", "Größe"),
    "utf-16": (b"=?utf-16?B?%s?=" % _b("Größe".encode("utf-16")), "Größe"),
    "euc-kr": (b"=?euc-kr?B?%s?=" % _b("똠방 램프".encode("cp949")), "똠방 램프"),
    "big5-uao": (b"=?big5?B?%s?=" % _b("燈壞了".encode("big5")), "燈壞了"),
    "windows-31j": (b"=?windows-31j?B?%s?=" % _b("髙①".encode("cp932")), "髙①"),
    "folded-within": (b"=?utf-8?Q?one=20?=\n\t=?utf-8?Q?two?=", "one two"),
    "long-word": (b"=?utf-8?B?%s?=" % _b("é".encode() * 300), "é" * 300),
    "very-long-word": (b"=?utf-8?B?%s?=" % _b("é".encode() * 1_200), "é" * 500),
    "8bit-and-word": ("Größe =?utf-8?Q?=E2=82=AC?=".encode(), "Größe €"),
    "control-in-word": (b"=?utf-8?Q?one=00=07=0Atwo?=", "one two"),
    "question-marks": (b"what?? =? really ?=", "what?? =? really ?="),
    "nested": (b"=?utf-8?Q?=3D=3Futf-8=3FQ=3Fone=3F=3D?=", "=?utf-8?Q?one?="),
}  # fmt: skip


def _words() -> Iterator[Case]:
    for name, (value, said) in _SUBJECTS.items():
        raw = _HEAD + b"Subject: " + value + b"\n\nwords"
        yield Case(f"subject-{name}", raw, {"subject": said, "reply": "words"}, ("header", "word"))


_DATES: dict[str, tuple[bytes, str | None]] = {
    "plain": (b"Mon, 2 Mar 2026 09:30:00 +0100", "2026-03-02T08:30:00+00:00"),
    "no-day": (b"2 Mar 2026 09:30:00 +0100", "2026-03-02T08:30:00+00:00"),
    "no-seconds": (b"Mon, 2 Mar 2026 09:30 +0100", "2026-03-02T08:30:00+00:00"),
    "named-zone": (b"Mon, 02 Mar 2026 09:30:00 EST", "2026-03-02T14:30:00+00:00"),
    "gmt-offset": (b"Mon, 02 Mar 2026 09:30:00 GMT+0100", "2026-03-02T08:30:00+00:00"),
    "zone-comment": (b"Mon, 02 Mar 2026 09:30:00 -0800 (Pacific Standard Time)",
                     "2026-03-02T17:30:00+00:00"),
    "two-digit-year": (b"02 Mar 26 09:30:00 +0000", "2026-03-02T09:30:00+00:00"),
    "dashes": (b"02-Mar-2026 09:30:00 +0000", "2026-03-02T09:30:00+00:00"),
    "asctime": (b"Mon Mar  2 09:30:00 2026", "2026-03-02T09:30:00+00:00"),
    "iso": (b"2026-03-02T09:30:00+01:00", "2026-03-02T08:30:00+00:00"),
    "iso-space": (b"2026-03-02 09:30:00", "2026-03-02T09:30:00+00:00"),
    "full-names": (b"Monday, 2 March 2026 09:30:00 +0000", "2026-03-02T09:30:00+00:00"),
    "dots": (b"Mon, 2 Mar 2026 09.30.00 +0000", "2026-03-02T09:30:00+00:00"),
    "leap-second": (b"Wed, 31 Dec 2025 23:59:60 +0000", None),
    "year-1900": (b"Mon, 1 Jan 1900 00:00:00 +0000", None),
    "year-2099": (b"Mon, 2 Mar 2199 09:30:00 +0000", None),
    "month-13": (b"2 Foo 2026 09:30:00 +0000", None),
    "zone-absurd": (b"Mon, 2 Mar 2026 09:30:00 +9900", None),
    "huge": (b"Mon, 2 Mar 99999999999999999999 09:30:00 +0000", None),
    "empty": (b"", None),
    "words": (b"yesterday", None),
    "encoded": (b"=?utf-8?Q?Mon=2C_2_Mar_2026_09:30:00_+0000?=", "2026-03-02T09:30:00+00:00"),
    "long": (b"Mon, 2 Mar 2026 09:30:00 +0000 (" + b"x" * 5_000 + b")",
             "2026-03-02T09:30:00+00:00"),
}  # fmt: skip


def _dates() -> Iterator[Case]:
    for name, (value, moment) in _DATES.items():
        raw = _HEAD + b"Date: " + value + b"\n\nwords"
        yield Case(f"date-{name}", raw, {"date": moment, "reply": "words"}, ("header", "date"))


_IDA = {"sender": "ida@customer.test", "subject": "lamp", "reply": "words"}
_LINES: dict[str, bytes] = {
    "lf": b"From: ida@customer.test\nSubject: lamp\n\nwords",
    "crlf": b"From: ida@customer.test\r\nSubject: lamp\r\n\r\nwords",
    "cr": b"From: ida@customer.test\rSubject: lamp\r\rwords",
    "mixed": b"From: ida@customer.test\r\nSubject: lamp\n\r\nwords",
    "mixed-other": b"From: ida@customer.test\nSubject: lamp\r\n\nwords",
    "crcrlf": b"From: ida@customer.test\r\r\nSubject: lamp\r\r\n\r\r\nwords",
    "space-line": b"From: ida@customer.test\nSubject: lamp\n \nwords",
    "tab-line": b"From: ida@customer.test\nSubject: lamp\n\t\nwords",
    "space-colon": b"From : ida@customer.test\nSubject\t: lamp\n\nwords",
    "no-space": b"From:ida@customer.test\nSubject:lamp\n\nwords",
    "case": b"FROM: ida@customer.test\nsUBJECT: lamp\n\nwords",
    "bom": b"\xef\xbb\xbfFrom: ida@customer.test\nSubject: lamp\n\nwords",
    "blank-first": b"\r\n\r\nFrom: ida@customer.test\r\nSubject: lamp\r\n\r\nwords",
    "mbox": b"From ida@customer.test Mon Mar  2 09:30:00 2026\nFrom: ida@customer.test\n"
            b"Subject: lamp\n\nwords",
    "mbox-quoted": b">From ida@customer.test Mon Mar  2 09:30:00 2026\nFrom: ida@customer.test\n"
                   b"Subject: lamp\n\nwords",
    "mbox-inside": b"Received: by x.test\nFrom ida@customer.test Mon Mar  2 09:30:00 2026\n"
                   b"From: ida@customer.test\nSubject: lamp\n\nwords",
    "junk-first": b"junk\nFrom: ida@customer.test\nSubject: lamp\n\nwords",
    "first-folded": b" folded\nFrom: ida@customer.test\nSubject: lamp\n\nwords",
    "folded-empty": b"From:\n ida@customer.test\nSubject:\n lamp\n\nwords",
    "folded-far": b"From: ida@customer.test\nSubject: lamp\nX: " + b"a\n " * 50_000 + b"\n\nwords",
    "long-line": b"From: ida@customer.test\nX: " + b"a" * 100_000 + b"\nSubject: lamp\n\nwords",
    "no-blank": b"From: ida@customer.test\nSubject: lamp\nwords",
    "colonless-between": b"From: ida@customer.test\nX-Broken header line\nSubject: lamp\n\nwords",
    "nul-in-header": b"From: ida@customer.test\nSubject: la\x00mp\n\nwords",
    "empty-name": b"From: ida@customer.test\n: what\nSubject: lamp\n\nwords",
    "8bit-name": "From: ida@customer.test\nX-Größe: 3\nSubject: lamp\n\nwords".encode(),
    "vertical": b"From: ida@customer.test\nSubject: \x0blamp\x0c\n\nwords",
}  # fmt: skip


def _lines() -> Iterator[Case]:
    for name, raw in _LINES.items():
        yield Case(f"lines-{name}", raw, _IDA, ("header", "lines"))
