"""A letter of ours leaves as it was written: formatted, in plain words, and kept as typed."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.email.composing import compose
from makegood.channels.email.reading import read
from makegood.channels.interface import Address, Incoming, Outgoing
from makegood.channels.models import Delivery
from makegood.channels.outgoing import from_json
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.writing import letter
from makegood.files import storage
from makegood.kit.tests.test_markdown import TYPED
from makegood.team.models import Agent

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


def said(lamp: Conversation, text: str, by: Agent) -> Message:
    return reply_to(lamp, Reply(text=text), by=by)


def sent() -> Incoming:
    """What the customer's program reads of the mail that is waiting."""
    outgoing = from_json(Delivery.objects.get().outgoing)
    return read(compose(outgoing, storage.load), {})


def test_an_answer_is_kept_as_typed_and_leaves_formatted(lamp: Conversation, nora: Agent) -> None:
    message = said(lamp, "It is **on its way**:\n\n- [Trace it](https://lantern-loom.shop/1)", nora)
    assert message.text.startswith("It is **on its way**")
    assert "<strong>on its way</strong>" in message.html
    mail = sent()
    assert mail.text == "It is on its way:\n\n- Trace it (https://lantern-loom.shop/1)"
    assert '<a href="https://lantern-loom.shop/1"' in mail.html
    lamp.refresh_from_db()
    assert lamp.preview.startswith("It is on its way:")


def test_a_letter_says_its_language_and_which_way_it_runs(lamp: Conversation, nora: Agent) -> None:
    lamp.customer.language = "he"
    lamp.customer.save()
    said(lamp, "שלום עידה", nora)
    html = Delivery.objects.get().outgoing["html"]
    assert '<html lang="he" dir="rtl">' in html
    assert '<meta name="color-scheme" content="light dark">' in html


def test_a_picture_stands_where_it_was_put(lamp: Conversation, nora: Agent) -> None:
    draft = save_draft(lamp, "", purpose="reply", by=nora)
    first = attach_to_draft(draft, name="a.png", content_type="image/png", content=PNG, placed=True)
    other = attach_to_draft(draft, name="b.png", content_type="image/png", content=PNG + b"\0")
    text = f"Look:\n\n![The lamp](cid:{first.cid})\n\nYours"
    message = reply_to(lamp, Reply(text=text, attachments=[first, other]), by=nora)
    assert {one.name for one in message.attachments.all()} == {"a.png", "b.png"}
    outgoing = from_json(Delivery.objects.get().outgoing)
    assert f'src="cid:{first.cid}@lantern.example" alt="The lamp"' in outgoing.html
    parts = {part.name: part for part in sent().parts}
    assert parts["a.png"].cid == f"{first.cid}@lantern.example"
    assert not parts["b.png"].cid
    assert "[The lamp]" in outgoing.text


def test_a_picture_of_another_letter_is_no_picture_of_this(lamp: Conversation, nora: Agent) -> None:
    said(lamp, "![The lamp](cid:somebodyelses)", nora)
    outgoing = Delivery.objects.get().outgoing
    assert "cid:" not in outgoing["html"]
    assert "[The lamp]" in outgoing["html"]


HOSTILE = st.sampled_from(
    [
        "-- \nNora", "On Monday Ida wrote:\n> why?", "From: Ida\nSent: today", "From here on", ".",
        "<script>alert(1)</script>", "<div class=gmail_quote>x</div>", "=3D=\n", "_____\nFrom: x",
        "\u202etxt.exe", "a\u00a0b", "👩‍👩‍👧 👍🏽", "שלום **עולם**", "![x](https://evil.example/x.png)",
        "[post](https://post.example/?a=1&b=%22)", "> quoted\nmine", "```\n<b>\n```", "x" * 1200,
        "# Returns\n1. Pack it\n2. Send it", "*Ida* _and_ **Karim**", "begin 644 a.txt",
    ]
)  # fmt: skip


@given(st.lists(HOSTILE, min_size=1, max_size=5).map("\n\n".join) | TYPED)
def test_what_was_written_is_what_is_read(text: str) -> None:
    leaves = letter(text, signature="Nora\n**Lantern & Loom**", language="en")
    outgoing = Outgoing(
        key="<m.abcdefghijklmnopqrstuvwxyz@lantern.example>",
        to=[Address(address="ida@customer.example")],
        sender=Address(address="hello@lantern.example"),
        subject="Your lamp",
        text=leaves.text,
        html=leaves.html,
    )
    mail: Any = read(compose(outgoing, storage.load), {})
    assert sorted(_letters(mail.text + mail.quoted)) == sorted(_letters(leaves.text))
    assert "<script" not in mail.html.lower()


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
