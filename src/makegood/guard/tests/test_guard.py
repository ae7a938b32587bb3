"""What must not leave is refused, what is odd is asked, and all else leaves without a word."""

import tomllib
from pathlib import Path

import pytest

from makegood.guard.checking import check, refusals_in
from makegood.guard.languages import language_of
from makegood.guard.people import is_one_letter_off
from makegood.guard.sheet import Sheet

HOUSE = "https://desk.lantern.net"


def found(text: str, **more: object) -> list[tuple[str, str, str]]:
    sheet = Sheet(text=text, house=HOUSE, **more)  # type: ignore[arg-type]
    return [(one.check, one.severity.value, one.excerpt) for one in check(sheet)]


@pytest.mark.parametrize(
    "words",
    [
        "{name}", "{first_name}", "{customer.name}", "{{ name }}", "{{name|default}}", "{% if x %}",
        "${name}", "%(name)s", "*|FNAME|*", "<<NAME>>", "<<first name>>", "<Name>", "[NAME]",
        "[Your Name]", "[order number]", "[insert name here]", "{Kundenname}", "[Bestellnummer]",
        "##NAME##", "Lorem ipsum", "[Vorname]", "[customer name]", "<<ORDER_ID>>",
    ],
)  # fmt: skip
def test_a_blank_that_nobody_filled_in_is_refused(words: str) -> None:
    said = found(f"Thank you, {words}, it leaves on Friday.")
    assert [one[:2] for one in said] == [("placeholder", "refuse")]


@pytest.mark.parametrize(
    "words", ["[SALE]", "{Lantern}", "XXX", "%s", "TODO:", "%RABATT%", "[TODO]"]
)
def test_what_may_be_meant_is_asked(words: str) -> None:
    assert found(f"Take the lamp {words} and go.") == [("placeholder", "question", words)]


def test_code_between_backticks_is_asked_and_not_refused() -> None:
    assert found("Put `{{ name }}` there.") == [("placeholder", "question", "{{ name }}")]


def test_words_of_the_customers_own_are_no_fault() -> None:
    theirs = "Your mail said {name} and https://example.com/x, and where is [ORDER]?"
    assert found("Sorry for {name}, https://example.com/x and [ORDER].", theirs=theirs) == []


def test_what_is_quoted_is_not_looked_at() -> None:
    assert found("Yes.\n> Dear {name}, see https://example.com\n> I have attached it") == []


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ("Dear ,", "question"), ("Dear,", "question"), ("Hi ,", "question"),
        ("Sehr geehrte Frau ,", "question"), ("Dear null,", "refuse"), ("Hi undefined!", "refuse"),
        ("Estimado ,", "question"), ("Cher ,", "question"), ("Kære ,", "question"),
    ],
)  # fmt: skip
def test_a_greeting_of_nobody_is_noticed(words: str, severity: str) -> None:
    [one] = found(f"{words}\n\nYour lamp leaves on Friday.")
    assert one[:2] == ("salutation", severity)


@pytest.mark.parametrize(
    "words", ["Hello,", "Hi Ida,", "Bonjour ,", "Guten Tag,", "Hola,", "Dear Ida,"]
)
def test_a_greeting_is_a_greeting(words: str) -> None:
    assert found(f"{words}\n\nYour lamp leaves on Friday.") == []


@pytest.mark.parametrize(
    ("link", "severity"),
    [
        ("https://desk.lantern.net/conversations/12/", "refuse"),
        ("https://desk.lantern.net/office/inboxes/", "refuse"),
        ("https://example.com/track", "refuse"), ("https://www.example.org", "refuse"),
        ("http://localhost:8000/", "refuse"), ("http://127.0.0.1/x", "refuse"),
        ("http://[::1]/x", "refuse"), ("http://intranet/prices", "refuse"),
        ("http://wiki.corp/x", "refuse"), ("https://yourdomain.com/x", "refuse"),
        ("file:///C:/x.pdf", "refuse"), (r"\\server\share\x.pdf", "refuse"),
        ("https://lantern.test/x", "refuse"), ("http://192.168.1.1/", "question"),
        ("https://staging.lantern.net/x", "question"), ("http://printer.local/", "question"),
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere_is_noticed(link: str, severity: str) -> None:
    said = found(f"See {link} for more.")
    assert [one[:2] for one in said if one[0] == "link"] == [("link", severity)]


@pytest.mark.parametrize(
    "link",
    [
        "https://desk.lantern.net/c/abcdefghijklmnopqrstuvwxyz/", "https://www.test.de/lampen",
        "https://www.dhl.de/track?id=1", "https://dev.to/x", "https://shop.lantern.net:443/a",
        "http://93.184.216.34/", "https://testlab.co.uk", "https://localhost.run.shop.com",
    ],
)  # fmt: skip
def test_a_link_that_leads_somewhere_passes(link: str) -> None:
    assert found(f"See {link}.") == []


@pytest.mark.parametrize(
    "words",
    [
        "I have attached the invoice.", "Please find attached your label.",
        "Die Rechnung finden Sie im Anhang.", "Anbei das Etikett.",
        "Vous trouverez ci-joint la facture.", "Le adjunto la factura.", "In allegato la fattura.",
        "Segue em anexo a fatura.", "In de bijlage vindt u de factuur.",
        "Fakturę przesyłam w załączniku.",
        "Fakturu posílám v příloze.", "Счёт во вложении.", "Jag bifogar fakturan.",
        "Jeg vedhæfter fakturaen.", "Fakturaen er vedlagt.", "Lasku on liitteenä.",
        "Faturayı ekte bulabilirsiniz.", "Σας επισυνάπτω το τιμολόγιο.", "מצורפת החשבונית.",
        "تجدون الفاتورة في المرفق", "发票见附件。", "請求書を添付いたします。",
        "송장을 첨부합니다.",
    ],
)  # fmt: skip
def test_a_file_that_is_spoken_of_and_missing_is_asked_in_21_languages(words: str) -> None:
    assert [one[:2] for one in found(words)] == [("file", "question")]
    assert found(words, files=["invoice.pdf"]) == []


@pytest.mark.parametrize(
    "words",
    [
        "Thank you for the photo you attached.", "Could you attach a photo of the shade?",
        "The cable is attached to the base with two screws.", "I could not open your attachment.",
        "The invoice was attached to my last mail.", "Das Foto in Ihrem Anhang ist leider dunkel.",
        "Können Sie bitte ein Foto anhängen?", "Die Schrauben sind im Paket beigefügt.",
        "Pouvez-vous joindre une photo ?", "写真を添付していただけますか。", "请附上照片。",
        "사진을 첨부해 주세요.", "No attachment is needed.",
    ],
)  # fmt: skip
def test_a_file_of_theirs_or_of_another_time_is_not_missed(words: str) -> None:
    assert found(words) == []


SPOKEN = tomllib.loads((Path(__file__).parent / "spoken.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", SPOKEN)
def test_a_language_is_known_by_its_small_words_or_its_letters(language: str) -> None:
    assert language_of(SPOKEN[language]) == language


@pytest.mark.parametrize(
    "text", ["Ok, danke!", "LL-104 brass lamp", "", "Merci, ok, bye bye", "🙂"]
)
def test_of_too_little_nothing_is_said(text: str) -> None:
    assert language_of(text) == ""


def test_another_language_than_theirs_is_asked() -> None:
    [one] = check(Sheet(text=SPOKEN["de"], theirs=SPOKEN["en"]))
    assert one.reason == "The customer wrote in English, and this is in German."
    assert check(Sheet(text=SPOKEN["de"], theirs=SPOKEN["de"])) == []
    assert (
        check(
            Sheet(
                text=SPOKEN["sv"], theirs="Hei, hvor er lampen min? Jeg har ikke hørt noe fra dere."
            )
        )
        == []
    )


def test_who_takes_no_part_is_asked_about() -> None:
    more = {"recipients": ["ida@gmial.com"], "taking_part": ["ida@gmail.com"]}
    [one] = check(Sheet(text="x", **more))  # type: ignore[arg-type]
    assert one.reason == "This address is one letter away from gmail.com:"
    [other] = check(Sheet(text="x", recipients=["bo@x.net"], taking_part=["ida@gmail.com"]))
    assert other.reason == "This address takes no part in the conversation:"
    assert check(Sheet(text="x", recipients=["ida@gmail.com"], taking_part=["Ida@gmail.com"])) == []


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("gmail.com", "gmial.com", True), ("gmail.com", "gmai.com", True),
        ("gmail.com", "gmaill.com", True), ("gmail.com", "gnail.com", True),
        ("gmail.com", "gmail.co", True), ("gmail.com", "gmx.com", False),
        ("a.de", "b.de", False), ("gmail.com", "gmail.com", False), ("web.de", "wbe.de", True),
    ],
)  # fmt: skip
def test_one_letter_off_is_one_letter_off(one: str, other: str, is_near: bool) -> None:
    assert is_one_letter_off(one, other) is is_near
    assert is_one_letter_off(other, one) is is_near


def test_a_machine_asks_nobody_and_is_only_refused() -> None:
    assert [one.excerpt for one in refusals_in(Sheet(text="{{ x }} and [SALE]"))] == ["{{ x }}"]


def test_a_finding_is_accepted_for_these_words_alone() -> None:
    [one], [other] = check(Sheet(text="Take [SALE]")), check(Sheet(text="Take [SAIL]"))
    assert one.key != other.key
    assert one.key == check(Sheet(text="Do take [SALE] now"))[0].key


def test_hostile_text_is_looked_over_in_no_time() -> None:
    for text in (
        "{" * 100_000,
        "[A " * 50_000,
        "https://" * 20_000,
        "anbei " * 30_000,
        "a@" * 60_000,
    ):
        assert len(check(Sheet(text=text, theirs=text[:4_000]))) <= 8
