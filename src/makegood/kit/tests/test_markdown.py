"""What was typed is what is read: nothing swallowed, nothing run, nothing fetched."""

import re
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from makegood.kit.markdown import MAX_CHARACTERS, escaped, plain, written
from makegood.kit.written_html import for_mail, for_page, mail_page


class Seen(HTMLParser):
    """The tags, the attributes and the visible words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in ("br", "p", "li", "pre", "h3", "h4", "h5", "h6", "blockquote"):
            self.words += "\n"

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize(
    ("typed", "html", "text"),
    [
        (
            "Hello **Ida**,\nit is *late*",
            "<p>Hello <strong>Ida</strong>,<br>it is <em>late</em></p>",
            "Hello Ida,\nit is late",
        ),
        (
            "- one\n- two\nBest",
            "<ul><li>one</li><li>two</li></ul><p>Best</p>",
            "- one\n- two\n\nBest",
        ),
        ("> yours\nmine", "<blockquote><p>yours</p></blockquote><p>mine</p>", "> yours\n\nmine"),
        ("`a*b*`", "<p><code>a*b*</code></p>", "a*b*"),
        ("# Returns", "<h3>Returns</h3>", "Returns"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("1. a\n5. b", '<ol><li>a</li><li value="5">b</li></ol>', "1. a\n5. b"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>", "    <b>"),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>", "a\n\n* * *\n\nb"),
        (
            "1. a\n   - b\n2. c",
            "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
            "1. a\n   - b\n2. c",
        ),
    ],
)
def test_formatting_is_understood(typed, html, text):
    assert written(typed).html == html
    assert written(typed).text == text


@pytest.mark.parametrize(
    "typed",
    [
        "5*3*2 = 30",
        "lamp_shade_large",
        "24. December it leaves",
        "1. December it leaves",
        "Best\n-- \nNora",
        "Price\n-----",
        "&amp; and &copy;",
        "<b>bold?</b> <script>alert(1)</script>",
        "[here](javascript:alert(1))",
        "** not ** strong",
        "    indented by four",
        "#4711 left",
        "2 * 3 * 4",
    ],
)
def test_what_only_looks_like_formatting_stays_as_it_was_typed(typed):
    seen = Seen(written(typed).html)
    assert set(seen.tags) <= {"p", "br"}
    assert seen.words.split() == typed.split()
    assert written(typed).text.split() == typed.split()


def test_a_link_is_written_out_in_plain_text():
    assert plain("[Your parcel](https://post.example/1)") == "Your parcel (https://post.example/1)"
    assert plain("[post.example](https://post.example/)") == "post.example"
    assert plain("See https://post.example/a_b_c.") == "See https://post.example/a_b_c."
    assert plain("[shop](www.shop.example)") == "shop (https://www.shop.example)"


def test_a_bare_address_is_a_link_up_to_its_full_stop():
    html = written("See https://post.example/a_b*c*?x=1&y=2.").html
    assert 'href="https://post.example/a_b*c*?x=1&amp;y=2"' in html
    assert html.endswith("</a>.</p>")


def test_a_picture_of_ours_waits_for_its_place_and_one_from_elsewhere_is_a_link():
    found = written("![The *lamp*](cid:abc) ![x](https://evil.example/x.png)")
    assert found.pictures == ("abc",)
    assert "evil.example/x.png" in found.html
    assert Seen(found.html).tags.count("img") == 1
    assert ("img", "alt", "The lamp") in [
        (tag, name, " ".join(value.split())) for tag, name, value in Seen(found.html).attributes
    ]


def test_a_part_that_runs_the_other_way_says_so():
    found = written("שלום **עולם**\n\nOrder 17")
    assert found.direction == "rtl"
    assert '<p dir="ltr">Order 17</p>' in found.html
    assert 'dir="' not in written("All the same way").html


def test_what_is_far_too_long_or_too_deep_is_shown_as_it_is():
    assert written("*" * (MAX_CHARACTERS + 1)).text == "*" * (MAX_CHARACTERS + 1)
    assert "**" in written("[" * 1_001 + " **word**").text
    deep = "> " * 60 + "word"
    assert "word" in written(deep).html
    assert "word" in written(deep).text


@pytest.mark.parametrize("value", ["*Ida*", "[a](http://x.example)", "`x`", "# Berg", "a\\*b"])
def test_a_value_is_shown_as_it_is_whatever_it_looks_like(value):
    assert plain(escaped(value)) == value


def test_a_value_that_is_harmless_is_left_alone():
    for value in ("Ida Berg", "ida_berg@example.com", "O’Neil & Co <x>", "https://x.example/a_b"):
        assert escaped(value) == value


_PIECES = st.sampled_from(
    [
        *("*", "**", "_", "__", "`", "```", "~~~", "> ", "- ", "+ ", "1. ", "2) ", "24. ", "# "),
        *(
            "\n",
            "\n\n",
            "    ",
            "  \n",
            "\\",
            "![",
            "[",
            "](",
            ")",
            "](cid:p1)",
            "](https://x.example)",
        ),
        *(
            "<b>",
            "</b>",
            "<script>",
            "<img src=x onerror=alert(1)>",
            "&lt;",
            "&#x41;",
            "---",
            "===",
        ),
        *("https://x.example/?a=1&b=2", "http://", "javascript:alert(1)", "data:text/html,x", "\t"),
        *("שלום", "مرحبا", "\u202e", "日本語", "word", "Ida", "17", '"', "'", ' "t" ', "|", ":--:"),
        *("<https://x.example/>", "<ida@example.com>", "-- \n", "From ", ".\n", "\x00", "\u2028"),
    ]
)
TYPED = st.lists(_PIECES | st.text(max_size=8), max_size=25).map("".join)


def _words(text):
    return re.findall(r"[^\W_]+", text)


@given(TYPED)
@example("> > " * 30 + "word")
@example("- " * 40 + "word")
@example("[" * 200 + "word")
@example("```word\nmore")
@example("[a](https://x.example 'title')")
@example('![alt](https://x.example "title")')
def test_every_word_that_was_typed_can_be_read_and_nothing_of_it_runs(typed):
    found = written(typed)
    seen = Seen(found.html)
    assert set(seen.tags) <= {
        *("a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "img"),
        *("li", "ol", "p", "pre", "strong", "ul"),
    }
    for tag, name, value in seen.attributes:
        assert name in {"href", "rel", "target", "dir", "alt", "data-cid", "value", "start"}, tag
        if name == "href":
            assert value.lower().startswith(("http://", "https://", "mailto:", "tel:"))
    # The name of a picture is no word of the letter.
    meant = re.sub(r"cid:\w+", " ", typed)
    missing = [word for word in _words(meant) if word not in found.text]
    assert not missing, found.text


@given(TYPED)
def test_a_page_and_a_mail_load_nothing_from_elsewhere(typed):
    html = written(typed).html
    page = Seen(str(for_page(html, lambda name: f"/attachments/{len(name)}/")))
    mail = Seen(
        mail_page(
            for_mail(html, lambda name: f"cid:{name}@x.example", ""), language="de", direction=""
        )
    )
    for seen, begins in ((page, "/attachments/"), (mail, "cid:")):
        sources = [value for _tag, name, value in seen.attributes if name == "src"]
        assert all(source.startswith(begins) for source in sources)
        assert not any(name.startswith("on") for _tag, name, _value in seen.attributes)
        assert not any("url(" in value for _tag, name, value in seen.attributes if name == "style")
        assert "script" not in seen.tags


def test_a_picture_that_is_not_there_is_told_by_its_words():
    html = written("![The lamp](cid:gone)").html
    assert "[The lamp]" in for_page(html, lambda _name: "")


def test_a_mail_takes_its_looks_from_us_alone_and_no_colour():
    html = for_mail(written("> quote\n\n- item").html, lambda _name: "", "rtl")
    assert "border-right" in html
    assert "color:" not in html.replace("color-scheme", "")


@pytest.mark.parametrize("line", ["- a", "1. a"])
def test_a_long_list_takes_as_many_steps_as_it_is_long(line: str) -> None:
    def steps(lines: int) -> int:
        count = 0

        def look(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(look)
        try:
            written(f"{line}\n" * lines)
        finally:
            sys.setprofile(None)
        return count

    # Eight times as long; where each line looks at all the others, it is some sixty times as much.
    assert steps(1_600) < 12 * steps(200)
